#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Each reserve is exhausted, one after another, on the test kernel with the series.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel ${FIXED:+--series kernel/fix/6.12-events}
plain_images 2 1024
fec_images 1 2048
run_guest stalls/stalls-roles --cpus 1 --mem 1024 --append slab_nomerge --env "FIXED=${FIXED-}"
