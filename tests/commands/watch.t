#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What watch prints, when and where, and how it ends, on made-up machines on which time
# passes (tests/fixtures/collect.c).

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/asan/memtop-fixture
QUICK=$PWD/$BUILD/plain/memtop-fixture
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE=stuck
lines=$TAP_TMP/lines

# --- wrong usage ------------------------------------------------------------
refuses 2 "needs a value: SECONDS" watch --threshold
refuses 2 "--threshold: '1s' is not a number" watch --threshold 1s
refuses 2 "--interval: '0' is out of range" watch --interval 0
refuses 2 "--for: '0' is out of range" watch --for 0
refuses 2 "--count: '-1' is not a number" watch -n -1
refuses 2 "'grave' is not one of wait, stall, possible_deadlock, deadlock" \
	watch --min-verdict grave
refuses 2 "one argument too many" watch system
refuses 2 "not for watch" watch --csv
refuses 2 "not for report" report --threshold 1
refuses 2 "--for does not go with --replay" watch --replay x --for 1
refuses 2 "--interval does not go with --replay" watch --replay x -i 1
refuses 2 "--source does not go with --replay" watch --replay x --source stock

# --- what fails -------------------------------------------------------------
for pair in 1:3 95:4 19:5 5:1; do
	MEMTOP_OPEN_ERROR=${pair%:*} refuses "${pair#*:}" fixture watch
done
MEMTOP_READ_ERROR=5 refuses 1 fixture watch
status_is 1 "no journal gives 1" env VERITY_MEMTOP_JOURNAL=/nonexistent/x \
	"$TOOL" watch --journal
like "$ERR" "cannot log to /nonexistent/x: No such file" "... with a message"
status_is 1 "a full disk gives 1" bash -c '"$0" watch >/dev/full' "$TOOL"
like "$ERR" "cannot write to stdout: No space left" "... with a message"
# more than a pipe has room for
scenes=$(for ((i = 0; i < 300000; i += 1000)); do echo "stuck@$i calm@$((i + 500))"; done | xargs)
# shellcheck disable=SC2016 # for the inner shell
ok "a reader who goes away ends it" bash -c '
	MEMTOP_PLAY=$1 "$0" watch --json | head -n 1 >/dev/null; [ "${PIPESTATUS[0]}" = 1 ]' "$TOOL" "$scenes"
status_is 5 "a recording without samples gives 5" bash -c '
	head -n 1 tests/recordings/waiters | "$0" watch --replay -' "$TOOL"

# --- how it ends ------------------------------------------------------------
status_is 6 "--count, and a verdict" "$TOOL" watch -n 1
like "$OUT" '^2026-11-27 13:01:43 testhost 103.000000 stall: busy \(254:1\): kworker/1:2H\[31\] waits 3s for recheck.page' "... is reported"
status_is 0 "--count, and no verdict" env MEMTOP_FIXTURE=moving "$TOOL" watch -n 1
like "$OUT" '^2026-11-27 13:01:43 testhost 103.000000 wait: busy \(254:1\): ' "... is reported, too"
status_is 6 "--for, and a verdict" "$TOOL" watch --for 0.3
status_is 0 "--for, and nothing" env MEMTOP_FIXTURE=calm "$TOOL" watch --for 0.3
is "$OUT" "" "... of which nothing is reported"
like "$ERR" "watching 61 devices" "... but that it watches"
for signal in TERM INT; do
	: >"$lines"
	background "$TOOL" watch >"$lines"
	comes_true test -s "$lines"
	kill -$signal $!
	wait $!
	is $? 0 "$signal"
	like "$(cat "$lines")" "stall: busy" "... ends it, after all events were reported"
done

# --- lines ------------------------------------------------------------------
status_is 0 "--min-verdict leaves out less severe findings" \
	"$TOOL" watch --for 0.3 --min-verdict possible_deadlock
is "$OUT" "" "... all of it"
status_is 6 "... but not a finding of the same severity" \
	"$TOOL" watch -n 1 --min-verdict stall
status_is 0 "--threshold leaves out younger waits" \
	"$TOOL" watch --for 0.3 --threshold 3.5
