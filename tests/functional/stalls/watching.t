#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The figures of a watch's collector, on the test kernel.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
plain_images 1 256
fec_images 1 256
run_guest stalls/watching --mem 1024
