# SPDX-License-Identifier: GPL-2.0-only
# Counted waits on an unmodified Debian kernel. Sourced by the tests of each kernel.
# shellcheck shell=bash
# shellcheck source=tests/vm/host.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../vm/host.sh"

# counted LINE [OPTION...]
counted() {
	MEMTOP_LINE=$1 debian_kernel
	shift
	plain_images 1 256
	run_guest stalls/counted --mem 512 --env SOURCE=stock "$@"
}
