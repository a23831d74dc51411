#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Both sources where dm is built into the kernel, on that flavour of the test kernel:
# its types are among the kernel's own types, and no module is loaded or unloaded.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel --flavour builtin)
plain=$(tests/vm/make-images 2 256)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 1024 \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/kernels/builtin.guest