is "$OUT" "" "... all of it"
MEMTOP_FIXTURE=hostile status_is 0 "names with control characters are escaped" \
	"$TOOL" watch --for 0.2
MEMTOP_FIXTURE=losses ok "losses are reported at the end" "$TOOL" watch --for 0.2
like "$ERR" "warning: lost: ring_full 3, map_full 1" "... with their numbers"

# --- when and where -----------------------------------------------------------
# begins NAME START OPTION...: the line begins with START, before "stall:"
begins() {
	status_is 6 "$1" "$TOOL" watch -n 1 "${@:3}"
	is "${OUT%% stall: *}" "$2" "... is how the line begins"
}
begins "the time of day and the host" "2026-11-27 13:01:43 testhost 103.000000"
TZ=UTC-5:30 begins "... in the local time zone" "2026-11-27 18:31:43 testhost 103.000000"
begins "--no-wall-clock" "testhost 103.000000" --no-wall-clock
begins "--no-host" "2026-11-27 13:01:43 103.000000" --no-host
begins "both" "103.000000" --no-host --no-wall-clock
when_and_where() {
	"$TOOL" watch -n 1 --json "$@" 2>/dev/null | jq -c '[.realtime_ns, .host, .boot_id]'
}
is "$(when_and_where)" '[1795784503000000000,"testhost","01234567-89ab-cdef-0123-456789abcdef"]' "JSON has both"
is "$(when_and_where --no-wall-clock --no-host)" '[null,null,null]' "... or neither"
"$QUICK" record -n 1 "$TAP_TMP/recorded" 2>/dev/null
status_is 6 "a recording has them, too" "$TOOL" watch --replay "$TAP_TMP/recorded"
like "$OUT" '^2026-11-27 13:01:43 testhost 103.000000 stall: ' "... those of its time"

# --- JSON -------------------------------------------------------------------
for MEMTOP_FIXTURE in stuck moving traced deadlock; do
	"$TOOL" watch --json --for 0.2 >"$lines" 2>/dev/null
	ok "$MEMTOP_FIXTURE: keeps to the schema" tests/check-json --lines "$lines"
done
ok "faulty lines are refused" tests/check-json --faulty-lines "$lines"
like "$OUT" "^[0-9]{3,} faulty" "more than a hundred of them"
head -c 300 "$lines" >"$TAP_TMP/cut"
not_ok "half a line is none" tests/check-json --lines "$TAP_TMP/cut"

# documented NAME: keys in a table of docs/watch.md
python3 - >"$TAP_TMP/schema" <<'END'
import json

def keys_of(part):
    if isinstance(part, dict):
        keys = set(part.get("properties", ()))
        return keys.union(*map(keys_of, part.values())) if part else keys
    return set().union(*map(keys_of, part)) if isinstance(part, list) else set()

keys = keys_of(json.load(open("docs/watch.schema.json")))
print("\n".join(sorted(keys)))
END
grep -o '^| `[a-z_.]*\(\[\]\)\?[a-z_.]*` |' docs/watch.md |
	sed 's/^| `\(.*\.\)\?\([a-z_]*\)` |/\2/' | LC_ALL=C sort -u >"$TAP_TMP/documented"
ok "docs/watch.md has the keys of the schema" \
	diff "$TAP_TMP/schema" "$TAP_TMP/documented"

# --- as time passes ---------------------------------------------------------
# play SCENES ARGUMENT...: events as "event age in tenths of a second"
play() {
	MEMTOP_PLAY=$1 "$QUICK" watch --json "${@:2}" 2>"$TAP_TMP/stderr" >"$lines"
	jq -r '"\(.seq) \(.event) \(.id) \(.age_ns / 1e8 | floor)"' "$lines"
}

