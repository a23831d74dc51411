#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each reserve is exhausted, one after another, on the test kernel with the series.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel ${FIXED:+--series kernel/fix/6.12-events})
plain=$(tests/vm/make-images 2 1024)
fec=$(tests/vm/make-images --fec 1 2048)
exec tests/vm/run --kernel "$kernel" --cpus 1 --mem 1024 --append slab_nomerge \
	--env "FIXED=${FIXED-}" --env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/stalls/stalls-roles.guest
