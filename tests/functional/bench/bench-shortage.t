#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A shortage of memory for a bench, on the distribution's kernel, which keeps more
# memory free where it uses huge pages.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/fetch-kernel)
exec tests/vm/run --kernel "$kernel" --mem 1024 --append "transparent_hugepage=always" \
	-- bash tests/functional/bench/bench-shortage.guest
