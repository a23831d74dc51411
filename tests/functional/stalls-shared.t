#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Deadlocks of stacked devices that share reserves, on the test kernel with the
# experiments that let them.
set -euo pipefail
cd "$(dirname "$0")/../.."

kernel=$(kernel/build-kernel --series kernel/experiments/6.12)
plain=$(tests/vm/make-images 2 1024)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 1024 --append slab_nomerge \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/stalls-shared.guest
