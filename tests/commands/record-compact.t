#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Compact recordings: a replayed sample equals the recorded one, in every view; they are
# converted to lines of JSON and back; damage is reported and costs its part; rings keep
# their limits whatever happens.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/asan/memtop-fixture
PLAIN=$BUILD/plain/memtop-fixture
REC=$TAP_TMP/rec
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE TZ=UTC
unset NO_COLOR

# --- there and back -------------------------------------------------------
for MEMTOP_FIXTURE in empty demo states shared hostile losses traced deadlock; do
	"$TOOL" record "$REC"
	for how in report "report --pools" "report --json" "report --tree"; do
		# shellcheck disable=SC2086 # a word each
		"$TOOL" $how >"$TAP_TMP/live" 2>&1
		# shellcheck disable=SC2086 # a word each
		MEMTOP_OPEN_ERROR=1 "$TOOL" $how --replay "$REC" >"$TAP_TMP/replayed" 2>&1
		ok "$MEMTOP_FIXTURE: '$how' is the same" diff "$TAP_TMP/live" "$TAP_TMP/replayed"
	done
done
# those of earlier versions, and back
for recording in tests/recordings/* tests/fuzz/corpus/first-version; do
	name=${recording##*/}
	ok "$name: is converted" "$TOOL" record --replay "$recording" "$REC"
	for how in "report --json" "report --list-samples" "watch --json" "advise --json" "top -b"; do
		# shellcheck disable=SC2086 # a word each
		"$TOOL" $how --replay - <"$recording" >"$TAP_TMP/old" 2>&1
		# shellcheck disable=SC2086 # a word each
		"$TOOL" $how --replay - <"$REC" >"$TAP_TMP/new" 2>&1
		ok "$name: '$how' is the same" diff "$TAP_TMP/old" "$TAP_TMP/new"
	done
	"$TOOL" record --replay "$recording" --format json "$TAP_TMP/json"
	ok "$name: as JSON it keeps to the schema" tests/check-record "$TAP_TMP/json"
	ok "$name: is converted back" "$TOOL" record --format json --replay "$REC" "$TAP_TMP/back"
	ok "$name: ... to the same bytes" cmp "$TAP_TMP/json" "$TAP_TMP/back"
	is_num "$(stat -c %s "$REC")" '<' "$(($(stat -c %s "$recording") / 4))" "$name: a quarter of the bytes at most"
done

# --- through pipes --------------------------------------------------------
MEMTOP_FIXTURE=one
is "$("$TOOL" record -n 3 -d 0 - | "$TOOL" report --list-samples -H --replay - | wc -l)" 3 "stdout and stdin"
is "$("$TOOL" record -n 3 -d 0 - | "$TOOL" record --replay - -n 2 --format json - | wc -l)" 3 "... converted, as many as asked for"
is "$({ "$TOOL" record -n 2 -d 0 -; "$TOOL" record -n 3 -d 0 -; } | "$TOOL" report --list-samples -H --replay - | awk '{ print $1 }' | xargs)" \
	"1 2 3 4 5" "two recordings in one file"
# a sample is shown as soon as it is there
mkfifo "$TAP_TMP/fifo"
"$PLAIN" top -b --replay - <"$TAP_TMP/fifo" >"$TAP_TMP/top" 2>&1 &
viewer=$!
background "$PLAIN" record -n 0 -d 1000000 "$TAP_TMP/fifo"
ok "a sample is shown before the next one arrives" comes_true grep -q "^verity-memtop " "$TAP_TMP/top"
kill $!
wait $! $viewer 2>/dev/null

# --- host, boot and time ---------------------------------------------------
"$TOOL" record -n 2 -d 0 "$REC"
sample() {
	"$TOOL" record --replay "$REC" --format json "$@" - | sed -n 2p
}
is "$(sample | jq -c '[.host, .boot_id, .kernel, (.realtime_ns != null)]')" \
	'["testhost","01234567-89ab-cdef-0123-456789abcdef","6.12.0-test",true]' "host, boot and time are recorded"
is "$(sample --no-host | jq -c '[.host, .boot_id, (.realtime_ns != null)]')" '[null,null,true]' "a copy can leave out the host"
is "$(sample --no-host --no-wall-clock | jq -c '[.host, .boot_id, .realtime_ns]')" '[null,null,null]' "... and the time"
ok "so can a recording" "$TOOL" record --no-host --no-wall-clock -n 2 -d 0 "$REC"
is "$(sample | jq -c '[.host, .boot_id, .realtime_ns]')" '[null,null,null]' "... with --no-host and --no-wall-clock together"
is "$(grep -c -a testhost "$REC")" 0 "... it is nowhere in the file"

