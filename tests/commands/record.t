#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Recordings: a replay equals the original in every view. A recording that is damaged,
# cut short, huge or hostile gets a clear message and no output.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/asan/memtop-fixture
PLAIN=$BUILD/plain/memtop-fixture
REC=$TAP_TMP/rec
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE
unset NO_COLOR

python3 -c 'import jsonschema' ||
	bail "python3-jsonschema is missing: run kernel/install-deps as root"

# --- record and replay ----------------------------------------------------
for MEMTOP_FIXTURE in empty one demo noverity states unknowns shared hostile \
	losses huge traced deadlock stall; do
	ok "$MEMTOP_FIXTURE: is recorded" "$TOOL" record --format json "$REC"
	is "$OUT$ERR" "" "$MEMTOP_FIXTURE: quietly"
	ok "$MEMTOP_FIXTURE: keeps to the schema" tests/check-record "$REC"
	for how in report "report --pools" "report --json" "report --csv" \
		"report --tree"; do
		# shellcheck disable=SC2086 # a word each
		"$TOOL" $how >"$TAP_TMP/live" 2>&1
		live=$?
		# shellcheck disable=SC2086 # a word each
		MEMTOP_FIXTURE=none MEMTOP_OPEN_ERROR=1 \
			"$TOOL" $how --replay "$REC" >"$TAP_TMP/replayed" 2>&1
		is "$?" "$live" "$MEMTOP_FIXTURE: '$how' has the same status"
		ok "$MEMTOP_FIXTURE: '$how' is the same" \
			diff "$TAP_TMP/live" "$TAP_TMP/replayed"
	done
done

# Recordings of real kernels do as well, which golden.t shows.
for recording in tests/recordings/*; do
	ok "${recording##*/}: keeps to the schema" tests/check-record "$recording"
done

# Recordings of the first version have no repairs, and do not show whether waits were
# traced.
FIRST=tests/fuzz/corpus/first-version
ok "a recording of the first version" "$TOOL" report --json --replay "$FIRST"
is "$ERR" "" "is read without a word"
is "$(jq -c '[.devices[] | .repairs, .failed_rechecks] | unique' <<<"$OUT")" \
	"[null]" "what it does not have is unknown"
is "$(jq -c '[.devices[].pools[].waiting] | unique' <<<"$OUT")" "[null,6]" \
	"waiting tasks are known where there are any"
# ... and readers of that version accept recordings that are written now: all keys that
# they need are there
cat >"$TAP_TMP/shape.py" <<'PYTHON'
import json, sys
def shape(value, other, path):
    """Prints where @other lacks something of @value, or has another type."""
    if isinstance(value, dict):
        for key in value:
            if key not in other:
                print(f"{path}.{key} is gone")
            else:
                shape(value[key], other[key], f"{path}.{key}")
    elif isinstance(value, list):
        if not isinstance(other, list):
            print(f"{path} is no list")
        elif value and other:
            shape(value[0], other[0], f"{path}[]")
    elif isinstance(value, str) and not isinstance(other, str):
        print(f"{path} is no string")
lines = [[json.loads(line) for line in open(path)] for path in sys.argv[1:]]
for old, new in zip(*lines):
    shape(old, new, "")
PYTHON
for MEMTOP_FIXTURE in one traced; do
	"$TOOL" record --format json "$REC"
	ok "$MEMTOP_FIXTURE: compared" python3 "$TAP_TMP/shape.py" "$FIRST" "$REC"
	is "$OUT" "" "$MEMTOP_FIXTURE: nothing of it is gone, or of another type"
done

# Bytes that are not UTF-8 are kept, for other readers too.
MEMTOP_FIXTURE=hostile
"$TOOL" record --format json "$REC"
is "$(python3 -c '
import json, os, sys
sample = json.loads(open(sys.argv[1]).readlines()[1])
print(os.fsencode(sample["devices"][2]["name"]).hex())' "$REC")" \
	"$(printf 'not\xff\xc3utf8\xed\xa0\x80' | od -An -tx1 | tr -d ' \n')" \
	"Python's surrogateescape gives the bytes of a name"
is "$(LC_ALL=C grep -c '[^ -~]' <(sed 's/naïve 日本//' "$REC"))" 0 \
	"a recording has no control characters"

