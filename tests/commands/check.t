#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What check prints and exits with, as monitoring plugins must, on made-up systems.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/asan/memtop-fixture
# no test waits for real time to pass
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE=calm MEMTOP_TIME=1

# unknown REGEX ARGUMENT...: UNKNOWN on stdout with this reason, and status 3
unknown() {
	local reason=$1
	shift
	status_is 3 "'$*' exits with 3" "$TOOL" "$@"
	like "$OUT" "^VERITY-MEMTOP UNKNOWN: $reason" "... with the reason in its line"
}

# --- a missing answer is UNKNOWN --------------------------------------------
unknown "unknown option '--frob'" check --frob
unknown "--sort is not for check" check --sort name
unknown "--timeout: 'x' is not a number" check --timeout x
unknown "'system' is one argument too many" check system
unknown "unknown figure 'low'; the figures are wait_age " check -w low=1
unknown "invalid range '2:1' for wait_age" check -c 2:1
unknown "invalid range '-1' for pools" check -c pools=-1
unknown "--timeout has to be more than --threshold" check --threshold 10 --timeout 10
unknown "--timeout has to be more than --threshold" check --timeout 10
unknown "--sample goes with --replay only" check --sample 1
for err in 1 5 95 19; do
	MEMTOP_OPEN_ERROR=$err unknown "fixture: " check
done
MEMTOP_READ_ERROR=5 unknown "fixture: Input/output error" check
MEMTOP_HANG=1 unknown "no answer before the timeout" check --threshold 1 --timeout 1.1
unknown "cannot .*/nonexistent" check --replay /nonexistent
unknown ".*" check --replay /dev/null
MEMTOP_FIXTURE=demo unknown "wait_age is unknown, corrupted unknown for 61 devices \| wait_age=U;10;;0 waits=U;;;0 stalls=U" check
MEMTOP_FIXTURE=losses unknown "wait_age is unknown" check
like "$OUT" "readings were lost, see 'lost'" "... and the losses"
status_is 3 "a full disk gives 3" bash -c '"$0" check >/dev/full' "$TOOL"
status_is 3 "... and so it does with wrong options" bash -c '"$0" check --frob >/dev/full' "$TOOL"
status_is 3 "stdout that is closed gives 3" bash -c '"$0" check >&-' "$TOOL"
status_is 3 "a pipe that is closed gives 3" bash -c '"$0" check | : ; exit "${PIPESTATUS[0]}"' "$TOOL" --
for wrong in "--frob check" "check check" "-w x check" "--timeout x check" "--threshold check"; do
	# shellcheck disable=SC2086 # a word each
	unknown ".*" $wrong
done
# what ends a process from outside: a time limit of the caller, an operator
# ended SIGNAL: a check that is already reading gets it
ended() {
	local pid status=0
	env --default-signal "$TOOL" check --timeout 60 &
	pid=$!
	until pgrep -P $pid >"$TAP_TMP/children"; do
		sleep 0.05
	done
	kill "-$1" $pid
	wait $pid || status=$?
	return $status
}
for signal in HUP INT QUIT TERM ALRM USR1 USR2 XCPU; do
	MEMTOP_HANG=1 status_is 3 "SIG$signal gives 3" ended "$signal"
	is "$OUT" "VERITY-MEMTOP UNKNOWN: ended by a signal" "... with a message that names the reason"
done

# --- statuses ---------------------------------------------------------------
status_is 0 "no task waits: OK" "$TOOL" check
is "$OUT" "VERITY-MEMTOP OK: 61 devices, 10MiB in reserve | wait_age=0.000s;10;;0 waits=0;;;0 stalls=0;;0;0 \
possible_deadlocks=0;;0;0 deadlocks=0;;0;0 corrupted=0;;0;0 lowest=100%;;;0;100 device_bytes=338944B;;;0 \
total_bytes=10553344B;;;0 devices=61;;;0 unknown_devices=0;;;0 pools=622;;;0 risks=0;0;;0 lost=0;;;0" "... with all figures in one line"
is "$ERR" "" "... and nothing else"
MEMTOP_FIXTURE=moving status_is 1 "a long wait: WARNING" "$TOOL" check --threshold 1 -w 1
like "$OUT" "^VERITY-MEMTOP WARNING: wait: busy \(254:1\): kworker/1:2H\[31\] waits 3.0s for recheck.page.* \| wait_age=3.000s;1;;0 waits=1" \
	"... and names its owner"
