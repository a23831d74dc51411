#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel/install-modules and the way back, on a copy of the kernel's modules.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

kernel=$(kernel/fetch-kernel) || bail "no kernel"
modules=$(kernel/build-modules) || bail "no modules"
release=$(cat "$kernel/release")
root=$TAP_TMP/root
mkdir -p "$root/lib/modules/$release"
for part in "$kernel/lib/modules/$release"/modules.{builtin,builtin.modinfo,order}; do
	cp "$part" "$root/lib/modules/$release/"
done
mkdir -p "$root/lib/modules/$release/kernel/drivers"
cp -r "$kernel/lib/modules/$release/kernel/drivers/md" "$root/lib/modules/$release/kernel/drivers/"
depmod -b "$root" "$release"

where() {
	modinfo -b "$root" -k "$release" -n "$1"
}

stock=$(where dm-verity)
# shellcheck disable=SC2317 # ok calls it
install() {
	kernel/install-modules --root "$root" --kernel-version "$release" "$@"
}
ok "installs" install --from "$modules"
for mod in dm-mod dm-bufio dm-verity; do
	like "$(where $mod)" "/updates/verity-memtop/$mod.ko$" "modprobe takes our $mod"
done
like "$(where dm-crypt)" "/kernel/drivers/md/dm-crypt" "and the distribution's other modules"
ok "installs again" install --from "$modules"
ok "builds what it installs" install
ok "goes back" install --remove
is "$(where dm-verity)" "$stock" "modprobe takes the distribution's again"
not_ok "nothing is left" test -e "$root/lib/modules/$release/updates"
status_is 1 "there is nothing to remove then" install --remove
like "$ERR" "nothing to remove" "says so"
status_is 1 "a kernel that is not there" kernel/install-modules --root "$root" --kernel-version 6.12.0-none
like "$ERR" "is a kernel of that release installed" "says so"
mkdir "$TAP_TMP/other"
echo 6.12.1-other >"$TAP_TMP/other/release"
status_is 1 "modules of another kernel" install --from "$TAP_TMP/other"
like "$ERR" "are not for" "says so"

done_testing
