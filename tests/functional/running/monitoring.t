#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The metrics in Debian's Prometheus: scraped while devices are created and removed, a
# wait and a deadlock that become alerts and reach the webhook, the file through
# node_exporter, and the remaining privileges of the exporter. On the test kernel with
# the experiments, which the deadlock needs.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel --series kernel/experiments/6.12
plain_images 2 1024
fec_images 1 256
programs=$(kernel/fetch-monitoring)
run_guest running/monitoring --mem 1536 --append slab_nomerge \
	--timeout "${MONITORING_TIMEOUT:-900}" --env "PROGRAMS=$programs" \
	--env "MONITORING_CYCLES=${MONITORING_CYCLES:-6}"
