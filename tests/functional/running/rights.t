#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What each set of privileges permits and what doctor reports about it, with the patched
# modules.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 1 256
run_guest running/rights --mem 1024 --env SOURCE=tracepoints
