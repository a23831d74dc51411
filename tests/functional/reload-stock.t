#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What runs for long without privileges sees all devices that come later, and
# device-mapper's modules replaced; on Debian's kernel as it is. make test-all has
# MANY=2000 devices.
set -euo pipefail
cd "$(dirname "$0")/../.."

kernel=$(kernel/fetch-kernel)
plain=$(tests/vm/make-images 1 256)
exec tests/vm/run --kernel "$kernel" --mem 2048 --timeout "${RELOAD_TIMEOUT:-900}" \
	--env SOURCE=stock --env "PLAIN_IMAGES=$plain" --env "MANY=${MANY:-300}" \
	-- bash tests/functional/reload.guest
