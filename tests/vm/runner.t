#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Tests of the VM runner itself, on the distribution's kernel.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

kernel=$(kernel/fetch-kernel) || bail "no kernel"
splat=$(tests/vm/splat/build) || bail "no module to provoke splats"
work=$(mktemp -d "$TAP_TMP/runner.XXXXXX")
mkdir "$work/tmp"
export TMPDIR=$work/tmp

# vm NAME OPTION... -- COMMAND...: runs in the background, at most two at once
running=0
vm() {
	local name=$1
	shift
	if [ $running = 2 ]; then
		wait -n
		running=1
	fi
	{
		tests/vm/run --kernel "$kernel" --mem 512 --cpus 1 "$@" >"$work/$name.out" 2>"$work/$name.err"
		echo $? >"$work/$name.status"
	} &
	running=$((running + 1))
}

# ended WANT NAME WHAT: the exit status of the VM of that name
ended() {
	is "$(cat "$work/$2.status")" "$1" "$3"
	[ "$(cat "$work/$2.status")" = "$1" ] || diag "$(cat "$work/$2.err")"
}

head -c 3000000 /dev/urandom >"$work/bytes"
odd=$'a b\n"c" $d \\ \'e\'  ;*'
outside=/etc/verity-memtop-runner-test.$$

# shellcheck disable=SC2016 # expanded in the guest
{
vm good --cpus 2 --visible "$work" --out "$work/back" --env "ODD=$odd" -- bash -c '
	cat "$1"
	echo "to stderr" >/dev/stderr
	printf "%s|" "$2" "$3" "$ODD" "$PWD" "$DM_DISABLE_UDEV" "$(nproc)" "$VM_KERNEL" >"$VM_OUT/words"
	cp "$1" "$VM_OUT/bytes"
	ls -d /sys/fs/bpf /sys/kernel/debug/block /sys/kernel/tracing/events /dev/fd/0 /dev/pts/ptmx \
		/sys/fs/cgroup/cgroup.procs >"$VM_OUT/paths" 2>&1
	cat <(echo through /dev/fd) >"$VM_OUT/fd"
	ls -A /tmp >"$VM_OUT/tmp"
	echo written >'"$outside"'
	cat '"$outside"' >>"$VM_OUT/fd"
	echo "<4>WARNING: not the kernel said this" >/dev/kmsg
	modprobe dm-verity || exit 9
' bash "$work/bytes" "$odd" ""
vm seven -- bash -c 'nproc; exit 7'
vm high -- bash -c 'kill -KILL $$'
vm warn -- bash -c "insmod $splat/splat.ko what=warn; echo went on"
vm allowed --allow-splat '^WARNING: .*splat_init' -- insmod "$splat/splat.ko" what=warn
vm oops --logs "$work/logs" -- insmod "$splat/splat.ko" what=oops
mkdir "$work/panic"
vm panic --out "$work/panic" -- bash -c 'echo before
	until [ -e "$VM_OUT/arrived" ]; do sleep 0.1; done
	echo c >/proc/sysrq-trigger; sleep 100'
vm gone -- bash -c 'kill -9 1; echo b >/proc/sysrq-trigger; sleep 100'
vm timeout --timeout 25 -- bash -c 'echo waiting; sleep 1000'
vm nolog -- bash -c 'for p in /proc/[0-9]*; do
	[ "$(tr "\0" " " <$p/cmdline)" != "cat /dev/kmsg " ] || kill ${p#/proc/}; done 2>/dev/null'
vm daemon -- bash -c 'sleep 1000 & echo started'
}
# What the guest wrote is in a pipe there until it is carried to the runner: the
# panic must not come before.
until grep -qx before "$work/panic.out" || [ -e "$work/panic.status" ]; do sleep 0.1; done
touch "$work/panic/arrived"
wait

ended 0 good "status 0"
ok "3 MB of random bytes on stdout arrive unchanged" cmp "$work/bytes" "$work/good.out"
is "$(grep -v '^vm: ' "$work/good.err")" "to stderr" "stderr arrives apart from stdout"
like "$(cat "$work/good.err")" '^vm: kernel [^ ]+, 2 CPU\(s\), 512 MiB, up in' "kernel and CPUs are printed at the start"
ok "a file put into VM_OUT comes back" cmp "$work/bytes" "$work/back/bytes"
release=$(cat "$kernel/release")
is "$(cat "$work/back/words")" "$odd||$odd|$PWD|1|2|$release|" \
	"arguments, environment and directory are as given"
unlike "$(cat "$work/back/paths")" "cannot access" "file systems and device nodes are there"
is "$(cat "$work/back/fd")" $'through /dev/fd\nwritten' "process substitution works, the root is writable in the guest"
not_ok "what the guest writes to its root is not on the host" test -e "$outside"
unlike "$(cat "$work/back/tmp")" "runner|systemd" "the guest's /tmp is new"

ended 7 seven "status 7 is passed on"
is "$(cat "$work/seven.out")" 1 "--cpus is heeded"
ended 120 high "a command killed by a signal gives 120"
like "$(cat "$work/high.err")" "status was 137" "and its status is printed"

ended 122 warn "a kernel warning fails the run"
like "$(cat "$work/warn.err")" "vm\|.*a warning on request" "and is printed"
like "$(cat "$work/warn.err")" "vm\|.*splat_init\+" "with its stack"
is "$(cat "$work/warn.out")" "went on" "the command went on after it"
ended 0 allowed "a warning that is allowed does not fail the run"
ended 122 oops "an oops fails the run"
like "$(cat "$work/oops.err")" "vm\|.*kernel BUG at" "and is printed"
ok "--logs keeps the console's log" grep -q "kernel BUG at" "$work/logs/console.log"
ended 121 panic "a panic is a lost VM, not a failed command"
is "$(cat "$work/panic.out")" before "output before the panic is there"
like "$(cat "$work/panic.err")" "lost: Kernel panic - not syncing: sysrq triggered crash" "the panic's reason is printed"
like "$(cat "$work/panic.err")" "vm\|.*sysrq_handle_crash" "and the end of the console's log is shown"
ended 121 gone "a reboot is a lost VM"
ended 124 timeout "timeout"
is "$(cat "$work/timeout.out")" waiting "output before the timeout is there"
ended 123 nolog "a kernel log that breaks off fails the run"
ended 0 daemon "a process left behind does not hold up the end"

status_is 125 "no command" tests/vm/run --kernel "$kernel"
status_is 125 "unknown option" tests/vm/run --kernel "$kernel" --nonsense -- true
status_is 125 "no kernel there" tests/vm/run --kernel "$work" -- true
like "$ERR" "bzImage" "names the missing part"
mkdir "$work/modules"
touch "$work/modules/dm-mod.ko"
echo 1.2.3 >"$work/modules/release"
status_is 125 "modules for another kernel" tests/vm/run --kernel "$kernel" --modules "$work/modules" -- true
like "$ERR" "are for 1.2.3" "names the right kernel"

# start NAME: a VM that waits, with NAME on its kernel's command line
declare -A pids
start() {
	tests/vm/run --kernel "$kernel" --mem 512 --cpus 1 --append "$1" -- sleep 1000 >/dev/null 2>"$work/$1.err" &
	pids[$1]=$!
}

# up NAME: waits until its command runs
up() {
	for ((i = 0; i < 900; i++)); do
		grep -q "up in" "$work/$1.err" && return
		sleep 0.1
	done
	fail "the VM $1 is not up"
}

left() {
	local file
	for file in /proc/[0-9]*/cmdline; do
		{ tr '\0' ' ' <"$file"; } 2>/dev/null | grep -q "qemu-system.*$1" && echo "${file%/cmdline}"
	done
}

for signal in INT TERM KILL; do
	start "runner_test_$signal.$$"
done
for signal in INT TERM KILL; do
	mark=runner_test_$signal.$$
	up "$mark"
	isnt "$(left "$mark")" "" "a VM runs before SIG$signal"
	kill -"$signal" "${pids[$mark]}"
	wait "${pids[$mark]}" 2>/dev/null
	is $? $((128 + $(kill -l "$signal"))) "the runner ends by SIG$signal"
	for ((i = 0; i < 50; i++)); do
		[ -n "$(left "$mark")" ] || break
		sleep 0.1
	done
	is "$(left "$mark")" "" "no QEMU is left after SIG$signal"
done
is "$(ls -A "$TMPDIR")" "" "no temporary file is left"

done_testing
