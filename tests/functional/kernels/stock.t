#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report on the distribution's unmodified kernel, without the series: the same tests
# as with it.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

debian_kernel
plain_images 59 256
fec_images 1 256
run_guest report/report --mem 2048 --append "slab_debug=F,biovec-max" --env SOURCE=stock