# --- several samples ------------------------------------------------------
MEMTOP_FIXTURE=one
ok "three samples" "$TOOL" record --format json -n 3 -d 0.01 "$REC"
is "$(wc -l <"$REC")" 4 "are four lines"
ok "the recording keeps to the schema" tests/check-record "$REC"
boottime() {
	"$TOOL" report --json --replay "$@" | jq .boottime_ns
}
is "$(boottime "$REC")" 100000000002 "the last one is shown"
is "$(boottime "$REC" --sample 1)" 100000000000 "or the first"
is "$(boottime "$REC" --sample=2)" 100000000001 "or the one between"
is "$(boottime - <"$REC")" 100000000002 "stdin can be replayed"
is "$(boottime /dev/fd/0 < <(cat "$REC"))" 100000000002 "a pipe too"
is "$("$TOOL" record --format json - | tail -n 1)" "$(sed -n 2p "$REC")" \
	"stdout can be recorded to"
status_is 5 "a sample that is not there gives 5" \
	"$TOOL" report --replay "$REC" --sample 4
is "$OUT" "" "and prints nothing"
like "$ERR" "has no sample 4, its last is 3" "with a message that names the reason"
head -n 1 "$REC" >"$TAP_TMP/none"
status_is 5 "no sample at all gives 5" "$TOOL" report --replay "$TAP_TMP/none"
like "$ERR" "has no sample" "with a message that names the reason"
# uptime: in hundredths of a second, by a clock that cannot be set
uptime() {
	cut -d' ' -f1 /proc/uptime | tr -d .
}
start=$(uptime)
ok "samples at a pace" "$TOOL" record --format json -n 3 -d 0.2 "$REC"
is_num "$(($(uptime) - start))" '>=' 39 "take their time"

# --- a sample by its time -------------------------------------------------
TIMES=$TAP_TMP/times
"$TOOL" record --format json -n 4 -d 0.01 "$REC"
is "$(date -u -d "@$(($(sed -n 2p "$REC" | jq .realtime_ns) / 1000000000))" +%T)" 13:01:40 "each sample has the time of the wall clock"
# at 10:00:00.5, 10:00:10, 10:01:10 and 10:01:10.9 on the 27th of November
python3 - "$REC" <<'PYTHON' >"$TIMES"
import json, sys
times = [1795773600_500000000, 1795773610_000000000, 1795773670_000000000, 1795773670_900000000]
with open(sys.argv[1]) as lines:
    print(next(lines), end="")
    for time, line in zip(times, lines):
        sample = json.loads(line)
        sample["realtime_ns"] = time
        print(json.dumps(sample))
PYTHON
export TZ=UTC
# number COMMAND...: of the sample that a command shows, by its time
number() {
	"$TOOL" "$@" --replay "$TIMES" --json | jq '.boottime_ns - 99999999999'
}
is "$(number report --at 10:00)" 1 "--at takes the sample in that second"
is "$(number report --at 10:00:09)" 1 "... or the one before"
is "$(number report --at 10:01:10)" 4 "... the last one of several"
is "$(number report --at=2026-11-27T10:00:10)" 2 "... with a date"
is "$(number report --at '2026-11-27 10:00:10')" 2 "... in both forms"
is "$(number report --at 23:59)" 4 "... or the last one of all"
is "$(TZ=UTC-2 number report --at 12:00:10)" 2 "... in the local time"
is "$("$TOOL" advise --json --replay "$TIMES" --at 10:01 | jq .samples)" 2 "advise takes the samples up to there"
status_is 3 "check the one at that time" "$TOOL" check --replay "$TIMES" --at 10:01
like "$("$TOOL" top -b -n 1 --replay "$TIMES" --at 10:00:10)" "sample 2[^0-9]" "top begins there"
is "$("$TOOL" top -b --replay "$TIMES" --at 10:00:10 | grep -c '^verity-memtop ')" 3 "... and goes on"
is "$("$TOOL" top -b --replay "$TIMES" --sample 4 | grep -c '^verity-memtop ')" 1 "... also with a number"
is "$("$TOOL" top -b --replay - --at 10:00:10 <"$TIMES" | grep -c '^verity-memtop ')" 3 "... of stdin, too"
status_is 5 "a number that is not there gives 5" "$TOOL" top -b --replay "$TIMES" --sample 5
status_is 5 "a time before the first sample gives 5" "$TOOL" report --replay "$TIMES" --at '2026-11-27 09:59'
like "$ERR" "has no sample at or before this time: its first is of 2026-11-27 10:00:00" "... and names its time"
status_is 5 "... also without a date" "$TOOL" report --replay "$TIMES" --at 09:59
status_is 5 "a recording without times gives 5" "$TOOL" report --replay "$FIRST" --at 10:00
like "$ERR" "the samples have no wall-clock time: use --sample instead of --at" "... with a message that names the reason"
ok "the time can be left out" "$TOOL" record --format json --no-wall-clock "$REC"
is "$(sed -n 2p "$REC" | jq .realtime_ns)" null "... and is null then"
ok "the recording keeps to the schema" tests/check-record "$REC" "$TIMES"
is "$("$TOOL" report --list-samples --replay "$TIMES" | awk '{ print $1, $2, $3, $4 }')" "SAMPLE TIME AFTER DEVICES
1 2026-11-27 10:00:00 0s
2 2026-11-27 10:00:10 1ns
3 2026-11-27 10:01:10 2ns
4 2026-11-27 10:01:10 3ns" "the samples are listed with their times"
is "$("$TOOL" report --list-samples --noheadings --replay "$REC" | awk '{ print $1, $2 }')" "1 -" "... or without"
is "$("$TOOL" report --list-samples --json --replay "$TIMES" | jq -c '.samples[] | [.number, .realtime_ns, .after_ns]')" \
	"[1,1795773600500000000,0]