for MEMTOP_NEWS in "" 1; do
	if [ "$MEMTOP_NEWS" ]; then
		export MEMTOP_NEWS
		how="with news"
	else
		unset MEMTOP_NEWS
		how="without news"
	fi
	got=$(play "calm@0 begin@200 calm@3200" -n 2)
	is "$(cut -d' ' -f1,2 <<<"$got" | xargs)" "1 stall 2 clear" \
		"$how: a wait is reported, then its end"
	is "$(cut -d' ' -f3 <<<"$got" | sort -u | wc -l)" 1 "... with the same id"
	age=$(jq 'select(.seq == 1).age_ns / 1e6 | floor' "$lines")
	is_num "$age" '>=' 1000 "... not before the threshold"
	is_num "$age" '<' 2500 "... and soon after"
	is_num "$(jq 'select(.seq == 2).age_ns / 1e6 | floor' "$lines")" '>=' 3000 \
		"... with how long it was"
done
export MEMTOP_NEWS=1
is "$(play "calm@0 begin@200 calm@800" --for 1.5)" "" \
	"a wait that ends before the threshold is not reported"
is "$(play "calm@0 deadlock@200 calm@1200" -n 2 |
	cut -d' ' -f2 | xargs)" "deadlock clear" "a deadlock, and its end"
is "$(play "moving@0 calm@2500" -n 3 | cut -d' ' -f2 | xargs)" \
	"wait stall clear" "a wait becomes a stall when its pool sees no activity"
is "$(play "begin@0 calm@300" -n 1 --threshold 0 | cut -d' ' -f2 | xargs)" \
	"stall" "a threshold of 0"
unset MEMTOP_NEWS

# --- modules are being replaced, and nothing can be read ------------------------
# stderr_lines PATTERN: number of matching lines of stderr
stderr_lines() {
	grep -cE -- "$1" "$TAP_TMP/stderr"
}
is "$(play "stuck@0 error11@1000 calm@3500" --for 5 | cut -d' ' -f2 | xargs)" "stall clear" \
	"a watch goes on after a gap in which nothing can be read"
is "$(jq 'select(.event == "clear").boottime_ns / 1e9 > 103' "$lines")" true "... which clears no finding"
is "$(stderr_lines 'nothing is watched until devices can be read again')" 1 "... the gap is reported once"
is "$(stderr_lines 'devices can be read again: nothing was watched for (2\.[5-9]|3|3\.[0-2])s')" 1 "... and its end, with its length"
play "calm@0 error11@1000 calm@200000" --for 215 >/dev/null
is "$(stderr_lines 'nothing has been watched for (1m|2m|3m)[0-9]+s: devices cannot be read')" 3 "a gap that lasts is reported each minute"
is_num "$(stderr_lines '^verity-memtop: error: fixture')" '<' 100 "... and tried again less and less often"
like "$(cat "$TAP_TMP/stderr")" 'nothing was watched for 3m(19|2.)s' "... until it ends"
play "calm@0 error5@1000 calm@2000" --for 5 >/dev/null
is "$(stderr_lines 'watched until|watched for')" 0 "another error is no gap"
MEMTOP_PLAY="calm@0 error5@1000 calm@2000" status_is 1 "... and ends a watch" "$QUICK" watch --for 5

# --- a command --------------------------------------------------------------
MEMTOP_FIXTURE=stuck
export HOOKED=$TAP_TMP/hooked
# shellcheck disable=SC2016 # for the tool's shell
hook='cat >>"$HOOKED.json"; echo "$VERITY_MEMTOP_EVENT $VERITY_MEMTOP_DEV $VERITY_MEMTOP_NAME \
$VERITY_MEMTOP_ROLE $VERITY_MEMTOP_PID $VERITY_MEMTOP_CAUSE" >>"$HOOKED"; echo loud'
play "stuck@0 calm@1000" -n 2 --exec "$hook" >/dev/null
# they run side by side
is "$(sort "$HOOKED")" "clear 254:1 busy recheck.page 31 unknown
stall 254:1 busy recheck.page 31 unknown" "--exec: run for each, with its variables"
ok "... and the line on stdin" diff <(sort "$lines") <(sort "$HOOKED.json")
like "$(cat "$TAP_TMP/stderr")" "loud" "... its stdout is stderr"
rm -f "$HOOKED"
play "moving@0 calm@700" -n 2 --exec "$hook" >/dev/null
ok "--exec: not for a wait of a pool that moves" test ! -e "$HOOKED"
# A pool without an owner, and a caller whose environment has variables of that name.
unnamed=$TAP_TMP/unnamed
sed '2s/^.*$/{"source":"tracepoints","boottime_ns":100000000000,"reserved_bio_based_ios":16,"lost":{"ring_full":0,"map_full":0,"missed_runs":0,"raced_reads":0},"devices":[],"pools":[{"id":1,"table_id":null,"dev":null,"slot":null,"target_index":null,"target_type":"","role":"recheck.page","min":1,"current":0,"lowest":0,"object_bytes":1,"footprint_bytes":1,"cached_bytes":0,"waits":0,"sleeps":0,"wait_ns":0,"longest_wait_ns":0,"waiters_known":true,"waiters":[{"pid":77,"comm":"w","since_ns":null},{"pid":78,"comm":"w","since_ns":1000}],"last_activity_ns":1}],"watched_since_ns":1}/;3,$d' \
	tests/recordings/waiters >"$unnamed"
