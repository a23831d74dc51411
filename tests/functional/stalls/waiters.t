#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tool's output about waiting tasks and the tasks that they wait for, on the test
# kernel with the series in its tree, where allocations are made to fail. With
# RECORDINGS=DIR the recordings are left there.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
plain_images 1 1024
fec_images 1 256
run_guest stalls/waiters --mem 1024 ${RECORDINGS:+--out "$RECORDINGS"}