[2,1795773610000000000,1]
[3,1795773670000000000,2]
[4,1795773670900000000,3]" "... also as JSON"
is "$("$TOOL" report --list-samples --json --replay "$REC" | jq -c '.samples[0].realtime_ns')" null "... or without a time"
# a deadlock in the second of three samples, 25 s after the first
jq -c 'if .boottime_ns then .realtime_ns = .boottime_ns + 1795773600000000000 else . end' \
	tests/recordings/deadlock >"$TAP_TMP/dead"
status_is 0 "watch up to a sample" "$TOOL" watch --replay "$TAP_TMP/dead" --sample 1
is "$OUT" "" "... reports nothing later"
status_is 6 "watch up to the next one" "$TOOL" watch --replay "$TAP_TMP/dead" --sample 2
is "$(grep -o '[a-z]*: bottom' <<<"$OUT")" "deadlock: bottom" "... reports its event, and no later one"
status_is 6 "watch up to a time" "$TOOL" watch --replay "$TAP_TMP/dead" --at 10:01
is "$(grep -o '[a-z]*: bottom' <<<"$OUT")" "deadlock: bottom" "... reports the same"
status_is 6 "watch up to a later time" "$TOOL" watch --replay "$TAP_TMP/dead" --at 10:02
is "$(grep -c 'bottom (253:2): ' <<<"$OUT")" 2 "... reports the end as well"
refuses 5 "has no sample at or before this time" watch --replay "$TAP_TMP/dead" --at "2026-11-27 09:00"
refuses 2 "--at goes with --replay only" watch --at 10:00
for time in 10 24:00 10:60 '2026-11-31 10:00' '10:00 ' ''; do
	refuses 2 "--at: '$time' is not a time" report --replay "$TIMES" "--at=$time"
done
refuses 2 "--at goes with --replay only" report --at 10:00
refuses 2 "--list-samples goes with --replay only" report --list-samples
refuses 2 "--at does not go with --sample" report --replay "$TIMES" --at 10:00 --sample 1
refuses 2 "--at does not go with --list-samples" report --replay "$TIMES" --at 10:00 --list-samples
refuses 2 "--csv does not go with --list-samples" report --replay "$TIMES" --csv --list-samples
unset TZ

# --- wrong usage ----------------------------------------------------------
refuses 2 "record needs FILE" record
refuses 2 "'b' is one argument too many" record a b
refuses 2 "--count: 'x' is not a number" record -n x a
refuses 2 "--count: '' is not a number" record --count= a
refuses 2 "--count: '-1' is not a number" record -n -1 a
refuses 2 "--count: '18446744073709551616' is out of range" \
	record -n 18446744073709551616 a
