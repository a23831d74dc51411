# SPDX-License-Identifier: GPL-2.0-only
# Verity devices with the modules of a series of kernel/fix, on the distribution's
# kernel. Sourced by the tests of each kernel.
# shellcheck shell=bash
set -euo pipefail

# fixed_line LINE [SERIES]
fixed_line() {
	local kernel modules plain fec
	cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
	export MEMTOP_LINE=$1
	kernel=$(kernel/fetch-kernel)
	modules=$(kernel/build-modules --series "kernel/fix/${2-$1}")
	plain=$(tests/vm/make-images 59 256)
	fec=$(tests/vm/make-images --fec 1 256)
	# 6.1 knows only the second name of the option
	exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 2048 \
		--append "slab_debug=F slub_debug=F slab_nomerge" --env "SOURCE=${SOURCE-stock}" \
		--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
		-- bash tests/functional/series/fixed.guest
}
