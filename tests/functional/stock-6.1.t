#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on Debian 12's own 6.1 kernel, as it is: the same tests as on 6.12.
set -euo pipefail
cd "$(dirname "$0")/../.."

kernel=$(MEMTOP_LINE=6.1 kernel/fetch-kernel)
plain=$(tests/vm/make-images 59 256)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 2048 --append "slab_debug=F,biovec-max slub_debug=F,biovec-max" \
	--env SOURCE=stock --env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/report.guest
