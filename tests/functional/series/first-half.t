#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The tool on modules that have only the first half of the series: events of pools that
# exist, none of their use.
set -euo pipefail
cd "$(dirname "$0")/../../.."

half=$(mktemp -d)
trap 'rm -rf "$half"' EXIT
cp kernel/patches/6.12/00*.patch "$half/"
sed '/^0011-/,$d' kernel/patches/6.12/series >"$half/series"

kernel=$(kernel/fetch-kernel)
modules=$(kernel/build-modules --series "$half")
images=$(tests/vm/make-images 59 256)
tests/vm/run --kernel "$kernel" --modules "$modules" --mem 1024 \
	--env "PLAIN_IMAGES=$images" -- bash tests/functional/series/first-half.guest
