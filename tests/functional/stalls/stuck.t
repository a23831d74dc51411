#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# No command waits for a device, with the patched modules: both sources.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 1 256
run_guest stalls/stuck --mem 2048 --env SOURCE=tracepoints
