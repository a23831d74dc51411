#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A million events a minute, on the test kernel with the series, where guest time
# counts instructions: the rate is the same on every machine.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel)
plain=$(tests/vm/make-images 1 1024)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --icount --cpus 1 --mem 1024 --boot-timeout 400 --append slab_nomerge \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/stalls/flood.guest
