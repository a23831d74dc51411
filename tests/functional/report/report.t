#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on the distribution's kernel with the patched modules.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
patched_modules
plain_images 59 256
fec_images 1 256
# exact counts of biovec arrays, and poison where the series put its groups
run_guest report/report --mem 2048 --append "slab_debug=F,biovec-max;FZPU,kmalloc-512,kmalloc-1k"
