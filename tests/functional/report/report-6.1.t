#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on Debian 12's own 6.1 kernel with the patched modules: the same
# tests as on 6.12.
set -euo pipefail
cd "$(dirname "$0")/../../.."

export MEMTOP_LINE=6.1
kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules)
plain=$(tests/vm/make-images 59 256)
fec=$(tests/vm/make-images --fec 1 256)
# as in report.t, by the parameter's name in 6.1
exec tests/vm/run --kernel "$kernel" --modules "$modules" --mem 2048 \
	--append "slub_debug=F,biovec-max;FZPU,kmalloc-512,kmalloc-1k" \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/report/report.guest
