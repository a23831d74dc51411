#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The VM runner on a kernel without 9p, the distribution's for cloud machines: the
# host's files come over virtiofs, with the same guarantees.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

kernel=$(kernel/fetch-kernel --flavour cloud) || bail "no kernel"
release=$(cat "$kernel/release")
work=$(mktemp -d "$TAP_TMP/cloud.XXXXXX")
mkdir "$work/tmp" "$work/modules" "$work/back, 2"
echo given >"$work/back, 2/given"
export TMPDIR=$work/tmp

# not a function, so that $! is the runner
vm=(tests/vm/run --kernel "$kernel" --mem 512 --cpus 1)

head -c 3000000 /dev/urandom >"$work/bytes"
outside=/etc/verity-memtop-cloud-test.$$
# A module that differs from the kernel's own by its place.
for module in dm-mod dm-bufio dm-verity; do
	xz -dc "$kernel/lib/modules/$release/kernel/drivers/md/$module.ko.xz" >"$work/modules/$module.ko"
done

# shellcheck disable=SC2016 # expanded in the guest
"${vm[@]}" --modules "$work/modules" --visible "$work" --out "$work/back, 2" -- bash -c '
	cat "$1"
	exec >"$VM_OUT/said" 2>&1
	uname -r
	cat "$VM_OUT/given"
	cp "$1" "$VM_OUT/bytes"
	echo written >"$2" && cat "$2"
	modprobe dm-verity
	modinfo -n dm-verity
	.output/verity-memtop report 2>"$VM_OUT/report.err" >/dev/null
	echo "report: $?"
	exit 7
' bash "$work/bytes" "$outside" >"$work/good.out" 2>"$work/good.err" &
good=$!

echo unharmed >"$work/victim"
before=$(cat "$work/victim"; stat -c '%a %Y %Z' "$work/victim")
# Below the overlay: the host's root itself, which the guest tries to make writable.
# shellcheck disable=SC2016 # expanded in the guest
"${vm[@]}" -- bash -c '
	mkdir /tmp/host
	mount -t virtiofs root /tmp/host
	mount -o remount,rw /tmp/host
	grep -o " /tmp/host rw.* - virtiofs root rw" /proc/self/mountinfo
	cd /tmp/host || exit 1
	cat ".$1"
	echo x >".$1.new"
	echo x >>".$1"
	touch ".$1"
	chmod 777 ".$1"
	rm ".$1"
	mknod ".$1.new" b 1 1
	echo x >"./dev/shm/${1##*/}"
	cat ./proc/sys/kernel/hostname >./proc/sys/kernel/hostname
' bash "$work/victim" >"$work/hostile" 2>&1 &
wait "$good"
is $? 7 "status 7 is passed on"
wait

is "$(sed 's/up in .*//' "$work/good.err")" "vm: kernel $release, 1 CPU(s), 512 MiB, " "only the start is reported"
ok "3 MB of random bytes on stdout arrive unchanged" cmp "$work/bytes" "$work/good.out"
is "$(cat "$work/back, 2/said")" "$release
given
written
/lib/modules/$release/updates/dm-verity.ko
report: 5" "VM_OUT, a writable root, --modules, and what the tool says about this kernel"
like "$(cat "$work/back, 2/report.err")" "no verity device found" "it names the missing part"
ok "a file put into VM_OUT comes back" cmp "$work/bytes" "$work/back, 2/bytes"

like "$(cat "$work/hostile")" " /tmp/host rw.* - virtiofs root rw"$'\n'"unharmed" "the guest mounts the host's root for writing"
is "$(grep -c ': Read-only file system$' "$work/hostile")" 8 "but nothing there can be changed"
[ "$(wc -l <"$work/hostile")" = 11 ] || diag "$(cat "$work/hostile")"
is "$(cat "$work/victim"; stat -c '%a %Y %Z' "$work/victim")" "$before" "what it tried to change is as it was"
is "$(ls -d "$outside" "$work/victim.new" /dev/shm/victim 2>/dev/null)" "" "what it tried to make is not there"

status_is 125 "--root 9p" "${vm[@]}" --root 9p -- true
like "$ERR" "the kernel has no 9p" "names what the kernel lacks"

# children PID: the processes that the runner started
children() {
	cat /proc/"$1"/task/"$1"/children 2>/dev/null
}

"${vm[@]}" --out "$work/back" -- sleep 1000 >/dev/null 2>"$work/killed.err" &
runner=$!
"${vm[@]}" -- sleep 1000 >/dev/null 2>"$work/server.err" &
other=$!
for ((i = 0; i < 900; i++)); do
	[ "$(cat "$work/killed.err" "$work/server.err" | grep -c "up in")" = 2 ] && break
	sleep 0.1
done
disown "$runner" # so that bash does not print that it was killed
started=$(children "$runner")
is "$(wc -w <<<"$started")" 3 "QEMU and two virtiofsd run"
kill -KILL "$runner"
for ((i = 0; i < 50; i++)); do
	left=$(for pid in $started; do ls -d "/proc/$pid" 2>/dev/null; done)
	[ -n "$left" ] || break
	sleep 0.1
done
is "$left" "" "none is left after SIGKILL of the runner"
for pid in $(children "$other"); do
	[ "$(cat "/proc/$pid/comm")" != virtiofsd ] || kill -KILL "$pid"
done
wait "$other"
is $? 125 "without its virtiofsd a VM is ended"
like "$(cat "$work/server.err")" "virtiofsd ended \(status -9\)" "and the reason is printed"
is "$(ls -A "$TMPDIR")" "" "no temporary file is left"

done_testing