# --- back in time ---------------------------------------------------------
"$TOOL" record -n 4 -d 0 --format json "$REC"
# at 10:00:00.5, 10:00:10, 10:01:10 and 10:01:10.9 on the 27th of November
python3 - "$REC" <<'PYTHON' >"$TAP_TMP/times.json"
import json, sys
times = [1795773600_500000000, 1795773610_000000000, 1795773670_000000000, 1795773670_900000000]
with open(sys.argv[1]) as lines:
    print(next(lines), end="")
    for time, line in zip(times, lines):
        print(json.dumps(dict(json.loads(line), realtime_ns=time)))
PYTHON
"$TOOL" record --replay "$TAP_TMP/times.json" "$TAP_TMP/times"
for TIMES in "$TAP_TMP/times" "$TAP_TMP/times.json"; do
	number() {
		"$TOOL" report --json --replay "$TIMES" "$@" | jq '.boottime_ns - 99999999999'
	}
	is "$(number --at 10:00)" 1 "--at takes the sample in that second"
	is "$(number --at 10:00:10)" 2 "... or another one"
	status_is 0 "the table of that time" "$TOOL" report --replay "$TIMES" --at 10:00:12
	like "$ERR" "^[^:]*: sample 2 of 2026-11-27 10:00:10$" "... with its number and time"
	is "$(number -t 1)" 2 "-t takes the last one so long before the end"
	is "$(number --ago 60)" 2 "... in seconds"
	is "$(number -t 1m)" 2 "... or minutes"
	is "$(number -t 61)" 1 "... however long"
	like "$("$TOOL" top -b -n 1 --replay "$TIMES" -t 1m)" "sample 2[^0-9]" "top begins there"
	is "$("$TOOL" top -b --replay "$TIMES" -t 1m | grep -c '^verity-memtop ')" 3 "... and goes on"
	status_is 5 "a time before the first sample gives 5" "$TOOL" report --replay "$TIMES" -t 2h
	like "$ERR" "begins less than 2h00m before its last sample" "... with a message that names the reason"
done
MEMTOP_PLAY=calm@0 "$PLAIN" record --no-wall-clock -n 5 -d 1 "$TAP_TMP/timeless"
status_is 0 "in a recording without times" "$TOOL" report --replay "$TAP_TMP/timeless" -t 2
like "$ERR" "^[^:]*: sample 3$" "... the sample has a number only"
status_is 1 "--at -TIME of a pipe is refused" "$TOOL" report --replay - -t 1 <"$TAP_TMP/times"
like "$ERR" "cannot look back: standard input is not seekable" "... which a message reports"

# --- damage ---------------------------------------------------------------
# parts FILE: three parts of 601 samples, as each has 600 at most
MEMTOP_FIXTURE=one
"$PLAIN" record -n 1801 -d 0 "$REC"
cat >"$TAP_TMP/chunks.py" <<'PYTHON'
"""chunks.py FILE: of each chunk its place, kind, part, number and length; or
chunks.py FILE OUT AT BYTES: a copy with other bytes at a place;
chunks.py FILE OUT header N FIELD VALUE: with another value in the header of chunk N, whose sum is right"""
import struct, sys, zlib
FIELDS = {"version": (4, "B"), "stored": (32, "<I"), "raw": (36, "<I"), "kind": (3, "B")}
data = bytearray(open(sys.argv[1], "rb").read())
chunks, at = [], 0
while at < len(data):
    part, number = struct.unpack_from("<II", data, at + 8)
    stored, = struct.unpack_from("<I", data, at + 32)
    assert zlib.crc32(data[at:at + 44]) == struct.unpack_from("<I", data, at + 44)[0]
    assert zlib.crc32(data[at + 48:at + 48 + stored]) == struct.unpack_from("<I", data, at + 40)[0]
    chunks.append((at, chr(data[at + 3]), part, number, 48 + stored))
    at += 48 + stored
if len(sys.argv) == 2:
    for chunk in chunks:
        print(*chunk)
    sys.exit()
if sys.argv[3] == "header":
    at = chunks[int(sys.argv[4]) - 1][0]
    place, form = FIELDS[sys.argv[5]]
    struct.pack_into(form, data, at + place, int(sys.argv[6], 0))
    struct.pack_into("<I", data, at + 44, zlib.crc32(data[at:at + 44]))
else:
    new = bytes.fromhex(sys.argv[4])
    data[int(sys.argv[3]):int(sys.argv[3]) + len(new)] = new
open(sys.argv[2], "wb").write(data)
PYTHON
chunks() {
	python3 "$TAP_TMP/chunks.py" "$@"
}
is "$(chunks "$REC" | awk '$2 == "F" { print $3, $4 }' | xargs)" "1 1 2 601 3 1201 4 1801" \
	"another reader finds the parts, and all sums are right"
