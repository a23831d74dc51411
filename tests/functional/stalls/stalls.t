#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Waits that are not a deadlock, on the test kernel with the series.
# With RECORDINGS=DIR recordings are left there.
# FIXED=1 runs it on a kernel that has kernel/fix as well.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel ${FIXED:+--series kernel/fix/6.12-events})
plain=$(tests/vm/make-images 2 1024)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 1024 --append slab_nomerge ${RECORDINGS:+--out "$RECORDINGS"} \
	--env "FIXED=${FIXED-}" --env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/stalls/stalls.guest