MEMTOP_FIXTURE=moving status_is 0 "... OK by another range" "$TOOL" check --threshold 1 -w 5 --critical 60
like "$OUT" "wait_age=3.000s;5;60;0" "... that is in the figures"
MEMTOP_FIXTURE=moving status_is 2 "... CRITICAL by another one" "$TOOL" check --threshold 1 -c 2
MEMTOP_FIXTURE=stuck status_is 2 "a stall: CRITICAL" "$TOOL" check --threshold 1
MEMTOP_FIXTURE=deadlock status_is 2 "a deadlock: CRITICAL" "$TOOL" check --threshold 1
like "$OUT" "^VERITY-MEMTOP CRITICAL: deadlock: bottom \(254:1\): " "... is named"
MEMTOP_FIXTURE=deadlock status_is 1 "... a WARNING to who wants it so" \
	"$TOOL" check --threshold 1 --critical deadlocks=5
status_is 1 "bytes in total" "$TOOL" check -w total_bytes=10000000
like "$OUT" "^VERITY-MEMTOP WARNING: total_bytes 10553344B " "... are reported"
status_is 2 "bytes of a device" "$TOOL" check -c 'device_bytes=~:300000'
status_is 0 "... fewer than that" "$TOOL" check -c 'device_bytes=~:338944'
MEMTOP_FIXTURE=traced status_is 2 "low reserves" "$TOOL" check --threshold 0.1 --timeout 9 -w 100 -c stalls=9 -c lowest=10: --rules none
like "$OUT" "lowest [0-9]% .*is below limit 10:" "... are reported"
status_is 1 "a device that is not there" "$TOOL" check -w devices=@61
MEMTOP_FIXTURE=hostile status_is 3 "hostile names" "$TOOL" check
is "$(LC_ALL=C tr -d ' -~\n' <<<"$OUT")" "" "... are escaped"

