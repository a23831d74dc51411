#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Taking, waiting for and returning reserves, with allocations made to fail, on the test
# kernel with the series in its tree.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
plain_images 1 1024
fec_images 1 256
run_guest series/uses --mem 1024
