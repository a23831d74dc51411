#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The bench on the test kernel: what it measures, and that nothing is left of
# it, whichever way it ends.
set -euo pipefail
cd "$(dirname "$0")/../.."

kernel=$(kernel/build-kernel)
exec tests/vm/run --kernel "$kernel" --mem 512 --timeout 1500 -- bash tests/functional/bench.guest