status_is 6 "--exec: where much is unknown" env VERITY_MEMTOP_NAME=false VERITY_MEMTOP_DEV=1:2 \
	VERITY_MEMTOP_AGE_NS=5 VERITY_MEMTOP_NOVEL=x VERITY_MEMTOP_=y VERITY_MEMTOPPLE=kept \
	"$QUICK" watch --replay "$unnamed" --exec "env >>$TAP_TMP/environment"
is "$(grep -cE '^VERITY_MEMTOP_(NAME|DEV|NOVEL|=)' "$TAP_TMP/environment")" 0 \
	"... variables of the caller do not replace unknown values"
is "$(grep -c '^VERITY_MEMTOP_EVENT=stall$' "$TAP_TMP/environment")" \
	"$(grep -c '^VERITY_MEMTOPPLE=kept$' "$TAP_TMP/environment")" "... and nothing else is taken from it"
is "$(grep '^VERITY_MEMTOP_AGE_NS' "$TAP_TMP/environment")" "VERITY_MEMTOP_AGE_NS=99999999000" "... known values are set"
play "stuck@0" -n 1 --exec 'exit 7' >/dev/null
like "$(cat "$TAP_TMP/stderr")" "the command's exit status is 7" "--exec: its failure is reported"
# shellcheck disable=SC2016 # for the tool's shell
play "stuck@0" -n 1 --exec 'kill -9 $$' >/dev/null
like "$(cat "$TAP_TMP/stderr")" "the command was ended by signal 9" "... and its death"
# each command waits until all events have been reported
play "stuck@0 calm@500 stuck@1000" -n 3 --exec "until [ -e '$TAP_TMP/go' ]; do sleep 0.1; done; echo went on" >/dev/null &
# shellcheck disable=SC2016 # for the inner shell
ok "--exec: a slow command does not delay the watch" comes_true bash -c '[ "$(wc -l <"$0")" = 3 ]' "$lines"
touch "$TAP_TMP/go"
wait $!
all_went_on() { [ "$(grep -c 'went on' "$TAP_TMP/stderr")" = 3 ]; }
ok "... and all are run to their ends" comes_true all_went_on
ok "--exec: a command that never ends is left behind" bash -c '
	"$0" watch -n 1 --exec "echo \$\$ >\"$2\"; exec sleep 100000 2>/dev/null" >/dev/null 2>"$1"; [ $? = 6 ]' \
	"$TOOL" "$TAP_TMP/stderr" "$TAP_TMP/pid"
kill "$(cat "$TAP_TMP/pid")"
like "$(cat "$TAP_TMP/stderr")" "a command is still running" "... which a message reports"

# --- logs -------------------------------------------------------------------
# listen PATH: writes the datagrams that a socket receives, as JSON strings
listen() {
	python3 - "$1" 2 <<'END'
import json, os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(600)
for _ in range(int(sys.argv[2])):
    print(json.dumps(s.recv(100000).decode("latin-1")), flush=True)
END
}

for log in journal syslog; do
	listen "$TAP_TMP/$log" >"$TAP_TMP/$log.got" &
	comes_true test -S "$TAP_TMP/$log"
	VERITY_MEMTOP_JOURNAL=$TAP_TMP/journal VERITY_MEMTOP_SYSLOG=$TAP_TMP/syslog \
		play "stuck@0 calm@500" -n 2 "--$log" >/dev/null
	wait $!
