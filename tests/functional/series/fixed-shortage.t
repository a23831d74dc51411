#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Rechecks and corrections while memory really runs out, on a kernel with kernel/fix;
# STOCK=1 runs it without. IOS=N is the parameter for the devices.
# MEM=MIB and LEFT=KIB are as for stalls-shortage.t.
# The processes that take all memory are killed, so the kernel's line about that is allowed.
set -euo pipefail
cd "$(dirname "$0")/../../.."

series=kernel/fix/6.12-events
[ -z "${STOCK-}" ] || series=kernel/patches/6.12
kernel=$(kernel/build-kernel --series $series)
plain=$(tests/vm/make-images 1 256)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem "${MEM:-384}" --allow-splat 'Out of memory: Killed process' \
	--env "LEFT=${LEFT:-98304}" --env "IOS=${IOS:-16}" --env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/series/fixed-shortage.guest
