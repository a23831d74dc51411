#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# kernel/install-modules and its reversal, on a copy of the kernel's modules.

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
fixed=$(kernel/build-modules --series kernel/fix/6.12) || bail "no modules with the fix"
status_is 1 "a series and modules that are built" kernel/install-modules --root "$root" --series kernel/fix/6.12 --from "$modules"
like "$ERR" 'exclude each other' "... exclude each other"
ok "installs another series" kernel/install-modules --root "$root" --kernel-version "$release" --series kernel/fix/6.12
ok "... whose modules these are" cmp "$(where dm-mod)" "$fixed/dm-mod.ko"
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
status_is 0 "there is nothing to remove then" install --remove
like "$ERR" "nothing to remove" "with a message that names the reason"
status_is 1 "a kernel that is not there" kernel/install-modules --root "$root" --kernel-version 6.12.0-none
like "$ERR" "is a kernel of that release installed" "with a message that names the reason"
mkdir "$TAP_TMP/other"
echo 6.12.1-other >"$TAP_TMP/other/release"
status_is 1 "modules of another kernel" install --from "$TAP_TMP/other"
like "$ERR" "are not for" "with a message that names the reason"


# ---- interrupted at any step ------------------------------------------------------
#
# The script gets only commands that are listed here, and those that change
# something count themselves. The step BREAK_AT of a run fails as HOW requests: "kill"
# kills the script before the command, "tear" when the command has done a part of its
# work, and "fail" lets the command do a part and fail, as with a full file system.

mkdir "$TAP_TMP/bin"
cat >"$TAP_TMP/bin/step" <<'END'
#!/bin/bash
name=${0##*/}
command=$(PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$name")
PATH=/usr/sbin:/usr/bin:/sbin:/bin
step=$(($(cat "$STEPS") + 1))
echo $step >"$STEPS"
[ "$step" = "$BREAK_AT" ] || exec "$command" "$@"
echo "$name $*" >"$STEPS.broken"
if [ "$HOW" != kill ]; then
	case $name in
	cp) head -c 5000 "$1" >"$2${1##*/}" ;;
	rm)
		for dir; do
			[ ! -d "$dir" ] || rm -f "$(find "$dir" -type f | head -n 1)"
		done ;;
	mkdir) mkdir -p "$(dirname "${@: -1}")" ;;
	depmod) echo "kernel/" >"$MODULE_TREE/modules.dep" ;;
	esac
fi
[ "$HOW" = fail ] || kill -KILL "$SCRIPT"
exit 1
END
chmod +x "$TAP_TMP/bin/step"
for name in cp depmod mkdir python3 rm rmdir sync; do
	ln -s step "$TAP_TMP/bin/$name"
done
for name in bash cat dirname flock mountpoint realpath; do
	ln -s "$(command -v $name)" "$TAP_TMP/bin/"
done

# two sets that differ, recognized by the end of their files
for set in old new; do
	mkdir "$TAP_TMP/$set"
	for mod in dm-mod dm-bufio dm-verity; do
		cp "$modules/$mod.ko" "$TAP_TMP/$set/"
		printf %s $set >>"$TAP_TMP/$set/$mod.ko"
	done
	echo "$release" >"$TAP_TMP/$set/release"
done
# few modules, because depmod reads each of them
few=$TAP_TMP/few
mkdir -p "$few/lib/modules/$release/kernel"
cp "$root/lib/modules/$release"/modules.{builtin,builtin.modinfo,order} "$few/lib/modules/$release/"
for mod in dm-mod dm-bufio dm-verity; do
	cp "$modules/$mod.ko" "$few/lib/modules/$release/kernel/"
done
depmod -b "$few" "$release"
work=$TAP_TMP/work
tree=$work/lib/modules/$release