for delay in x '' -1 1e3 1. .5 1,5 0.0000000001 ' 1' 0x1 1.x; do
	refuses 2 "--delay: '$delay' is not a number" record "--delay=$delay" a
done
refuses 2 "is out of range" record -d 99999999999999999999 a
refuses 2 "is out of range" record -d 40000000 a
refuses 2 "--sample: '0' is out of range" report --replay a --sample 0
refuses 2 "--sample goes with --replay" report --sample 1
refuses 2 "--watch does not go with --replay" record --watch --replay a b
refuses 2 "--count is not for report" report --count 1
refuses 2 "--noheadings is not for record" -H record a
refuses 1 "cannot read $TAP_TMP/nosuch: No such file" \
	report --replay "$TAP_TMP/nosuch"
refuses 1 "cannot read $TAP_TMP: Is a directory" report --replay "$TAP_TMP"
refuses 1 "/dev/null: it is empty" report --replay /dev/null

# --- where it cannot be written -------------------------------------------
refuses 1 "cannot write /nosuch/rec: No such file" record /nosuch/rec
refuses 1 "cannot write $TAP_TMP: Is a directory" record "$TAP_TMP"
refuses 1 "cannot write /dev/full: No space left" record /dev/full
status_is 1 "stdout on a full disk gives 1" \
	bash -c '"$@" >/dev/full' - "$TOOL" record --format json -
like "$ERR" "cannot write to stdout: No space left" "with a message that names the reason"
ok "a reader that ends is no noise" bash -c '
	"$@" 2>"$0" | head -n 1 >/dev/null
	[ "${PIPESTATUS[0]}" = 1 ] && [ ! -s "$0" ]' \
	"$TAP_TMP/quiet" "$TOOL" record --format json -n 0 -d 0 -

# An old recording is replaced only by a new one.
"$TOOL" record --format json "$REC"
cp "$REC" "$TAP_TMP/old"
MEMTOP_OPEN_ERROR=1 refuses 3 fixture record "$REC"
MEMTOP_READ_ERROR=5 refuses 1 fixture record "$REC"
ok "an old one stays when there is no sample" cmp "$REC" "$TAP_TMP/old"
MEMTOP_OPEN_ERROR=1 refuses 3 fixture record "$TAP_TMP/new"
not_ok "no file is left without a sample" test -e "$TAP_TMP/new"
printf 'x%.0s' {1..9999} >"$REC"
ok "a shorter recording" "$TOOL" record --format json "$REC"
ok "leaves nothing behind" "$TOOL" report --replay "$REC"

# A disk that fills up: the samples so far can be used.
status_is 1 "a size limit stops it" \
	bash -c 'ulimit -f 32; exec "$@"' - "$PLAIN" record --format json -n 0 -d 0 "$REC"
like "$ERR" "cannot write $REC: File too large" "a message reports it"
ok "the samples up to there are good" "$TOOL" report --replay "$REC"
is "$ERR" "" "no part of another one is in it"

# --- interrupted ----------------------------------------------------------
# has_lines NUMBER: succeeds if the recording has that many
has_lines() {
	[ -e "$REC" ] && [ "$(wc -l <"$REC")" -ge "$1" ]
}
for signal in INT TERM HUP; do
	rm -f "$REC"
	background "$TOOL" record --format json -n 0 -d 0.05 "$REC" 2>"$TAP_TMP/err"
	comes_true has_lines 4
	kill -s "$signal" $!
	wait $!
	is "$?" 0 "SIG$signal ends a recording"
	is "$(cat "$TAP_TMP/err")" "" "SIG$signal: quietly"
	ok "SIG$signal: it can be replayed" "$TOOL" report --replay "$REC"
	is "$ERR" "" "SIG$signal: it is whole"
done
rm -f "$REC"
background "$TOOL" record --format json -n 2 -d 30000000 "$REC"
comes_true has_lines 2
kill -s INT $!
ended() { ! kill -0 $! 2>/dev/null; }
ok "a delay of a year is no delay for a signal" comes_true ended