done
like "$(jq -r 'select(contains("=stall"))' "$TAP_TMP/journal.got")" \
	"^PRIORITY=2
SYSLOG_FACILITY=3
SYSLOG_IDENTIFIER=verity-memtop
SYSLOG_PID=[0-9]+
VERITY_MEMTOP_EVENT=stall
VERITY_MEMTOP_SEQ=1
VERITY_MEMTOP_ID=[0-9a-f]{16}
VERITY_MEMTOP_DEV=254:1
VERITY_MEMTOP_NAME=busy
.*
MESSAGE=stall: busy \(254:1\): kworker/1:2H\[31\] waits 3[.0-9]*s for recheck.page; .*\$" \
	"--journal: fields and a message"
like "$(jq -r 'select(contains("=clear"))' "$TAP_TMP/journal.got")" \
	"^PRIORITY=5.*MESSAGE=clear: busy .* waited " "... and the end, as a notice"
like "$(head -n 1 "$TAP_TMP/syslog.got")" \
	'^"<26>[A-Z][a-z]{2} [ 0-9][0-9] [0-9:]{8} verity-memtop\[[0-9]+\]: stall: busy \(254:1\)' \
	"--syslog: as syslog(3) writes it"
like "$(tail -n 1 "$TAP_TMP/syslog.got")" '^"<29>.*: clear: busy' "... and the end"

# --- as a service -------------------------------------------------------------
# its notifications to a service manager until it was killed, and its privileges
service() {
	python3 - "$TAP_TMP/notify" "$TOOL" "$@" <<'END'
import os, socket, subprocess, sys
path, *command = sys.argv[1:]
with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
    manager.bind(path)
    manager.settimeout(600)
    environment = {**os.environ, "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"}
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, env=environment)
    try:
        told = [manager.recv(100).decode() for _ in range(5)]
        print(*told)
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            status = dict(line.rstrip("\n").split(":\t", 1) for line in file)
        print(status["CapEff"], status["CapPrm"], status["NoNewPrivs"], status["Uid"].split()[1] != "0")
        process.terminate()
        last = "WATCHDOG=1"
        while last == "WATCHDOG=1":
            last = manager.recv(100).decode()
        print(last, process.wait(timeout=600))
    finally:
        process.kill()
        os.unlink(path)
END
}
chmod 711 "$TAP_TMP"
MEMTOP_FIXTURE=calm status_is 0 "a service manager is notified" service watch --drop-rights
is "$OUT" "READY=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1
0000000000000000 0000000000000000 1 True
STOPPING=1 0" "... that it is ready, that it is alive, and that it ends; with --drop-rights it has none"
MEMTOP_FIXTURE=stuck status_is 0 "... also while it has a line to write" service watch
like "$OUT" '^READY=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1 WATCHDOG=1
.*STOPPING=1 0$' "... with the same notifications"
MEMTOP_OPEN_ERROR=1 NOTIFY_SOCKET=$TAP_TMP/nobody status_is 3 "a watch that cannot begin reports the reason" "$TOOL" watch
like "$ERR" "cannot notify the service manager at .*/nobody: No such file" "... and that no line was written"
# shellcheck disable=SC2016 # for the tool's shell
MEMTOP_FIXTURE=stuck "$TOOL" watch -n 1 --drop-rights --exec 'sed -n s/^Uid://p /proc/$$/status' 2>"$TAP_TMP/stderr" >/dev/null
ok "what --exec runs keeps its rights" grep -qE "^[[:space:]]*$(id -u)[[:space:]]" "$TAP_TMP/stderr"

