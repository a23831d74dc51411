#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# dm's modules are unloaded and loaded again while the tool runs, or have no BTF, on the
# distribution's unmodified kernel.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
plain=$(tests/vm/make-images 1 256)
exec tests/vm/run --kernel "$kernel" --mem 1024 \
	--env SOURCE=stock --env "PLAIN_IMAGES=$plain" \
	-- bash tests/functional/series/modules.guest