# --- cut short ------------------------------------------------------------
MEMTOP_FIXTURE=traced
"$TOOL" record --format json -n 2 -d 0 "$REC"
header=$(sed -n 1p "$REC")
sample=$(sed -n 2p "$REC")
size=$(stat -c %s "$REC")
first=$(head -n 2 "$REC" | wc -c)
truncate -s $((size - 1)) "$REC"
ok "only the last newline is missing" "$TOOL" report --replay "$REC"
is "$ERR" "" "which does not change the result"
is "$(boottime "$REC")" 100000000001 "the sample counts"
# The last line is cut at any place, also within a character or an escape.
sed 's/quiet/qu\xc3\xa9\\u00e9\\ud83d\\ude00/' "$REC" >"$TAP_TMP/whole"
first=$(head -n 2 "$TAP_TMP/whole" | wc -c)
wrong=
for ((at = first + 1; at < first + 420; at += 1)); do
	head -c "$at" "$TAP_TMP/whole" >"$TAP_TMP/cut"
	[ "$("$PLAIN" report --json --replay "$TAP_TMP/cut" 2>"$TAP_TMP/err" |
		jq .boottime_ns)" = 100000000000 ] &&
		grep -q 'cut:3: this sample is cut short and left out' \
			"$TAP_TMP/err" || wrong="$wrong $at"
done
is "$wrong" "" "a last line cut at any byte is left out"
head -c $((first - 10)) "$TAP_TMP/whole" >"$TAP_TMP/cut"
status_is 5 "nothing but a cut sample gives 5" \
	"$TOOL" report --replay "$TAP_TMP/cut"
head -c 20 "$TAP_TMP/whole" >"$TAP_TMP/cut"
refuses 1 "cut:1: byte 21: it ends where the end of a string is expected" \
	report --replay "$TAP_TMP/cut"
# In the middle of a file a cut line is an error.
{ head -n 1 "$REC"; head -c 500 <<<"$sample"; echo; echo "$sample"; } \
	>"$TAP_TMP/cut"
refuses 1 "cut:2: byte 501: it ends" report --replay "$TAP_TMP/cut"
ok "lines after the sample that is asked for are not read" bash -c '
	{ echo "$0"; echo "$1"; echo junk; } | "$2" report --sample 1 --replay -' \
	"$header" "$sample" "$TOOL"

# --- damaged --------------------------------------------------------------
MEMTOP_FIXTURE=traced
"$TOOL" record --format json "$REC"
ok "both the schema and the tool refuse faulty recordings" \
	tests/check-record --faults "$PLAIN" "$REC"
like "$OUT" '^[0-9]{3,} faulty' "more than a hundred recordings"

# damaged MESSAGE NAME [LINE]: the recording on stdin is refused with this message
damaged() {
	cat >"$TAP_TMP/damaged"
	status_is 1 "$2: status 1" "$TOOL" report --replay "$TAP_TMP/damaged"
	is "$OUT" "" "$2: no output"
	like "$ERR" "damaged:${3:-2}: $1" "$2: message"
	[ "$(wc -l <<<"$ERR")" -le 2 ] || fail "$2: one message"
}
# with SED NAME MESSAGE: the valid recording with its sample changed
with() {
	sed "2{$1}" "$REC" >"$TAP_TMP/with"
	if cmp -s "$REC" "$TAP_TMP/with"; then
		fail "$2: nothing was changed"
	fi
	damaged "byte [0-9]+: $3" "$2" <"$TAP_TMP/with"
}
with 's/"min":16/"min":16,"min":17/' "a key twice" '"min" twice in a pool'
with 's/"source"/"sourc\\u0065":"stock","source"/' \
	"a key twice, one with an escape" '"source" twice'
