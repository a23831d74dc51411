#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A long-running command without privileges sees all devices that are created later,
# with the patched modules.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
plain=$(tests/vm/make-images 1 256)
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 2048 --timeout "${RELOAD_TIMEOUT:-900}" \
	--env SOURCE=tracepoints --env "PLAIN_IMAGES=$plain" --env "MANY=${MANY:-300}" \
	-- bash tests/functional/running/reload.guest
