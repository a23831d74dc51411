#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Samples read without a lock, compared with the states that existed, on the
# distribution's unmodified kernel. make test-all and make soak have more CYCLES.
set -euo pipefail
cd "$(dirname "$0")/../../.."

cycles=${CYCLES:-500}
kernel=$(kernel/fetch-kernel)
images=$(tests/vm/make-images 59 256)
# the kernel preempts at any point, so the walk is preempted as well
exec tests/vm/run --kernel "$kernel" --mem 2048 --append "preempt=full" \
	--timeout $((300 + cycles / 2)) --env "CYCLES=$cycles" --env "PLAIN_IMAGES=$images" \
	-- bash tests/functional/kernels/stock-races.guest
