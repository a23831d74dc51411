#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Formatting: C by .clang-format (make format), scripts checked by shellcheck, no
# trailing blanks.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# it may be several words, as in the Makefile
read -ra format <<<"${CLANG_FORMAT:-clang-format}"
for file in $(git ls-files '*.c' '*.h' | grep -v '^vmlinux-headers/'); do
	ok "$file" "${format[@]}" --dry-run -Werror "$file"
done

for file in $(git ls-files cli tests kernel packaging .ci vmlinux-headers); do
	head -n 1 "$file" | grep -q '^#!.*\b\(ba\|da\)\?sh$' || continue
	# SC2187: busybox sh can be checked as dash
	ok "$file" shellcheck -x -S warning -e SC2187 "$file"
done

# Expected output and patches are not changed.
is "$(git grep -lI ' $' -- ':!tests/golden' ':!kernel/patches' ':!kernel/experiments' ':!kernel/fix' ':!LICENSE' ':!tests/vm/splats')" \
	"" "no line ends with a blank"

done_testing
