#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The static binary in a root file system like Android's, on an arm64 kernel.
set -euo pipefail
cd "$(dirname "$0")/../../.."

export MEMTOP_ARCH=arm64
kernel=$(MEMTOP_LINE=6.12 kernel/fetch-kernel)
plain=$(tests/vm/make-images 2 256)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 1024 --guest-root "$(kernel/fetch-arm64)" \
	--append slab_debug=F,biovec-max --env SOURCE=stock --env MEMTOP=.output/arm64/verity-memtop-static \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" -- bash tests/functional/report/android.guest
