# SPDX-License-Identifier: GPL-2.0-only
# The reserves of each target type, on an unmodified Debian kernel. Sourced by
# targets*.t and by tests/vm/targets.
# shellcheck shell=bash
# shellcheck source=tests/vm/host.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../vm/host.sh"

# targets_on LINE [DIRECTORY]: leaves the table of the page in DIRECTORY
targets_on() {
	MEMTOP_LINE=$1 debian_kernel
	[ -z "${2-}" ] || VM+=(--out "$2")
	# 6.1 has only the second name of the option
	run_guest report/targets --mem 1536 --timeout 1800 \
		--append "slab_nomerge slab_debug=F slub_debug=F" \
		--env SOURCE=stock
}
