#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The units, started by systemd as PID 1: sockets, timers, watchdogs, restarts,
# remaining privileges, and the journal. On the test kernel.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel)
plain=$(tests/vm/make-images 1 1024)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --init systemd --boot-timeout 300 --timeout 900 \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/running/systemd.guest
