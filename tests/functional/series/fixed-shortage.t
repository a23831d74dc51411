#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rechecks and corrections while memory really runs out, on a kernel with kernel/fix;
# STOCK=1 runs it without. IOS=N is the parameter for the devices.
# MEM=MIB and LEFT=KIB are as for stalls-shortage.t.
# The processes that take all memory are killed, so the kernel's line about that is allowed.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

series=kernel/fix/6.12-events
[ -z "${STOCK-}" ] || series=kernel/patches/6.12
test_kernel --series $series
plain_images 1 256
fec_images 1 256
run_guest series/fixed-shortage --mem "${MEM:-384}" --allow-splat 'Out of memory: Killed process' \
	--env "LEFT=${LEFT:-98304}" --env "IOS=${IOS:-16}"
