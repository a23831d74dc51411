#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Events and failing loads, on the test kernel with the series in its tree.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
plain_images 59 256
fec_images 1 256
run_guest series/events --mem 1024
