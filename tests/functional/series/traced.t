#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tool's output about repairs and holders, on the distribution's kernel with the
# patched modules. With RECORDINGS=DIR a recording is left there.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
plain=$(tests/vm/make-images 59 256)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 1024 --timeout 240 \
	${RECORDINGS:+--out "$RECORDINGS"} \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/series/traced.guest