with 's/"min":16/"min":18446744073709551616/' "2^64" "not an integer"
with 's/"min":16/"min":18446744073709551615/' "2^64 - 1" "not an integer"
with 's/"min":16/"min":1e400/' "1e400" "not an integer"
with 's/"min":16/"min":16.0/' "a fraction" "not an integer"
with 's/"min":16/"min":-0/' "minus nothing" "not an integer"
with 's/"min":16/"min":016/' "a leading zero" "expected ',' or '}'"
with 's/"min":16/"min":NaN/' "NaN" "expected a number"
with 's/"min":16/"min":16,"x":NaN/' "NaN where nobody looks" "expected a value"
with 's/"min":16/"min":+16/' "a plus" "expected a number"
with 's/"min":16/"min":Infinity/' "infinity" "expected a number"
with 's/"min":16/"min":16,/' "a comma too many" "expected a string"
with "s/\"min\":16/'min':16/" "single quotes" "expected a string"
with 's/$/ x/' "something after it" "text after the end of the object"
with 's/quiet/qui\\u0000et/' "a NUL by escape" "NUL in a string"
with 's/quiet/qui\\xet/' "an escape that is none" "an unknown escape"
with 's/quiet/qui\\ud800et/' "half a pair" "expected the second half of a surrogate pair"
with 's/quiet/qui\\udc00et/' "a surrogate for no byte" "a surrogate that does not encode"
with 's/quiet/qui\xffet/' "bytes that are no UTF-8" "bytes that are not UTF-8"
with 's/quiet/qui\xed\xa0\x80et/' "a surrogate in UTF-8" "bytes that are not"
with 's/quiet/qui\tet/' "a control character" "control character in"
with 's/"dev":"254:1","name"/"dev":"254:0","name"/' "a device twice" \
	"devices: device 254:0 twice"

# --- contradictory ----------------------------------------------------------
# The model's assumptions. The reader sorts lists, and refuses contradictions with the
# name of the object. changed PYTHON: $REC with this change to its sample s
changed() {
	python3 - "$REC" "$1" <<'PYTHON'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1])]
s = lines[1]
d, p, w = s["devices"], s["pools"], None
held = [pool for pool in p if pool.get("holders")]
waited = [pool for pool in p if pool["waiters"]]
busy = [device for device in d if device.get("ops")]
exec(sys.argv[2])
print("\n".join(json.dumps(line) for line in lines))
PYTHON
}
# contradicts NAME MESSAGE PYTHON
contradicts() {
	damaged "byte [0-9]+: $2" "$1" < <(changed "$3")
}
"$TOOL" record --format json "$REC"
contradicts "a device twice, far from each other" 'devices: device [0-9]+:[0-9]+ twice' \
	'd.append(dict(d[0]))'
contradicts "a target's place twice" 'targets of device [0-9:]+: index 0 twice in a slot' \
	'd[0]["targets"] *= 2'
contradicts "a repair's number twice" 'ops: repair [0-9]+ twice' \
	'd[0]["ops"] = [dict(o) for o in busy[-1]["ops"]]; d[0] is busy[-1] and d[1].update(ops=d[0]["ops"])'
contradicts "a repair without a place" 'ops: repair [0-9]+ has an io_dev, and null for io_sector$' \
	'busy[0]["ops"][0]["io_sector"] = None'
contradicts "a pool twice in a table" 'pools: id [0-9]+ twice in a table of device [0-9:]+' \
	'p.append(dict(p[3]))'
contradicts "a pool of no device twice" 'pools: id 77 twice without a device' \
	'p += [dict(p[3], id=77, dev=None), dict(p[2], id=77, dev=None, target_index=p[3]["target_index"], slot=p[3]["slot"])]'
contradicts "a thread that waits twice" 'waiters of pool [0-9]+: pid [0-9]+ twice' \
	'waited[0]["waiters"].append(dict(waited[0]["waiters"][0]))'
contradicts "a waiter's I/O without a place" 'waiters of pool [0-9]+: task [0-9]+ has an io_dev, and null for io_sectors' \
	'waited[0]["waiters"][0].update(io_dev="7:0", io_sector=1, io_sectors=None)'
contradicts "a holder's I/O without a place" 'holders of pool [0-9]+: task [0-9]+ has an io_dev, and null for io_sector$' \
	'held[0]["holders"][0].update(io_dev="7:0", io_sector=None, io_sectors=8)'
for key in start sectors lower_start; do
	contradicts "a mapping without $key" "links: 1:2 on 3:4 is mapped, and null for $key" \
		"s['links'] = [dict({'upper': '1:2', 'lower': '3:4', 'kind': 'data', 'mapped': True, 'start': 0,
			'sectors': 8, 'lower_start': 0, 'in_flight': None}, $key=None)]"
done
contradicts "a thread's stack twice" 'stacks: pid 5 twice' \
	's["stacks"] = [{"pid": n, "text": "x"} for n in (5, 4, 5)]'
