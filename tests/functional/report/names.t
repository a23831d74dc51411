#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Every name that the kernel accepts, in every command, with the patched modules.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 1 256
run_guest report/names --mem 1024
