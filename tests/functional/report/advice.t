#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The lines that advise prints for stale tables have the stated effect, for each kind of
# target that it prints one for. With the patched modules; the other dm modules are the
# distribution's.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
plain=$(tests/vm/make-images 1 256)
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 1024 \
	--env "PLAIN_IMAGES=$plain" -- bash tests/functional/report/advice.guest