damaged 'byte [0-9]+: boottime_ns: 5 is before that of the sample before, [0-9]+' "a clock that goes back" 3 \
	< <(changed 'lines.append(dict(s, boottime_ns=5))')
ok "an unknown time is accepted" "$TOOL" report --replay <(changed \
	'lines += [dict(s, boottime_ns=None), s]')
# Any order is accepted: all views are the same.
changed 'pass' >"$TAP_TMP/ordered"
changed 'import random
r = random.Random(1)
for l in (d, p, s.get("links") or [], s["stacks"]): r.shuffle(l)
for one in d:
    for key in ("targets", "ops", "lower"): r.shuffle(one.get(key) or [])
for one in p: r.shuffle(one["waiters"])' >"$TAP_TMP/shuffled"
ok "a shuffled recording is another file" \
	bash -c '! cmp -s "$1" "$2"' - "$TAP_TMP/ordered" "$TAP_TMP/shuffled"
for how in report "report --pools" "report --json" "report --csv" "report --tree" \
	watch "watch --json" check "top -b -n 1" advise; do
	# shellcheck disable=SC2086 # a word each
	"$TOOL" $how --replay "$TAP_TMP/ordered" >"$TAP_TMP/want" 2>&1
	# shellcheck disable=SC2086 # a word each
	"$TOOL" $how --replay "$TAP_TMP/shuffled" >"$TAP_TMP/got" 2>&1
	# JSON keeps the order of lists of waiters and of lower devices
	if [[ $how == *json ]]; then
		for one in want got; do
			jq -c 'walk(if type == "array" then sort else . end)' "$TAP_TMP/$one" >"$TAP_TMP/$one.json"
			mv "$TAP_TMP/$one.json" "$TAP_TMP/$one"
		done
	fi
	ok "'$how' of a shuffled recording is the same" diff "$TAP_TMP/want" "$TAP_TMP/got"
done

damaged 'byte [0-9]+: it ends where the end' "a newline in a name" \
	< <(sed '2s/quiet/qui\n/' "$REC")
damaged 'byte [0-9]+: control character' "a NUL in a name" \
	< <(sed '2s/quiet/qui\x00et/' "$REC")
damaged 'byte 1: expected an object' "zeros at the end" 3 \
	< <(cat "$REC" && head -c 100 /dev/zero)
damaged 'byte 1: it ends where an object' "a blank line" 3 \
	< <(cat "$REC" && echo)
damaged "the schema is 'verity-memtop/record/2'" "a later version" 1 \
	<<<'{"schema":"verity-memtop/record/2","novel":[]}'
damaged 'byte 1: expected an object' "no JSON" 1 <<<'NAME  DEV'
damaged 'byte 2: it ends where' "the report's JSON" 1 \
	< <("$PLAIN" report --json)
like "$ERR" "verity-memtop record" "with a hint"

