#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Losses are counted, on the distribution's kernel with the patched modules.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
images=$(tests/vm/make-images 59 256)
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 1024 \
	--env "PLAIN_IMAGES=$images" -- bash tests/functional/running/losses.guest
