#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What works on Debian's newest unmodified arm64 kernel, with pages of 16 KiB; make
# vm-kernels tests the others.
set -u
cd "$(dirname "$0")/../../.." || exit
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

[ -x .output/arm64/memtop-gaps ] || bail "make arm64 first"
ok "arm64/7.2/16k" tests/vm/kernels arm64/7.2/16k
done_testing
