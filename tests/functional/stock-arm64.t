#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# What works on Debian's arm64 kernels as they are: the oldest line, and the newest
# with pages of 16 KiB.
set -u
cd "$(dirname "$0")/../.." || exit
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

[ -x .output/arm64/memtop-gaps ] || bail "make arm64 first"
for kernel in arm64/6.1 arm64/7.2/16k; do
	ok "$kernel" tests/vm/kernels $kernel
done
done_testing