# Unknown keys are ignored, within limits.
ok "keys of a later version are skipped" "$TOOL" report --replay <(
	sed 's/"min":16/"min":16,"novel":{"a":[1,-2.5e3,{"b":null}],"b":"\\udcff"}/
		s/"schema"/"\\u0000novel":1,"schema"/;s/u0000/u0001/' "$REC")
is "$ERR" "" "without a message"
deep=$(printf '[%.0s' {1..100})
with "s/\"min\":16/\"min\":16,\"x\":$deep/" "nested deeply" "nested too deeply"
deep=$(printf '{"a":%.0s' {1..60})1$(printf '}%.0s' {1..60})
ok "60 levels are fine" "$TOOL" report --replay <(
	sed "s/\"min\":16/\"min\":16,\"x\":$deep/" "$REC")

# --- huge -----------------------------------------------------------------
# limited SECONDS COMMAND...: runs it with 4 GiB and this CPU time
limited() {
	local seconds=$1
	shift
	(ulimit -v 4194304 && ulimit -t "$seconds" && exec "$@")
}
{ echo "$header"; head -c 100M /dev/zero | tr '\0' '['; } >"$TAP_TMP/huge"
status_is 1 "a line of 100 MB of brackets" \
	limited 300 "$PLAIN" report --replay "$TAP_TMP/huge"
like "$ERR" "huge:2: byte 1: expected an (array|object)" "is refused"
{ echo "$header"; printf '{"x":"'; head -c 100M /dev/zero | tr '\0' 'x'
	printf '",%s\n' "${sample#\{}"; } >"$TAP_TMP/huge"
ok "a line of 100 MB that is right" \
	limited 300 "$PLAIN" report --replay "$TAP_TMP/huge"
{ echo "$header"; head -c 257M /dev/zero | tr '\0' ' '; } >"$TAP_TMP/huge"
status_is 1 "a line without end" \
	limited 300 "$PLAIN" report --replay "$TAP_TMP/huge"
like "$ERR" "huge:2: the line is longer than 256 MiB" "is given up"
# many KIND NUMBER: a sample with that many objects of this kind
many() {
	python3 - "$REC" "$@" <<'PYTHON'
import json, sys
header, sample = [json.loads(line) for line in open(sys.argv[1])]
nr = int(sys.argv[3])
pool = json.dumps(sample["pools"][0])
device = dict(sample["devices"][0], targets=[], lower=[], uuid="")
device = json.dumps(device, separators=(",", ":"))
sample["devices"] = sample["pools"] = []
text = json.dumps(sample)
if sys.argv[2] == "devices":
    items = ",".join(device.replace("254:0", f"{i >> 20}:{i & 0xfffff}")
                     for i in range(nr))
    text = text.replace('"devices": []', f'"devices": [{items}]')
elif sys.argv[2] == "types":
    items = ",".join('{"slot":"live","index":%d,"type":"%d"}' % (i, i)
                     for i in range(nr))
    items = device.replace('"targets":[]', f'"targets":[{items}]')
    text = text.replace('"devices": []', f'"devices": [{items}]')
elif sys.argv[2] == "chain":
    items = ",".join(device.replace("254:0", f"254:{i}")
                     .replace('"lower":[]', f'"lower":["254:{(i + 1) % nr}"]')
                     for i in range(nr))
    text = text.replace('"devices": []', f'"devices": [{items}]')
else:
    items = ",".join(pool.replace("254:0", f"254:{i}") for i in range(nr))
    text = text.replace('"pools": []', f'"pools": [{items}]')
print(json.dumps(header))
print(text)
PYTHON
}
many devices 1000000 >"$TAP_TMP/huge"
is_num "$(limited 600 "$PLAIN" report -H --no-totals -o dev \
	--replay "$TAP_TMP/huge" 2>"$TAP_TMP/err" | wc -l)" == 1000000 \
	"a million devices"
like "$(cat "$TAP_TMP/err")" "no verity device" "are read to their end"
many devices 100000 >"$TAP_TMP/huge"
limited 600 "$PLAIN" report --tree --replay "$TAP_TMP/huge" >"$TAP_TMP/out" \
	2>"$TAP_TMP/err"
is "$?" 5 "100000 devices as a tree"
# chain: each device on the next one, the last on the first
many chain 20000 >"$TAP_TMP/huge"
is_num "$(limited 600 "$PLAIN" report --tree -o dev -H --no-totals \
	--replay "$TAP_TMP/huge" 2>"$TAP_TMP/err" | wc -l)" '>=' 20000 \
	"a ring of 20000 devices as a tree"
many types 100000 >"$TAP_TMP/huge"
status_is 5 "100000 types of targets" \
	limited 300 "$PLAIN" report --csv --replay "$TAP_TMP/huge"
many shared 20000 >"$TAP_TMP/huge"
status_is 5 "a pool of 20000 devices" \
	limited 300 "$PLAIN" report --json --replay "$TAP_TMP/huge"

# --- modules are being replaced, and reading fails ------------------------------
MEMTOP_PLAY="calm@0 error11@1000 calm@2500" status_is 0 "a recording goes on after a gap in which nothing can be read" \
	"$PWD/$BUILD/plain/memtop-fixture" record --format json -n 5 -d 0.5 "$TAP_TMP/gap"
is "$(tail -n +2 "$TAP_TMP/gap" | wc -l)" 5 "... with all samples"
MEMTOP_PLAY="error11@0 calm@2500" status_is 1 "one that cannot begin ends" \
	"$PWD/$BUILD/plain/memtop-fixture" record --format json -n 5 -d 0.5 "$TAP_TMP/gap"

done_testing