# --- the defaults -----------------------------------------------------------
status_is 0 "a threshold alone is enough" "$TOOL" check --threshold 10
like "$OUT" "^VERITY-MEMTOP OK: .* \| wait_age=0.000s;10;;0 " "... with the usual limits"
MEMTOP_FIXTURE=moving status_is 0 "a short wait for a pool of one is ignored by default" "$TOOL" check
examples=$(sed 's/\\-/-/g' README.md docs/*.md man/*.8 monitoring/nagios.cfg | grep -oE 'verity-memtop check[^|#`]*')
is_num "$(grep -c . <<<"$examples")" '>=' 8 "(there are examples)"
unlike "$examples" "(-w|-c|--warning|--critical)[ =]*([0-9~@]|wait_age|waits|stalls|lowest|possible_|deadlocks)" \
	"each example has the default limits of waits and levels"

# --- static rules -----------------------------------------------------------
MEMTOP_FIXTURE=deadlock status_is 2 "reserves that cannot be used are ignored" "$TOOL" check --threshold 1
like "$OUT" " risks=1;0;;0 " "... by default: the one is that its page is shared"
status_is 1 "... but to who asks" "$TOOL" check --rules unusable
like "$OUT" "^VERITY-MEMTOP WARNING: unusable: plain-1 .* risks=185;" "... a warning"
like "$OUT" "
unusable: plain-1 \(254:0\): core.clone can never be used \(and 2 more of its reserves\)
" "... with each device"
status_is 0 "... and may be any number" "$TOOL" check --rules all -w risks=200
unknown "unknown static rule 'x'; the rules are all none shared" check --rules shared,x
unknown "unknown static rule ''" check --rules ''

# --- length of the output ---------------------------------------------------
MEMTOP_FIXTURE=lowered status_is 1 "a parameter that was made smaller: WARNING" "$TOOL" check
like "$OUT" "^VERITY-MEMTOP WARNING: parameter: plain-1 [^|]* and 60 more devices \| " "... reports it in its line"
is "$(grep -c '^parameter: ' <<<"$OUT")" 10 "... and has a line for each of ten devices"
is "$(tail -n 1 <<<"$OUT")" "and 51 more" "... and how many more there are"
MEMTOP_FIXTURE=corrupt status_is 2 "corrupted blocks: CRITICAL" "$TOOL" check
like "$OUT" "^VERITY-MEMTOP CRITICAL: corrupted: plain-4 \(254:3\) [^|]* and 1 more device \| .* corrupted=2;;0;0 " "... and names its owner"
MEMTOP_FIXTURE=unpatched status_is 0 "missing patched modules do not change the status" "$TOOL" check
like "$OUT" "^VERITY-MEMTOP OK: 61 devices, 10MiB in reserve, without the patched modules \|" "... but are reported"
MEMTOP_FIXTURE=empty status_is 3 "no device: UNKNOWN" "$TOOL" check
like "$OUT" "^VERITY-MEMTOP UNKNOWN: no device-mapper device with reserves, expected at least 1 \|" "... and it is reported"
MEMTOP_FIXTURE=empty status_is 0 "... OK where there may be none" "$TOOL" check --min-devices 0
like "$OUT" "^VERITY-MEMTOP OK: no device-mapper device with reserves \|" "... which is reported, too"
MEMTOP_FIXTURE=unpatched status_is 0 "as many devices as are expected: OK" "$TOOL" check --min-devices 61
MEMTOP_FIXTURE=unpatched status_is 3 "... fewer: UNKNOWN" "$TOOL" check --min-devices 62
like "$OUT" "^VERITY-MEMTOP UNKNOWN: 61 devices, expected at least 62, without the patched modules \|" "... with both numbers"
MEMTOP_FIXTURE=deadlock status_is 2 "... but nothing that is worse is hidden" "$TOOL" check --min-devices 62
like "$OUT" "
3 devices, expected at least 62
" "... and it is below"
unknown "--min-devices: 'x' is not a number" check --min-devices x
MEMTOP_FIXTURE=empty status_is 2 "... CRITICAL to who expects some" "$TOOL" check -c devices=1:
for fixture in crowd hostile lowered deadlock huge; do
	for limits in "" "-c corrupted=999" "-w 999999999 -w risks=9999" "-c 0 -w lowest=101: -w devices=0"; do
		# shellcheck disable=SC2086 # a word each
		MEMTOP_FIXTURE=$fixture "$TOOL" check --threshold 0 $limits --rules all >"$TAP_TMP/out"
		is_num "$(head -n 1 "$TAP_TMP/out" | wc -c)" '<' 1024 "$fixture $limits: the line with all figures fits what NRPE keeps"
		like "$(head -n 1 "$TAP_TMP/out")" "^[^|]* \| wait_age=[^|]* lost=[0-9U]*;;;0\$" "... has one bar, and all figures"
		is_num "$(wc -c <"$TAP_TMP/out")" '<' 8192 "... and all of it what Nagios keeps"
		is "$(LC_ALL=C tr -d ' -~\n' <"$TAP_TMP/out")" "" "... in ASCII"
	done
done

# --- messages ---------------------------------------------------------------
status_is 0 "messages of --debug" "$TOOL" check --debug
like "$OUT" "^VERITY-MEMTOP OK: [^
]*$" "... is not in the answer"
like "$ERR" "^verity-memtop: debug: collector opened$" "... but on stderr"
MEMTOP_READ_ERROR=5 unknown "fixture: Input/output error" check --debug
unlike "$OUT" "debug" "... nor in one that there is not"
like "$ERR" "debug: collector opened" "... where it is on stderr, too"
MEMTOP_PLAY=$(printf 'x%.0s' {1..9000}) MEMTOP_FIXTURE=none "$TOOL" check --replay "/$(printf 'n|%.0s' {1..2000})" >"$TAP_TMP/out"
is_num "$(wc -c <"$TAP_TMP/out")" '<' 1024 "a long reason is cut"

# --- as time passes ---------------------------------------------------------
# A task waits, but not for long yet: another sample shows whether the wait lasts.
export MEMTOP_PLAY="begin@0"
status_is 2 "a task that keeps waiting is detected" "$TOOL" check --threshold 1
MEMTOP_PLAY="begin@0 calm@300"
status_is 0 "a waiting task that is served does not change the status" "$TOOL" check --threshold 2
unset MEMTOP_PLAY

# --- a recording ------------------------------------------------------------
MEMTOP_FIXTURE=stuck "$TOOL" record "$TAP_TMP/rec"
status_is 2 "a recording is checked" "$TOOL" check --threshold 1 --replay "$TAP_TMP/rec"
like "$OUT" "wait_age=3.000s" "... as of then"
unknown ".*" check --replay "$TAP_TMP/rec" --sample 2

# --- without memory ---------------------------------------------------------
# Each allocation fails once, then all from one on: check still answers, with the usual
# line or UNKNOWN.
PLAIN=$BUILD/plain/memtop-fixture
usual=$(MEMTOP_FIXTURE=still "$PLAIN" check)
usual="$?/$usual"
like "$usual" "^0/VERITY-MEMTOP OK" "with memory it is OK"
# goes_through VARIABLE: sets it to 1, 2, ... until the number no longer has an effect
goes_through() {
	local at=0 last=0 nr=0 out status
	while ((at++ < last + 40)); do
		out=$(env "$1=$at" LD_PRELOAD="$BUILD/fail.so" MEMTOP_FIXTURE=still "$PLAIN" check 2>/dev/null)
		status=$?
		if [ "$status" = 3 ] && [[ $out == "VERITY-MEMTOP UNKNOWN: "* ]]; then
			nr=$((nr + 1)) last=$at
		elif [ "$status/$out" != "$usual" ]; then
			echo "number $at: $status, '$out'"
			return 1
		fi
	done
	echo "$nr of $last"
	[ "$nr" -gt 30 ]
}
ok "an allocation that fails makes it UNKNOWN, or does not change the status" goes_through FAIL_ALLOCATION
diag "$OUT"
ok "... and so it is when none succeeds any more" goes_through FAIL_FROM
diag "$OUT"
status_is 1 "other commands have their own status" env FAIL_FROM=1 LD_PRELOAD="$BUILD/fail.so" "$PLAIN" report

done_testing
