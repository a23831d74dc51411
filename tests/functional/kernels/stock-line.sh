# SPDX-License-Identifier: GPL-2.0-only
# The report on an unmodified Debian kernel of another line: the same tests as on 6.12.
# Sourced by the tests of each kernel.
# shellcheck shell=bash
set -euo pipefail

# stock_line LINE [ARCHITECTURE [FLAVOUR]]
stock_line() {
	local kernel plain fec
	local -a options=()
	cd "$(dirname "${BASH_SOURCE[0]}")/../../.."
	if [ -n "${2-}" ]; then
		export MEMTOP_ARCH=$2
		options+=(--guest-root "$(kernel/fetch-arm64)" --env "MEMTOP=.output/$2/verity-memtop")
	fi
	kernel=$(MEMTOP_LINE=$1 kernel/fetch-kernel ${3:+--flavour "$3"})
	plain=$(tests/vm/make-images 59 256)
	fec=$(tests/vm/make-images --fec 1 256)
	# 6.1 knows only the second name of the option
	exec tests/vm/run --kernel "$kernel" --mem 2048 "${options[@]}" \
		--append "slab_debug=F,biovec-max slub_debug=F,biovec-max" \
		--env SOURCE=stock --env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
		-- bash tests/functional/report/report.guest
}
