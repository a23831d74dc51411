#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tool on modules that have only the first half of the series: events of pools that
# exist, none of their use.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

half=$(mktemp -d)
trap 'rm -rf "$half"' EXIT
cp kernel/patches/6.12/00*.patch "$half/"
sed '/^0011-/,$d' kernel/patches/6.12/series >"$half/series"

debian_kernel
patched_modules --series "$half"
plain_images 59 256
(run_guest series/first-half --mem 1024)
