#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What check says and exits with, as monitoring plugins have to, on made-up
# machines.

set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/asan/memtop-fixture
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE=calm

# unknown REGEX ARGUMENT...: UNKNOWN on stdout, for this reason, and 3
unknown() {
	local reason=$1
	shift
	status_is 3 "'$*' exits with 3" "$TOOL" "$@"
	like "$OUT" "^VERITY-MEMTOP UNKNOWN: $reason" "... with the reason in its line"
}

# --- what is no answer is UNKNOWN -------------------------------------------
unknown "unknown option '--frob'" check --frob
unknown "--sort is not for check" check --sort name
unknown "--timeout: 'x' is no number" check -t x
unknown "'system' is one argument too many" check system
unknown "'low' is no figure; there are wait_age " check -w low=1
unknown "'2:1' is no range of wait_age" check -c 2:1
unknown "'-1' is no range of pools" check -c pools=-1
unknown "--timeout has to be more than --threshold" check --threshold 10
unknown "--sample goes with --replay only" check --sample 1
for err in 1 5 95 19; do
	MEMTOP_OPEN_ERROR=$err unknown "fixture: " check
done
MEMTOP_READ_ERROR=5 unknown "fixture: Input/output error" check
MEMTOP_HANG=1 unknown "no answer in time" check -t 1.1
unknown "can't .*/nonexistent" check --replay /nonexistent
unknown ".*" check --replay /dev/null
MEMTOP_FIXTURE=demo unknown "wait_age is not known \| wait_age=U;1;;0 waits=U;;;0 stalls=U" check
MEMTOP_FIXTURE=losses unknown "wait_age is not known" check
like "$OUT" "not all could be seen, see 'lost'" "... and what was lost"
status_is 3 "a full disk gives 3" bash -c '"$0" check >/dev/full' "$TOOL"

# --- statuses ---------------------------------------------------------------
status_is 0 "nobody waits: OK" "$TOOL" check
is "$OUT" "VERITY-MEMTOP OK: 61 devices, 10MiB in reserve | wait_age=0.000s;1;;0 waits=0;;;0 stalls=0;;0;0 \
possible_deadlocks=0;;0;0 deadlocks=0;;0;0 lowest=100%;;;0;100 device_bytes=338944B;;;0 \
total_bytes=10553344B;;;0 devices=61;;;0 pools=622;;;0 risks=0;0;;0 lost=0;;;0" "... with all figures in one line"
is "$ERR" "" "... and nothing else"
MEMTOP_FIXTURE=moving status_is 1 "a long wait: WARNING" "$TOOL" check
like "$OUT" "^VERITY-MEMTOP WARNING: wait: busy \(254:1\): kworker/1:2H\[31\] waits 3.0s for recheck.page.* \| wait_age=3.000s;1;;0 waits=1" \
	"... says whose"
MEMTOP_FIXTURE=moving status_is 0 "... OK by another range" "$TOOL" check -w 5 --critical 60
like "$OUT" "wait_age=3.000s;5;60;0" "... that is in the figures"
MEMTOP_FIXTURE=moving status_is 2 "... CRITICAL by another one" "$TOOL" check -c 2
MEMTOP_FIXTURE=stuck status_is 2 "a stall: CRITICAL" "$TOOL" check
MEMTOP_FIXTURE=deadlock status_is 2 "a deadlock: CRITICAL" "$TOOL" check
like "$OUT" "^VERITY-MEMTOP CRITICAL: deadlock: bottom \(254:1\): " "... is named"
MEMTOP_FIXTURE=deadlock status_is 1 "... a WARNING to who wants it so" \
	"$TOOL" check --critical deadlocks=5
status_is 1 "bytes in total" "$TOOL" check -w total_bytes=10000000
like "$OUT" "^VERITY-MEMTOP WARNING: total_bytes 10553344B " "... are said"
status_is 2 "bytes of a device" "$TOOL" check -c 'device_bytes=~:300000'
status_is 0 "... fewer than that" "$TOOL" check -c 'device_bytes=~:338944'
MEMTOP_FIXTURE=stuck status_is 2 "low reserves" "$TOOL" check -c lowest=1: -c stalls=1 -w 100
like "$OUT" "lowest 0% .*range 1:" "... are said"
status_is 1 "a device that is not there" "$TOOL" check -w devices=@61
MEMTOP_FIXTURE=hostile status_is 3 "hostile names" "$TOOL" check
is "$(LC_ALL=C tr -d ' -~\n' <<<"$OUT")" "" "... are escaped"

# --- static rules -----------------------------------------------------------
MEMTOP_FIXTURE=deadlock status_is 2 "reserves that nobody can use are no matter" "$TOOL" check
like "$OUT" " risks=0;0;;0 " "... by default"
status_is 1 "... but to who asks" "$TOOL" check --rules unusable
like "$OUT" "^VERITY-MEMTOP WARNING: risks 185 " "... a warning"
like "$OUT" "
unusable: plain-1 recheck.bvec can't be used by anybody
" "... with each of them"
status_is 0 "... and may be any number" "$TOOL" check --rules all -w risks=200
unknown "'x' is no static rule; there are all none shared" check --rules shared,x
unknown "'' is no static rule" check --rules ''

# --- as time passes ---------------------------------------------------------
# Somebody waits, but not for long yet: another look says whether that lasts.
export MEMTOP_PLAY="begin@0"
status_is 2 "who goes on waiting is seen" "$TOOL" check
MEMTOP_PLAY="begin@0 calm@300"
status_is 0 "who is served is no matter" "$TOOL" check --threshold 2
unset MEMTOP_PLAY

# --- a recording ------------------------------------------------------------
MEMTOP_FIXTURE=stuck "$TOOL" record "$TAP_TMP/rec"
status_is 2 "a recording is checked" "$TOOL" check --replay "$TAP_TMP/rec"
like "$OUT" "wait_age=3.000s" "... as of then"
unknown ".*" check --replay "$TAP_TMP/rec" --sample 2

done_testing
