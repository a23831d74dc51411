#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# vmlinux-headers/vmlinux.h matches the kernels' current BTF: it is made again from the
# distribution's kernel with our modules, and from the test kernel.
set -uo pipefail
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

make=vmlinux-headers/make-header
modules=$(kernel/build-modules) || bail "no modules"
headers=$(kernel/fetch-kernel --headers) || bail "no headers"
tree=$(kernel/build-kernel) || bail "no test kernel"

same() {
	status_is 0 "$1: the header can be made" $make "$2" "$3"
	printf '%s\n' "$OUT" >"$TAP_TMP/vmlinux.h"
	is "$(diff -u vmlinux-headers/vmlinux.h "$TAP_TMP/vmlinux.h")" '' "... and is the one in the tree"
}
same "distribution's kernel" "$headers/vmlinux" "$modules"
same "test kernel" "$tree/vmlinux" "$tree/lib/modules/$(cat "$tree/release")/kernel/drivers/md"

status_is 1 "without BTF it fails" $make /bin/true "$modules"
like "$ERR" "can't read the BTF of /bin/true" "... and names the source"
is "$OUT" '' "... and makes no header"
status_is 1 "without the series it fails" $make "$headers/vmlinux" /nonexistent
cp -r vmlinux-headers "$TAP_TMP/copy"
echo "vmlinux struct no_such_type" >>"$TAP_TMP/copy/types.list"
status_is 1 "a type that is not there fails" "$TAP_TMP/copy/make-header" "$headers/vmlinux" "$modules"
like "$ERR" "vmlinux has no struct no_such_type" "... and is named"
echo "nonsense" >"$TAP_TMP/copy/types.list"
status_is 1 "a list that cannot be read fails" "$TAP_TMP/copy/make-header" "$headers/vmlinux" "$modules"
like "$ERR" "types.list:1" "... with its line"
done_testing
