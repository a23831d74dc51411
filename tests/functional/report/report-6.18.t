#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on Debian's 6.18 kernel with the patched modules: the same
# tests as on 6.12.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

export MEMTOP_LINE=6.18
debian_kernel
patched_modules
plain_images 59 256
fec_images 1 256
# as in report.t; a buffer below a page is from kmalloc-rcl-1k here, for which the walk
# takes the size of kmalloc-1k, so that one has no poison
run_guest report/report --mem 2048 --append "slab_debug=F,biovec-max;FZPU,kmalloc-512"
