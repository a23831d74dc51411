#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on the distribution's kernel with the patched modules.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
plain=$(tests/vm/make-images 59 256)
fec=$(tests/vm/make-images --fec 1 256)
# exact counts of biovec arrays, and poison where the series put its groups
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 2048 \
	--append "slab_debug=F,biovec-max;FZPU,kmalloc-512,kmalloc-1k" \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/report/report.guest
