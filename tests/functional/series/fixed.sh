# SPDX-License-Identifier: GPL-2.0-only
# Verity devices with the modules of a series of kernel/fix, on the distribution's
# kernel. Sourced by the tests of each kernel.
# shellcheck shell=bash
# shellcheck source=tests/vm/host.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../vm/host.sh"

# fixed_line LINE [SERIES]
fixed_line() {
	export MEMTOP_LINE=$1
	debian_kernel
	patched_modules --series "kernel/fix/${2-$1}"
	plain_images 59 256
	fec_images 1 256
	# 6.1 has only the second name of the option
	run_guest series/fixed --mem 2048 --append "slab_debug=F slub_debug=F slab_nomerge" \
		--env "SOURCE=${SOURCE-stock}"
}
