#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Both sources where dm is built into the kernel, on that flavour of the test kernel:
# its types are among the kernel's own types, and no module is loaded or unloaded.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel --flavour builtin
plain_images 2 256
fec_images 1 256
run_guest kernels/builtin --mem 1024
