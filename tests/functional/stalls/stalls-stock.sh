# SPDX-License-Identifier: GPL-2.0-only
# A stall on an unmodified Debian kernel. Sourced by the tests of each kernel.
# shellcheck shell=bash
set -euo pipefail

# stalls_stock LINE
stalls_stock() {
	local kernel plain
	cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
	kernel=$(MEMTOP_LINE=$1 kernel/fetch-kernel)
	plain=$(tests/vm/make-images 1 1024)
	# DAMON allocates memory all the time, and would get none
	exec tests/vm/run --kernel "$kernel" --mem 640 --append damon_stat.enabled=0 --allow-splat 'Out of memory: Killed process' \
		--env SOURCE=stock --env "PLAIN_IMAGES=$plain" -- bash tests/functional/stalls/stalls-stock.guest
}
