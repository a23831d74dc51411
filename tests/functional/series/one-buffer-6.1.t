#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# dm-bufio's reserve on Debian 12's own 6.1 kernel with patched modules: its dm-bufio
# differs from that of 6.12, whose waits uses.t tests.
set -euo pipefail
cd "$(dirname "$0")/../../.."

export MEMTOP_LINE=6.1
kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
images=$(tests/vm/make-images 1 2048)
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 1024 \
	--env "PLAIN_IMAGES=$images" -- bash tests/functional/series/one-buffer.guest
