#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The tool's output for made-up samples, to the byte. GOLDEN_UPDATE=1 (make
# golden-update) writes the expected output; look at the difference before you
# commit it.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
export LC_ALL=C.UTF-8 MEMTOP_TIME=1
unset NO_COLOR

# No globbing: the arguments have patterns that the tool shall see.
set -f

while read -r name status fixture arguments; do
	case $name in
	'' | '#'*) continue ;;
	esac
	got=$TAP_TMP/$name
	# shellcheck disable=SC2086 # a word each
	MEMTOP_FIXTURE=$fixture "$BUILD/asan/memtop-fixture" $arguments \
		>"$got" 2>"$TAP_TMP/stderr"
	is "$?" "$status" "$name: exit status"
	[ -z "${GOLDEN_UPDATE:-}" ] || cp "$got" "tests/golden/$name"
	ok "$name: output" diff -u "tests/golden/$name" "$got"
done <tests/golden/cases

set +f
# A file that no case compares would look like a test and be none.
for file in tests/golden/*; do
	name=${file##*/}
	[ "$name" = cases ] ||
		ok "$name is compared" grep -q "^$name " tests/golden/cases
done

done_testing
