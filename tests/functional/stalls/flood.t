#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A million events a minute, on the test kernel with the series, where guest time
# counts instructions: the rate is the same on every machine.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
plain_images 1 1024
fec_images 1 256
run_guest stalls/flood --icount --cpus 1 --mem 1024 --boot-timeout 400 --append slab_nomerge
