#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tool's output about waiting tasks and the tasks that they wait for, on the test
# kernel with the series in its tree, where allocations are made to fail. With
# RECORDINGS=DIR the recordings are left there.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel)
plain=$(tests/vm/make-images 1 1024)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 1024 ${RECORDINGS:+--out "$RECORDINGS"} \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/stalls/waiters.guest
