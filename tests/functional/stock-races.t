#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What is read without a lock against what was ever there, on the distribution's
# kernel as it is. make test-all and make soak have more CYCLES.
set -euo pipefail
cd "$(dirname "$0")/../.."

cycles=${CYCLES:-500}
kernel=$(kernel/fetch-kernel)
images=$(tests/vm/make-images 59 256)
# preempted at any point, so that the walk is, too
exec tests/vm/run --kernel "$kernel" --mem 2048 --append "preempt=full" \
	--timeout $((300 + cycles / 2)) --env "CYCLES=$cycles" --env "PLAIN_IMAGES=$images" \
	-- bash tests/functional/stock-races.guest