place() {
	chunks "$REC" | awk -v number="$1" '$4 == number { print $1 }'
}
BAD=$TAP_TMP/bad
samples() {
	"$TOOL" report --list-samples -H --replay "$BAD" 2>"$TAP_TMP/stderr" | wc -l
}
# damage AT MESSAGE SAMPLES
damage() {
	chunks "$REC" "$BAD" "$1" "${4:-00}"
	is "$(samples)" "$3" "damage at byte $1 leaves $3 samples"
	is "$(sed "s|^verity-memtop: warning: $BAD: ||" "$TAP_TMP/stderr")" "$2" "... and names the missing samples"
}
at=$(place 700)
damage $((at + 20)) "part 2 is damaged at byte $((at + 1)): 501 samples are missing, 700 to 1200" 1300
damage "$at" "part 2 is damaged at byte $((at + 1)): 501 samples are missing, 700 to 1200" 1300
at=$(place 1200)
damage $((at + 50)) "part 2 is damaged at byte $((at + 1)): sample 1200 is missing" 1800 aa
at=$(place 601)
damage $((at + 100)) "part 2 is damaged at byte $((at + 1)): 600 samples are missing, 601 to 1200" 1201
damage $((at + 1)) "part 2 is damaged at byte $((at + 1)): 600 samples are missing, 601 to 1200" 1201
damage 0 "part 1 is damaged at byte 1: 600 samples are missing, 1 to 600" 1201
damage 60 "part 1 is damaged at byte 1: 600 samples are missing, 1 to 600" 1201 aa
damage 0 "part 1 is damaged at byte 1: 600 samples are missing, 1 to 600" 1201 7b
at=$(place 1201)
damage $((at + 200)) "part 3 is damaged at byte $((at + 1)): 600 samples are missing, 1201 to 1800" 1201 aa
at=$(place 1801)
damage $((at + 200)) "damaged at byte $((at + 1)): the rest of the file, after sample 1800, is missing" 1800 aa
# the numbers are those of the whole recording
chunks "$REC" "$BAD" "$(place 700)" 00
is "$("$TOOL" report --json --sample 1201 --replay "$BAD" 2>/dev/null | jq .boottime_ns)" \
	"$("$TOOL" report --json --sample 1201 --replay "$REC" | jq .boottime_ns)" "the samples behind it keep their numbers"
status_is 5 "one that is missing gives 5" "$TOOL" report --sample 800 --replay "$BAD"
like "$ERR" "has no sample 800, the next is 1201" "... with a message that names the reason"
# cut anywhere, as by kill -9 or a power cut
size=$(stat -c %s "$REC")
for cut in 1 47 48 49 200; do
	head -c $((size - cut)) "$REC" >"$BAD"
	is "$(samples)" 1800 "a file without its last $cut bytes has the samples before the last"
	like "$(cat "$TAP_TMP/stderr")" ": the last sample is cut short and left out" "... which a message reports"
done
{ cat "$REC"; head -c 5000 /dev/zero; } >"$BAD"
is "$(samples)" 1801 "zeros behind it cost no sample"
like "$(cat "$TAP_TMP/stderr")" "damaged at byte $((size + 1)): the rest of the file, after sample 1801, is missing" "... but are reported"
head -c 30 "$REC" >"$BAD"
status_is 5 "a file that ends within its first sample has none" "$TOOL" report --replay "$BAD"
like "$ERR" "the last sample is cut short and left out.*has no sample" "... which a message reports"
head -c 3000 /dev/urandom | tr -d '{\223' >"$BAD"
status_is 1 "a file that is not a recording is refused" "$TOOL" report --replay "$BAD"
like "$ERR" "a recording is written by 'verity-memtop record'" "... with a hint"

# --- hostile --------------------------------------------------------------
# limited COMMAND...: in 256 MiB and 60 s of CPU
limited() {
	(ulimit -v 262144 && ulimit -t 60 && exec "$@")
}
"$PLAIN" record -n 2 -d 0 "$REC"
# hostile MESSAGE NAME FIELD VALUE [CHUNK]
hostile() {
	chunks "$REC" "$BAD" header "${5:-1}" "$3" "$4"
	status_is 1 "$2" limited "$PLAIN" report --replay "$BAD"
	like "$ERR" "byte [0-9]+: $1" "... is refused"
}
hostile "it was written by a later version" "a later version" version 2
hostile "a sample that expands to more than 1000 times its size" "a sample that expands to 100 MB" raw 100000000
hostile "a sample larger than 256 MiB" "one that expands to 4 GB" raw 0xffffffff
hostile "a sample larger than 256 MiB" "one of 4 GB" stored 0xffffffff
hostile "it cannot be expanded" "one of another length" raw 5000
chunks "$REC" "$BAD" header 1 stored 200000000
status_is 5 "a sample of 200 MB that is not there" limited "$PLAIN" report --replay "$BAD"
# additions of a later version are skipped
chunks "$REC" "$BAD" header 2 kind 0x58
ok "a chunk of an unknown kind is skipped" "$TOOL" report --replay "$BAD"
# A file of chunks in each other, each as long as all that follows it, with a wrong sum.
python3 - "$BAD" <<'PYTHON'
import struct, sys, zlib
total = 2 << 20
with open(sys.argv[1], "wb") as file:
    for at in range(0, total, 48):
        header = struct.pack("<3sBBBHIIQQIII", b"\x93MT", ord("C"), 1, 0, 0, 1, 2, 0, 0,
                             max(0, total - at - 48), max(0, total - at - 48), 0)
        file.write(header + struct.pack("<I", zlib.crc32(header)))
