#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on the distribution's unmodified kernel, without the series: the same tests
# as with it.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
plain=$(tests/vm/make-images 59 256)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 2048 --append "slab_debug=F,biovec-max" \
	--env SOURCE=stock --env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/report/report.guest
