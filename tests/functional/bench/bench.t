#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The bench on the test kernel: its figures, and that nothing is left behind, however it
# ends.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel)
exec tests/vm/run --kernel "$kernel" --mem 512 --timeout 1500 -- bash tests/functional/bench/bench.guest