PYTHON
status_is 5 "a file of false chunks in each other" limited "$PLAIN" report --replay "$BAD"

# --- without zstd ---------------------------------------------------------
WITHOUT=$BUILD/memtop-no-zstd
MEMTOP_FIXTURE=demo
"$PLAIN" record "$REC"
status_is 1 "a build without zstd reads no compressed recording" "$WITHOUT" report --replay "$REC"
like "$ERR" "cannot read a compressed recording: this program was built without zstd" "... with the reason"
ok "it records" "$WITHOUT" record -n 3 -d 0 "$BAD"
is "$ERR" "" "... quietly"
is_num "$(stat -c %s "$BAD")" '>' "$(stat -c %s "$REC")" "... more bytes"
ok "others read that" diff <("$TOOL" report --json --replay "$BAD") <("$WITHOUT" report --json --replay "$BAD")
like "$("$BUILD/verity-memtop" --version)" "recordings: compressed with zstd" "--version lists the built-in parts"

# --- rings ----------------------------------------------------------------
MEMTOP_FIXTURE=one
RING=$TAP_TMP/ring
for option in "--ring 64K" "--ring x" "--keep 0" "--keep 1y"; do
	# shellcheck disable=SC2086 # a word each
	"$TOOL" record $option "$RING" 2>"$TAP_TMP/stderr"
	is $? 2 "$option is refused"
done
not_ok "... nothing is made" test -e "$RING"
ok "a ring" "$TOOL" record --ring 1M -n 3 -d 0 "$RING"
is "$(stat -c '%a' "$RING" "$RING"/* | xargs)" "700 600" "... is its user's alone"
is "$(ls "$RING")" 0000000001.memtop "... and has a file"
ok "... a second run" "$TOOL" record --keep 7d -n 2 -d 0 "$RING"
is "$(cd "$RING" && echo *)" "0000000001.memtop 0000000002.memtop" "... adds another one"
is "$("$TOOL" report --list-samples -H --replay "$RING" | awk '{ print $1 }' | xargs)" "1 2 3 4 5" "... which are shown as one"
is "$(cat "$RING"/* | "$TOOL" report --list-samples -H --replay - | wc -l)" 5 "... also put together"
ok "... each can be read alone" "$TOOL" report --replay "$RING/0000000002.memtop"
ok "watch, advise and top show all of it" bash -c \
	'"$0" watch --replay "$1" && "$0" advise --replay "$1" && "$0" top -b --replay "$1"' "$TOOL" "$RING"
touch "$RING/notes"
mkdir "$TAP_TMP/empty"
status_is 1 "a directory that has none" "$TOOL" report --replay "$TAP_TMP/empty"
like "$ERR" "cannot read .*: Is a directory" "... is refused"
ln -s /dev/null "$RING/0000000009.memtop"
status_is 1 "a link among them" "$TOOL" report --replay "$RING"
rm "$RING/0000000009.memtop"
refuses 1 "cannot write $REC: Not a directory" record --ring 1M "$REC"
chmod 777 "$TAP_TMP/empty"
refuses 1 "cannot write $TAP_TMP/empty: other users can write to this directory" record --ring 1M "$TAP_TMP/empty"
# killed at any time, and started again: limits are kept and each whole sample is there
MEMTOP_FIXTURE=demo
for ((i = 0; i < 12; i++)); do
	background "$PLAIN" record --ring 1M -n 0 -d 0 "$RING" 2>>"$TAP_TMP/killed"
	sleep 0.$((i % 4 + 1))
	kill -9 $!
	wait $! 2>/dev/null
done
is "$(cat "$TAP_TMP/killed")" "" "a ring that is killed again and again works"
is_num "$(cat "$RING"/*.memtop | wc -c)" '<=' $((1 << 20)) "... keeps its size"
ok "... leaves other files alone" test -e "$RING/notes"
ok "... and can be read" "$PLAIN" report --json --replay "$RING"
unlike "$ERR" "damaged" "... without damage"

done_testing
