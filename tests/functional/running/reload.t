#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A long-running command without privileges sees all devices that are created later,
# with the patched modules.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 1 256
run_guest running/reload --mem 2048 --timeout "${RELOAD_TIMEOUT:-900}" --env SOURCE=tracepoints \
	--env "MANY=${MANY:-300}"
