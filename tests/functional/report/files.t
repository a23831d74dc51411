#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Devices, the files that they are on, mounts and owners: with the patched modules, and
# from both sources.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 1 256
run_guest report/files --mem 1024
