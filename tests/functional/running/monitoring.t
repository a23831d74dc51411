#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The metrics in Debian's Prometheus: scraped while devices are created and removed, a
# wait and a deadlock that become alerts and reach the webhook, the file through
# node_exporter, and the remaining privileges of the exporter. On the test kernel with
# the experiments, which the deadlock needs.
set -euo pipefail
cd "$(dirname "$0")/../../.."

kernel=$(kernel/build-kernel --series kernel/experiments/6.12)
plain=$(tests/vm/make-images 2 1024)
fec=$(tests/vm/make-images --fec 1 256)
programs=$(kernel/fetch-monitoring)
exec tests/vm/run --kernel "$kernel" --mem 1536 --append slab_nomerge --timeout "${MONITORING_TIMEOUT:-900}" \
	--env "PLAIN_IMAGES=$plain" --env "FEC_IMAGES=$fec" --env "PROGRAMS=$programs" \
	--env "MONITORING_CYCLES=${MONITORING_CYCLES:-6}" \
	-- bash tests/functional/running/monitoring.guest
