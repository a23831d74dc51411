# SPDX-License-Identifier: GPL-2.0-only
# A stall on an unmodified Debian kernel. Sourced by the tests of each kernel.
# shellcheck shell=bash
# shellcheck source=tests/vm/host.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../vm/host.sh"

# stalls_stock LINE
stalls_stock() {
	MEMTOP_LINE=$1 debian_kernel
	plain_images 1 1024
	# DAMON allocates memory all the time, and would get none
	run_guest stalls/stalls-stock --mem 640 --append damon_stat.enabled=0 \
		--allow-splat 'Out of memory: Killed process' --env SOURCE=stock
}
