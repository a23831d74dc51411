#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Metrics of made-up samples: compared byte by byte, checked by promtool, and written to
# files. The HTTP server is tested in export-http.t.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/asan/memtop-fixture
# for tests with many runs
PLAIN=$BUILD/plain/memtop-fixture
PROMTOOL=$(kernel/fetch-monitoring)/promtool || bail "there is no promtool"

# values that differ from run to run
steady() {
	sed -E 's/^(dmverity_scrape_duration_seconds|dmverity_machine_memory_bytes) .*/\1 N/'
}

# ---- to the byte -------------------------------------------------------------

for name in one one-device states states-pool traced traced-pool hostile-pool targets; do
	detail=()
	[ "${name#*-}" = "$name" ] || detail=(--detail "${name#*-}")
	MEMTOP_FIXTURE=${name%-*} "$TOOL" export --textfile - "${detail[@]}" >"$TAP_TMP/raw"
	is "$?" 0 "$name: exit status"
	steady <"$TAP_TMP/raw" >"$TAP_TMP/$name"
	[ -z "${GOLDEN_UPDATE:-}" ] || cp "$TAP_TMP/$name" "tests/metrics/$name.prom"
	ok "$name: metrics" diff -u "tests/metrics/$name.prom" "$TAP_TMP/$name"
done
is "$(cd tests/metrics && echo *)" \
	"hostile-pool.prom one-device.prom one.prom states-pool.prom states.prom targets.prom traced-pool.prom traced.prom" "each file there is compared"

for fixture in empty one demo noverity states unknowns shared hostile losses huge thousand traced stack targets; do
	MEMTOP_FIXTURE=$fixture "$PLAIN" export --textfile - --detail pool >"$TAP_TMP/raw"
	ok "$fixture: promtool reports nothing" "$PROMTOOL" check metrics <"$TAP_TMP/raw"
	is "$OUT$ERR" "" "... without a message"
done
# promtool does complain about a wrong file
not_ok "promtool reports a fault" "$PROMTOOL" check metrics <<<'a_total{b="c"} x'
is "$(sort "$TAP_TMP/raw" | grep -v '^#' | cut -d' ' -f1 | uniq -d)" "" "no series is there twice"

# ---- which devices -----------------------------------------------------------

export MEMTOP_FIXTURE=demo
is "$("$TOOL" export --textfile - --detail role | steady)" "$("$TOOL" export --textfile - | steady)" "--detail: role is the default"
is "$("$TOOL" export --textfile - --name plain-1 | sed -n 's/^dmverity_role_elements{role="hash.io"} //p')" 16 \
	"the sums of roles are of the devices that are exported"
devices() {
	"$TOOL" export --textfile - "$@" | sed -n 's/^dmverity_device_info{.*name="\([^"]*\)".*/\1/p' | paste -sd' '
}
is "$(devices --name 'plain-1*')" "plain-1 plain-10 plain-11 plain-12 plain-13 plain-14 plain-15 plain-16 plain-17 plain-18 plain-19" \
	"--name"
is "$(devices --name fec --name stacked)" "fec stacked" "... twice"
is "$(devices --target verity | wc -w)" 61 "--target"
is "$(devices --target linear)" "" "... for a type that no device has"

# ---- a recording ---------------------------------------------------------------

replayed() {
	"$TOOL" export --textfile - --replay tests/recordings/deadlock --threshold 1 "$@" | sed -n 's/^dmverity_deadlock{device="dm-2"} //p'
}
is "$(replayed --sample 2)" 1 "--replay: a sample with a deadlock"
is "$(replayed)" 0 "... the last one has none"
MEMTOP_FIXTURE=one "$PLAIN" record -n 1 "$TAP_TMP/recorded" 2>/dev/null
MEMTOP_FIXTURE=none "$TOOL" export --textfile - --replay "$TAP_TMP/recorded" | grep -v '^dmverity_scrape' >"$TAP_TMP/replayed"
is "$(cat "$TAP_TMP/replayed")" \
	"$(MEMTOP_FIXTURE=one "$TOOL" export --textfile - | grep -v '^dmverity_scrape' | sed 's/^\(dmverity_machine_memory_bytes\) .*/\1 17179869184/')" \
	"a recording has the same metrics as the system, with its memory"
refuses 5 "has no sample 9" export --textfile - --replay tests/recordings/deadlock --sample 9
refuses 1 "No such file" export --textfile - --replay "$TAP_TMP/none/x"
refuses 2 "does not go with" export --replay x --source stock
refuses 2 "goes with --replay only" export --sample 1

# ---- verdicts ----------------------------------------------------------------

