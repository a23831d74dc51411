#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A long-running command without privileges sees all devices that are created later,
# also after device-mapper's modules were replaced; on Debian's unmodified kernel. make
# test-all has MANY=2000 devices.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
plain_images 1 256
run_guest running/reload --mem 2048 --timeout "${RELOAD_TIMEOUT:-900}" --env SOURCE=stock \
	--env "MANY=${MANY:-300}"
