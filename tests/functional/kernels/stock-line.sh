# SPDX-License-Identifier: GPL-2.0-only
# The report on an unmodified Debian kernel of another line: the same tests as on 6.12.
# Sourced by the tests of each kernel.
# shellcheck shell=bash
# shellcheck source=tests/vm/host.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../vm/host.sh"

# stock_line LINE
stock_line() {
	MEMTOP_LINE=$1 debian_kernel
	plain_images 59 256
	fec_images 1 256
	# 6.1 has only the second name of the option
	run_guest report/report --mem 2048 \
		--append "slab_debug=F,biovec-max slub_debug=F,biovec-max" --env SOURCE=stock
}
