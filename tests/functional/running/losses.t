#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Losses are counted, on the distribution's kernel with the patched modules.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 59 256
run_guest running/losses --mem 1024
