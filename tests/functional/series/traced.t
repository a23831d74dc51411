#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tool's output about repairs and holders, on the distribution's kernel with the
# patched modules. With RECORDINGS=DIR a recording is left there.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 59 256
fec_images 1 256
run_guest series/traced --mem 1024 --timeout 240 ${RECORDINGS:+--out "$RECORDINGS"}
