#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# A worker of dm-crypt that waits for a page, on Debian's unmodified kernel of the 6.12
# line.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

MEMTOP_LINE=6.12 debian_kernel
run_guest stalls/stalls-crypt --mem 768 --env SOURCE=stock
