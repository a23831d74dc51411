#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# dm's modules are unloaded and loaded again while the tool runs, or have no BTF, on the
# distribution's unmodified kernel.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
plain_images 1 256
run_guest series/modules --mem 1024 --env SOURCE=stock
