#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The metrics in Debian's Prometheus: scraped while devices come and go, a wait
# and a deadlock that become alerts and reach who gets them, the file through
# node_exporter, and the rights that the exporter has left. On the test kernel
# with the experiments, which are needed for the deadlock.
set -euo pipefail
cd "$(dirname "$0")/../.."

kernel=$(kernel/build-kernel --series kernel/experiments/6.12)
plain=$(tests/vm/make-images 2 1024)
fec=$(tests/vm/make-images --fec 1 256)
programs=$(kernel/fetch-monitoring)
exec tests/vm/run --kernel "$kernel" --mem 1536 --append slab_nomerge --timeout "${MONITORING_TIMEOUT:-900}" \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" --env "PROGRAMS=$programs" \
	--env "MONITORING_CYCLES=${MONITORING_CYCLES:-6}" \
	-- bash tests/functional/monitoring.guest
