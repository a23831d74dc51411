#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The live view of a machine, on the test kernel with the experiments that let stacked
# devices share reserves, so that it can show a deadlock.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel --series kernel/experiments/6.12)
plain=$(tests/vm/make-images 2 1024)
fec=$(tests/vm/make-images --fec 1 256)
exec tests/vm/run --kernel "$kernel" --mem 1024 --append slab_nomerge --serial-line \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" \
	-- bash tests/functional/report/top.guest
