#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The live view of a machine, on the test kernel with the experiments that let stacked
# devices share reserves, so that it can show a deadlock.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel --series kernel/experiments/6.12
plain_images 2 1024
fec_images 1 256
run_guest report/top --mem 1024 --append slab_nomerge --serial-line
