#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The bench on the test kernel: its figures, and that nothing is left behind, however it
# ends.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
run_guest bench/bench --mem 512 --timeout 1500
