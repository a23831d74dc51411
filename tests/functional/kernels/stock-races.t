#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Samples read without a lock, compared with the states that existed, on the
# distribution's unmodified kernel. make test-all and make soak have more CYCLES.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

cycles=${CYCLES:-500}
debian_kernel
plain_images 59 256
# the kernel preempts at any point, so the walk is preempted as well
run_guest kernels/stock-races --mem 2048 --append "preempt=full" --timeout $((300 + cycles / 2)) \
	--env "CYCLES=$cycles"
