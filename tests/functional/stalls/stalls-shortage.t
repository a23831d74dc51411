#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Memory that really runs out, in a small machine, under a stack of two devices.
# MEM=MIB sets its memory, LEFT=KIB the part that is left free: a debug kernel needs
# more of both. The processes that take all memory are killed, so the kernel's line
# about that is allowed.
# FIXED=1 runs it on a kernel that has kernel/fix as well.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel ${FIXED:+--series kernel/fix/6.12-events}
plain_images 1 16384
fec_images 1 256
run_guest stalls/stalls-shortage --mem "${MEM:-256}" --allow-splat 'Out of memory: Killed process' \
	--env "LEFT=${LEFT:-32768}" --env "FIXED=${FIXED-}"
