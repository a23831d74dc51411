#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The static binary in a root file system like Android's, on an arm64 kernel.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

export MEMTOP_ARCH=arm64
MEMTOP_LINE=6.12 debian_kernel
plain_images 2 256
fec_images 1 256
run_guest report/android --mem 1024 --guest-root "$(kernel/fetch-arm64)" \
	--append slab_debug=F,biovec-max --env SOURCE=stock \
	--env MEMTOP=.output/arm64/verity-memtop-static
