#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The units, started by systemd as PID 1: sockets, timers, watchdogs, restarts,
# remaining privileges, and the journal. On the test kernel.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel
plain_images 1 1024
fec_images 1 256
run_guest running/systemd --init systemd --boot-timeout 300 --timeout 900
