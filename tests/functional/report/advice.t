#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The lines that advise prints for stale tables have the stated effect, for each kind of
# target that it prints one for. With the patched modules; the other dm modules are the
# distribution's.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 1 256
run_guest report/advice --mem 1024
