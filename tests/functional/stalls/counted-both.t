#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Waits that the series counts and that the tool counts without it, on the test kernel
# with the series in its tree, where allocations are made to fail.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
plain_images 1 1024
fec_images 1 256
run_guest stalls/counted-both --mem 1024
