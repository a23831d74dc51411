#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Taking, waiting for and returning reserves, with allocations made to fail, on the test
# kernel with the series in its tree.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel)
plain=$(tests/vm/make-images 1 1024)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 1024 \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/series/uses.guest
