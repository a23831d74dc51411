#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What each set of privileges permits and what doctor reports about it, with the patched
# modules.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
plain=$(tests/vm/make-images 1 256)
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 1024 \
	--env SOURCE=tracepoints --env "PLAIN_IMAGES=$plain" \
	-- bash tests/functional/running/rights.guest
