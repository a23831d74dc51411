#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Waits that are not a deadlock, on the test kernel with the series.
# With RECORDINGS=DIR recordings are left there.
# FIXED=1 runs it on a kernel that has kernel/fix as well.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel ${FIXED:+--series kernel/fix/6.12-events}
plain_images 2 1024
fec_images 1 256
run_guest stalls/stalls --mem 1024 --append slab_nomerge ${RECORDINGS:+--out "$RECORDINGS"} \
	--env "FIXED=${FIXED-}"
