#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A worker of dm-crypt that waits for a page, on Debian's unmodified kernel of the 6.12
# line.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(MEMTOP_LINE=6.12 kernel/fetch-kernel)
exec tests/vm/run --kernel "$kernel" --mem 768 --env SOURCE=stock -- bash tests/functional/stalls/stalls-crypt.guest
