#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# No command waits for a device, with the patched modules: both sources.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
plain=$(tests/vm/make-images 1 256)
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 2048 \
	--env SOURCE=tracepoints --env "PLAIN_IMAGES=$plain" \
	-- bash tests/functional/stalls/stuck.guest