# --- the inherited environment ------------------------------------------------
# started with SIGCHLD ignored and all signals blocked, which the caller may not know
inherited=(env --ignore-signal=CHLD --ignore-signal=PIPE --block-signal)
MEMTOP_FIXTURE=stuck MEMTOP_TIME=1 status_is 6 "with SIGCHLD ignored" "${inherited[@]}" "$QUICK" watch -n 1 --exec 'exit 7'
like "$ERR" "the command's exit status is 7" "... a command's status is known"
MEMTOP_FIXTURE=calm MEMTOP_TIME=1 status_is 0 "... and that of a check" "${inherited[@]}" "$QUICK" check
: >"$lines"
"${inherited[@]}" "$QUICK" watch >"$lines" &
comes_true test -s "$lines"
kill -TERM $!
wait $!
is $? 0 "with all signals blocked SIGTERM ends a watch"
# shellcheck disable=SC2016 # for the tool's shell
MEMTOP_TIME=1 status_is 6 "--exec, with signals blocked" "${inherited[@]}" "$QUICK" watch -n 1 --exec 'kill $$; echo survived'
like "$ERR" "the command was ended by signal 15" "... a command has none blocked"

# --- a recording ------------------------------------------------------------
status_is 0 "a recording is watched" \
	"$TOOL" watch --replay tests/recordings/waiters --threshold 0.001
like "$OUT" "^5.996864 wait: v \(253:1\): dd\[182\] waits 138ms for core.io; suspended: low \(253:0\).*
12.502385 clear: v \(253:1\): dd\[182\] waited at least 138ms, at most 5.0s for core.io" "... the findings of the first sample are reported"

# --- traces -----------------------------------------------------------------
trace=$TAP_TMP/trace
for name in deadlock waiters shared-slow suspended rechecks; do
	"$TOOL" watch --replay "tests/recordings/$name" --threshold 0.1 --format perfetto >"$trace" 2>/dev/null
	ok "$name: a trace keeps to its format" tests/check-trace "$trace"
done
for MEMTOP_FIXTURE in stuck hostile traced; do
	"$TOOL" watch --for 0.3 --format perfetto >"$trace" 2>/dev/null
	ok "$MEMTOP_FIXTURE: a trace keeps to its format" tests/check-trace "$trace"
done
"$TOOL" watch --replay tests/recordings/deadlock --threshold 0.1 --format perfetto >"$trace" 2>/dev/null
is "$(jq -c '[.[] | select(.cat == "wait") | .ph]' "$trace")" '["b","e"]' "a wait is a slice"
is "$(jq -c '[.[] | select(.ph == "C") | .args.free]' "$trace")" '[0,1]' "the level of its pool is a counter"
is "$(jq -c '[.[] | select(.ph == "i") | .name]' "$trace")" '["deadlock","clear"]' "events are marks"
# what a killed watch leaves: each line is written with the comma before it
lines_of=$(wc -l <"$trace") bad=''
for ((i = 2; i < lines_of; i++)); do
	head -n $i "$trace" | sed '$ s/,$//' >"$TAP_TMP/cut"
	tests/check-trace --cut "$TAP_TMP/cut" >/dev/null || bad+=" $i"
done
is "$bad" "" "a trace that ends after any line is valid"
not_ok "(a line that is cut is seen)" tests/check-trace --cut <(head -c -20 "$trace")
not_ok "(a slice that ends twice is seen)" tests/check-trace <(jq '. + [.[-1]]' "$trace")
not_ok "(a counter without a time is seen)" tests/check-trace <(jq 'map(if .ph == "C" then del(.ts) else . end)' "$trace")
: >"$trace"
MEMTOP_FIXTURE=stuck "$QUICK" watch --format perfetto >"$trace" 2>/dev/null &
ok "a trace is written while it is watched" comes_true grep -q '"ph":"b"' "$trace"
kill -KILL $!
wait $! 2>/dev/null
ok "... and valid when the watch is killed" tests/check-trace --cut "$trace"
status_is 2 "no trace in a format of recordings" "$TOOL" watch --format compact
like "$ERR" "--format: watch has text, json and perfetto" "... with the reason"
status_is 2 "no recording as a trace" "$TOOL" record --format perfetto "$TAP_TMP/none"
like "$ERR" "--format: record has compact and json" "... with the reason"
status_is 2 "one format" "$TOOL" watch --json --format perfetto
status_is 6 "--format json is --json" "$TOOL" watch --replay tests/recordings/deadlock --threshold 0.1 --format json
is "$OUT" "$("$TOOL" watch --replay tests/recordings/deadlock --threshold 0.1 --json)" "... line by line"

done_testing
