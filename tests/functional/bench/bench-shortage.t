#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A shortage of memory for a bench, on the distribution's kernel, which keeps more
# memory free where it uses huge pages.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
run_guest bench/bench-shortage --mem 1024 --append "transparent_hugepage=always"