# verdict NAME [OPTION...]: of the device that has three waits, of 70 s and of unknown age
verdict() {
	local name=$1
	shift
	MEMTOP_FIXTURE=traced "$TOOL" export --textfile - "$@" | sed -n "s/^dmverity_$name{device=\"dm-1\"} //p"
}
threshold() {
	"$TOOL" export --textfile - "$@" | sed -n 's/^dmverity_verdict_threshold_seconds //p'
}
is "$(threshold)" 10 "a verdict takes 10 s"
is "$(threshold --threshold 2.5)" 2.5 "... or the given value"
is "$(verdict long_wait)" 3 "waits that are older have one"
is "$(verdict long_wait --threshold 71)" 1 "... younger ones have not, but one of unknown age"
is "$(verdict oldest_wait_seconds --threshold 71)" 70 "... but its age"

# ---- a file ------------------------------------------------------------------

PROM=$TAP_TMP/dir/memtop.prom
mkdir "$TAP_TMP/dir"
status_is 0 "a file is written" "$TOOL" export --textfile "$PROM"
is "$OUT$ERR" "" "... without a word"
ok "... which promtool likes" "$PROMTOOL" check metrics <"$PROM"
is "$(stat -c %a "$PROM")" 644 "... for all to read"
is "$(ls -A "$TAP_TMP/dir")" memtop.prom "... and nothing else"

# A reader gets all of one file or all of the next.
last='dmverity_exporter_build_info{version="'$("$TOOL" version | sed -n '1s/.* //p')'"} 1'
writers() {
	local i=0
	while ((i++ < 50)) || [ ! -e "$TAP_TMP/enough" ]; do
		"$PLAIN" export --textfile "$PROM" || echo failed >"$TAP_TMP/failed"
	done
}
writers &
writers &
reads=0 torn=0
while [ -n "$(jobs -rp)" ]; do
	content=$(<"$PROM") || torn=$((torn + 1))
	[[ $content == '# HELP'*"$last" ]] || torn=$((torn + 1))
	reads=$((reads + 1))
	[ $reads != 100 ] || touch "$TAP_TMP/enough"
done
wait
is_num $reads '>=' 100 "it is read while two write it ($reads times)"
is $torn 0 "... always whole"
ok "... and always written" test ! -e "$TAP_TMP/failed"
is "$(ls -A "$TAP_TMP/dir")" memtop.prom "nothing is left beside it"

echo old >"$PROM"
MEMTOP_READ_ERROR=5 refuses 1 'fixture: Input/output error' export --textfile "$PROM"
is "$(cat "$PROM")" old "if nothing can be gathered, the old file stays"
MEMTOP_OPEN_ERROR=1 refuses 3 'fixture: Operation not permitted' export --textfile "$PROM"
refuses 1 "cannot write .*/none/x.prom: No such file" export --textfile "$TAP_TMP/none/x.prom"
mkdir "$TAP_TMP/dir/sub"
refuses 1 "is not a regular file" export --textfile "$TAP_TMP/dir/sub"
ln -s memtop.prom "$TAP_TMP/dir/link"
refuses 1 "is not a regular file" export --textfile "$TAP_TMP/dir/link"
is "$(cat "$PROM")" old "a link's target is left alone"
# a file size limit makes the write fail after the file was created
(
	ulimit -f 1
	trap '' XFSZ
	"$TOOL" export --textfile "$PROM" 2>"$TAP_TMP/stderr"
)
is $? 1 "a file that cannot be written"
like "$(cat "$TAP_TMP/stderr")" "cannot write .*memtop.prom: File too large" "... with the reason"
is "$(cat "$PROM")" old "... stays as it was"
is "$(cd "$TAP_TMP/dir" && echo *)" "link memtop.prom sub" "... and leaves nothing beside it"
if [ -e /dev/full ]; then
	"$TOOL" export --textfile - >/dev/full 2>"$TAP_TMP/stderr"
	is $? 1 "a stdout that is full"
	like "$(cat "$TAP_TMP/stderr")" "cannot write to stdout" "... is noticed"
fi

# ---- refused arguments -------------------------------------------------------

refuses 2 "does not go with" export --textfile x --web.listen-address :1
refuses 2 "does not go with" export --textfile x --web.telemetry-path /x
refuses 2 "is not a path below /" export --web.telemetry-path metrics
refuses 2 "is not a path below /" export --web.telemetry-path /
refuses 2 "is not a path below /" export --web.telemetry-path '/a?b'
refuses 2 "'x' is not.* device, role" export --detail x
refuses 2 "is not for report" report --detail pool
refuses 2 "one argument too many" export x
refuses 2 "is not for report" report --textfile x
for address in 1 x:y 127.0.0.1 127.0.0.1: 127.0.0.1:65536 ::1:80 '[::1]' '[]:1'; do
	refuses 2 "'.*' is not an address and port" export --web.listen-address "$address"
done
refuses 2 "is not the number of a socket" export --web.listen-address fd://x
refuses 1 "LISTEN_FDS is not set" export --web.listen-address fd://0

done_testing
