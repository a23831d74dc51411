#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on Debian 12's own 6.1 kernel with the patched modules: the same
# tests as on 6.12.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

export MEMTOP_LINE=6.1
debian_kernel
patched_modules
plain_images 59 256
fec_images 1 256
# as in report.t, by the parameter's name in 6.1
run_guest report/report --mem 2048 --append "slub_debug=F,biovec-max;FZPU,kmalloc-512,kmalloc-1k"
