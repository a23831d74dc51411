#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# dm-bufio's reserve on Debian 12's own 6.1 kernel with patched modules: its dm-bufio
# differs from that of 6.12, whose waits uses.t tests.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

export MEMTOP_LINE=6.1
debian_kernel
patched_modules
plain_images 1 2048
run_guest series/one-buffer --mem 1024