# set_of ROOT: which set modprobe uses after any depmod: stock, old, new, or a list
set_of() {
	local mod file sets=''
	depmod -b "$1" "$release" || sets+="depmod failed "
	for mod in dm-mod dm-bufio dm-verity; do
		file=$(modinfo -b "$1" -k "$release" -n $mod)
		for set in "$few/lib/modules/$release/kernel" "$TAP_TMP/old" "$TAP_TMP/new"; do
			! cmp -s "$file" "$set/$mod.ko" || sets+="${set##*/} "
		done
	done
	case $sets in
	"kernel kernel kernel ") echo stock ;;
	"old old old ") echo old ;;
	"new new new ") echo new ;;
	*) echo "$sets of $(find "$1/lib/modules" -name '*.ko' -printf '%P %s, ')" ;;
	esac
}
# leftovers ROOT: files beside the distribution's modules
leftovers() {
	find "$1/lib/modules" -mindepth 1 -not -path "*/$release/kernel*" -not -path "*/$release/modules.*" -not -path "*/$release" -printf '%P '
}
on() {
	# shellcheck disable=SC2016 # expanded by that bash
	bash -c 'SCRIPT=$$ exec kernel/install-modules "$@"' bash --root "$@" --kernel-version "$release" >"$TAP_TMP/stderr" 2>&1
}

# broken BEFORE HOW OPTION...: with the set BEFORE, install-modules OPTION... is
# interrupted at each of its steps; prints each wrong result
broken() {
	local before=$1 how=$2 step after status want
	shift 2
	case $1 in --remove) after=stock ;; *) after=new ;; esac
	for ((step = 1; ; step++)); do
		rm -rf "$work" "$TAP_TMP/steps.broken"
		cp -r "$few" "$work"
		[ "$before" = stock ] || on "$work" --from "$TAP_TMP/$before" || echo "no set to begin with"
		echo 0 >"$TAP_TMP/steps"
		status=0
		{
			PATH=$TAP_TMP/bin STEPS=$TAP_TMP/steps BREAK_AT=$step HOW=$how MODULE_TREE=$tree on "$work" "$@" || status=$?
		} 2>/dev/null
		[ -e "$TAP_TMP/steps.broken" ] || break
		[ "$how" = fail ] || [ $status = 137 ] || echo "not killed at $(cat "$TAP_TMP/steps.broken"): $status"
		rm -rf "$work.2"
		cp -r "$work" "$work.2"
		want=" $before $after "
		[ $status != 0 ] || want=" $after "
		set=$(set_of "$work")
		[[ $want = *" $set "* ]] || echo "broken ($status) at $(cat "$TAP_TMP/steps.broken"): $set"
		on "$work" "$@" && [ "$(set_of "$work")" = $after ] || echo "not done again after $(cat "$TAP_TMP/steps.broken")"
		on "$work.2" --remove && [ "$(set_of "$work.2")" = stock ] && [ -z "$(leftovers "$work.2")" ] ||
			echo "not removed after $(cat "$TAP_TMP/steps.broken"): $(leftovers "$work.2")"
	done
	[ $status = 0 ] || echo "not broken, but status $status: $(cat "$TAP_TMP/stderr")"
	[ "$(set_of "$work")" = $after ] || echo "not broken: $(set_of "$work")"
	[ $step -gt 6 ] || echo "only $step steps"
}
for how in kill tear fail; do
	is "$(broken stock $how --from "$TAP_TMP/new")" "" "the first installation, each step in turn: $how"
	is "$(broken old $how --from "$TAP_TMP/new")" "" "the same over another set"
	is "$(broken old $how --remove)" "" "the removal"
done

# Leftovers of a version that built the sets in depmod's path.
rm -rf "$work"
cp -r "$few" "$work"
mkdir -p "$tree/updates/verity-memtop.new"
head -c 5000 "$modules/dm-mod.ko" >"$tree/updates/verity-memtop.new/dm-mod.ko"
ok "leftovers in depmod's path are removed" on "$work" --remove
is "$(set_of "$work"), $(leftovers "$work")" "stock, " "... all of them"

# The limit on file sizes makes writing fail.
rm -rf "$work"
cp -r "$few" "$work"
short_of_space() {
	(ulimit -f 200; exec kernel/install-modules --root "$work" --kernel-version "$release" --from "$TAP_TMP/new")
}
status_is 1 "where a file cannot be written" short_of_space
like "$ERR" 'could not copy dm-mod.ko to .*; nothing has changed' "... with a message that names the reason"
is "$(set_of "$work"), $(leftovers "$work")" "stock, " "... and it is true"

done_testing
