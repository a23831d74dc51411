#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A long-running command without privileges sees all devices that are created later,
# also after device-mapper's modules were replaced; on Debian's unmodified kernel. make
# test-all has MANY=2000 devices.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
plain=$(tests/vm/make-images 1 256)
exec tests/vm/run --kernel "$kernel" --mem 2048 --timeout "${RELOAD_TIMEOUT:-900}" \
	--env SOURCE=stock --env "PLAIN_IMAGES=$plain" --env "MANY=${MANY:-300}" \
	-- bash tests/functional/running/reload.guest
