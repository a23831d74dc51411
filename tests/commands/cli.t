#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How the tool handles arguments, errors and its output, on made-up samples: exit
# statuses, messages, and that nothing is written to stdout when it fails.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/asan/memtop-fixture
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE=one
unset NO_COLOR

# --- wrong usage ----------------------------------------------------------
refuses 2 "unknown command 'frobnicate'" frobnicate
refuses 2 "unknown command 'reprot', did you mean report" reprot
refuses 2 "unknown command 'frobnicate'" help frobnicate
refuses 2 "unknown option '--frobnicate'" report --frobnicate
refuses 2 "unknown option '--pool', did you mean --pools" report --pool
refuses 2 "unknown option '-z'" report -z
refuses 2 "needs a value" report --sort
refuses 2 "takes no value" report --json=1
refuses 2 "not for version" version --bytes
refuses 2 "one argument too many" version now
refuses 2 "does not go with --json" report --json --columns name
refuses 2 "--json does not go with --csv" report --json --csv
refuses 2 "--pools does not go with --tree" report --tree --pools
refuses 2 "--json does not go with --tree" report --tree --json
refuses 2 "--csv does not go with --tree" report --tree --csv
refuses 2 "--tree needs a text column" report --tree -o reserved,biovec
refuses 2 "--subtotal does not go with --csv" report --csv --subtotal '*'
refuses 2 "unknown device column 'nmae', did you mean NAME" report -o nmae
refuses 2 "unknown device column ''" report -o ''
refuses 2 "unknown device column 'ROLE': it is a column of report --pools" report -o ROLE
refuses 2 "unknown pool column 'uuid'" report --pools -o uuid
refuses 2 "unknown device column 'x'" report --json --sort x
refuses 2 "unknown device column 'x' \\(columns: NAME, DEV, .*, OTHER_BVEC\\)" report --sort reserved,x
refuses 2 "unknown pool column 'uuid'.* \\(columns: NAME, DEV, .*, SERVES\\)" report --pools --sort role,-uuid
refuses 2 "'-name:asc' is not an order: use NAME:asc or NAME:desc" report --sort dev,-name:asc
refuses 2 "--where 'reserved': there is no operator" report --where reserved
refuses 2 "--where 'x=1': unknown device column 'x'" report --where x=1
refuses 2 "--where 'uuid~': there is no value after ~" report --where 'uuid~'
refuses 2 "'12x' is not a size .examples: 4096, 64K, 1.5MiB." report --where 'reserved > 12x'
refuses 2 "~ is for text, not for the figures of RESERVED" report --json --where 'reserved~1*'
refuses 2 "'-' stands for unknown values" top -b --where 'name < -'
refuses 2 "--where does not go with --list-samples" report --replay tests/recordings/waiters --list-samples --where name=v
refuses 2 "--where is not for watch" watch --where name=v
refuses 2 "more than 8 columns to sort by" report --sort dev,dev,dev,dev,dev,dev,dev,dev,dev
refuses 2 "'name:up' is not an order: use NAME:asc or NAME:desc" \
	report --sort name:up
like "$ERR" "list-columns" "a wrong order comes with where columns are listed"
refuses 2 'unknown device column .*\\x1b\[2J\\x0a' report -o $'\e[2J\n'
refuses 2 "unknown command '\\\\xff'" $'\xff'

# Columns are checked first, so a user without privileges sees a typing error as well.
MEMTOP_OPEN_ERROR=1 refuses 2 "unknown device column" report -o nmae

refuses 2 "--lkml does not go with --json" report --lkml --json
refuses 2 "--lkml does not go with --wide" report --lkml --wide

# --- mails ----------------------------------------------------------------
tests/lib/make-recording names >"$TAP_TMP/names"
for option in "" --pools --tree "--group-by owner" "-o all"; do
	# shellcheck disable=SC2086 # a word each
	ok "report --lkml $option" "$TOOL" report --lkml --replay "$TAP_TMP/names" $option
	is "$(awk 'length > 72' <<<"$OUT")" "" "... has at most 72 columns"
	is "$(LC_ALL=C tr -d ' -~\n' <<<"$OUT")" "" "... of ASCII"
	unlike "$(CLICOLOR_FORCE=1 "$TOOL" report --lkml --replay "$TAP_TMP/names")" $'\e' "... without colour"
done
like "$OUT" "^verity-memtop 0.1.0" "a mail begins with the version"
like "$OUT" "verity-memtop report --lkml --replay " "... and the command"
unlike "$OUT" "CPU" "a recording can be of another machine, so this one is not named"
like "$(MEMTOP_FIXTURE=one "$TOOL" report --lkml)" "Linux 6.12.0-test, .* [0-9]+ CPUs?, 16GiB of" "the running machine is named"

# --- nothing found --------------------------------------------------------
MEMTOP_FIXTURE=demo
status_is 5 "a device that is not there gives 5" \
	"$TOOL" report plain-1 nosuch dm-3 254:99 -H --no-totals
is "$(wc -l <<<"$OUT")" 2 "the others are shown"
like "$ERR" "no device-mapper device 'nosuch'" "it is named"
like "$ERR" "no device-mapper device '254:99'" "the other one too"
unlike "$ERR" "dm-3" "those that are there are not"
status_is 5 "a name that is nearly right gives 5" "$TOOL" report plian-1 /dev/mapper/stakced
like "$ERR" "no device-mapper device 'plian-1'; did you mean 'plain-1', " "... and the nearest ones"
like "$ERR" "device '/dev/mapper/stakced': No such file or directory; did you mean 'stacked'\\?" \
	"... of a path, too"
status_is 5 "a device that nothing is built on gives 5" "$TOOL" report 4095:1
like "$ERR" "'4095:1': it is the block device 4095:1, and none is built on that" "... with a message that names the reason"
is "$("$TOOL" report --no-totals -H -o name 7:4 /dev/block/mapper/fec plain/59 | xargs)" "plain-5 plain-59 fec" \
	"paths, volumes and devices below name devices"
is "$("$TOOL" report --no-totals -H -o name CRYPT-VERITY- | wc -l)" "$("$TOOL" report --no-totals -H -o name --target verity | wc -l)" \
	"the beginning of a UUID names all devices that have it"
status_is 5 "a UUID that is nearly right gives 5" "$TOOL" report CRYPT-VERITY-0000000000000000000000000000002-test
like "$ERR" "did you mean 'CRYPT-VERITY-0{31}2-test'" "... and the nearest ones"
status_is 5 "the live view looks for its devices, too" "$TOOL" top -b -n 1 plain-1 plian-2
like "$ERR" "'plian-2'; did you mean 'plain-2'" "... and names the missing ones"
MEMTOP_FIXTURE=none status_is 5 "of a recording" "$TOOL" report --replay tests/recordings/waiters /dev/mapper/w /dev/dm-1
like "$ERR" "no device-mapper device '/dev/mapper/w' in the recording; did you mean 'v'\\?" \
	"... only words count"
like "$OUT" "v +253:1 " "... /dev/dm-1 being one"
status_is 5 "no match for --name gives 5" "$TOOL" report --name 'x*'
like "$ERR" "no device matches" "with a message that names the reason"
status_is 5 "no match for --target gives 5" "$TOOL" report --target crypt
status_is 5 "a device outside of the other filters gives 5" \
	"$TOOL" report fec --name 'plain*'
status_is 5 "a hostile name that is not there gives 5" \
	"$TOOL" report $'a\nb\e[31m'
like "$ERR" "'a\\\\x0ab\\\\x1b\[31m'" "and comes out escaped"
MEMTOP_FIXTURE=noverity
status_is 5 "no verity device gives 5" "$TOOL" report
like "$OUT" "linear" "the existing devices are shown"
like "$ERR" "no verity device found" "and a message names the missing one"
status_is 0 "no verity device is fine when another was asked for" \
	"$TOOL" report data

# --- errors of the collector ----------------------------------------------
MEMTOP_FIXTURE=one
# errno: EPERM, EACCES, EOPNOTSUPP, ENODEV, EIO, ENOENT
for pair in 1:3 13:3 95:4 19:5 5:1 2:1; do
	MEMTOP_OPEN_ERROR=${pair%:*} refuses "${pair#*:}" fixture report
	MEMTOP_READ_ERROR=${pair%:*} refuses "${pair#*:}" fixture report --json
done

# --- stdout ---------------------------------------------------------------
for how in report "report --json" "report --pools" "report --csv" help "help report" version \
	"report --list-columns"; do
	# shellcheck disable=SC2086 # a word each
	status_is 1 "'$how' to a full disk gives 1" \
		bash -c '"$@" >/dev/full' - "$TOOL" $how
	like "$ERR" "cannot write to stdout: No space left" \
		"'$how' to a full disk reports the error"
done
status_is 1 "a closed stdout gives 1" bash -c '"$@" >&-' - "$TOOL" report
like "$ERR" "cannot write to stdout" "a closed stdout is reported"
MEMTOP_FIXTURE=thousand
for how in report "report --json" "report --pools" "report --csv"; do
	# shellcheck disable=SC2016 # for the inner shell
	ok "'$how' ends quietly when its reader does" bash -c '
		"$@" 2>"$0" | head -n 1 >/dev/null
		[ "${PIPESTATUS[0]}" = 1 ] && [ ! -s "$0" ]' \
		"$TAP_TMP/quiet" "$TOOL" $how
done
MEMTOP_FIXTURE=one
ok "a closed stdin does not change the result" bash -c '"$@" <&-' - "$TOOL" report
ok "a closed stderr does not change the result" bash -c '"$@" 2>&-' - "$TOOL" report

# --- debugging, losses ----------------------------------------------------
ok "--debug works" "$TOOL" --debug report
like "$ERR" "verity-memtop: debug: collector opened" "--debug is on stderr"
unlike "$OUT" "debug" "and not on stdout"
ok "without --debug" "$TOOL" report
is "$ERR" "" "it is quiet"
MEMTOP_FIXTURE=losses
ok "losses, with headings" "$TOOL" report
like "$OUT" "lost: ring_full 3, map_full 1, missed_runs 2" "are a footer"
ok "losses, without headings" "$TOOL" report --pools -H
unlike "$OUT" "lost" "are no row"
like "$ERR" "warning: lost: ring_full 3" "but a warning"

ok "losses, in CSV" "$TOOL" report --csv
unlike "$OUT" "lost" "are no row"
like "$ERR" "warning: lost: ring_full 3" "but a warning"

# --- csv ------------------------------------------------------------------
# A CSV reader gets exactly the bytes of the sample.
MEMTOP_FIXTURE=hostile
"$TOOL" report --csv -o dev,name,reserved,uuid >"$TAP_TMP/csv"
"$TOOL" record --format json "$TAP_TMP/rec"
ok "CSV has the names and figures as they are" python3 -c '
import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1] + "/csv", newline="",
            encoding="utf-8", errors="surrogateescape")))
devices = json.loads(open(sys.argv[1] + "/rec").readlines()[1])["devices"]
assert len(rows) == len(devices) == 8
for row, device in zip(rows, devices):
    for column in "DEV", "NAME", "UUID":
        assert row[column] == device[column.lower()], row
    assert row["RESERVED"] == "170240", row' "$TAP_TMP"
MEMTOP_FIXTURE=one
is "$("$TOOL" report --csv -H -o name,dev,level)" "system,254:0,full" \
	"CSV without headings is a row a line"

# --- tree -----------------------------------------------------------------
MEMTOP_FIXTURE=stack
is "$("$TOOL" report --tree -B | tail -n 1 | tr -s ' ')" \
	"$("$TOOL" report -B | tail -n 1 | tr -s ' ')" \
	"a tree has the totals of the table"
is "$(LC_ALL=C "$TOOL" report --tree | LC_ALL=C tr -d ' -~\n')" "" \
	"without UTF-8 it is drawn in ASCII"

# --- terminals, locales ---------------------------------------------------
# on_terminal WIDTH ARGUMENT...: the output on a terminal of this width
on_terminal() {
	local width=$1
	shift
	script -qec "stty cols $width; $(printf '%q ' "$TOOL" "$@")" /dev/null \
		</dev/null | tr -d '\r'
}

MEMTOP_FIXTURE=hostile
wide=$("$TOOL" report | awk '{ if (length > n) n = length } END { print n }')
is_num "$wide" '>' 190 "names are never cut in a pipe"
MEMTOP_FIXTURE=demo
unlike "$(on_terminal 84 report)" "no room for" "the default columns fit 84"
like "$(on_terminal 80 report)" "no room for: LEVEL; --wide" \
	"... and of 80 only a word is left out"
like "$(on_terminal 80 report)" $'\e\\[' "a terminal gets colour"
unlike "$(NO_COLOR=1 on_terminal 80 report)" $'\e' "not with NO_COLOR"
unlike "$("$TOOL" report)" $'\e' "a pipe gets none"

# plain FORM: the output without the sequences for colours
plain() {
	sed 's/\x1b\[[0-9;]*m//g'
}
for setting in CLICOLOR=0 TERM=dumb TERM= 'NO_COLOR=1 CLICOLOR_FORCE=1'; do
	# shellcheck disable=SC2086 # a word each
	unlike "$(export ${setting?}; on_terminal 80 report)" $'\e' "not with $setting"
done
like "$(CLICOLOR=1 on_terminal 80 report)" $'\e\\[' "CLICOLOR=1 allows it"
like "$(CLICOLOR_FORCE=1 "$TOOL" report)" $'\e\\[' "CLICOLOR_FORCE gives it to a pipe"
unlike "$(CLICOLOR_FORCE=0 "$TOOL" report)" $'\e' "... unless it is 0"
like "$(NO_COLOR=1 TERM=dumb "$TOOL" report --color always)" $'\e\\[' "--color always comes before the environment"
unlike "$(CLICOLOR_FORCE=1 on_terminal 80 report --color never)" $'\e' "and so does --color never"
unlike "$(on_terminal 80 report --color=never)" $'\e' "... on a terminal as well"
for how in "report" "report --pools" "report --tree" "report --group-by owner" advise check doctor \
	"top -b -n 1" "diff tests/recordings/deadlock@1 tests/recordings/deadlock"; do
	MEMTOP_FIXTURE=lowered
	# shellcheck disable=SC2086 # a word each
	is "$("$TOOL" $how --color always 2>&1 | plain)" "$("$TOOL" $how 2>&1)" "'$how' has the same words in colour"
	# shellcheck disable=SC2086
	is "$(CLICOLOR_FORCE=1 on_terminal 60 $how | plain)" "$(NO_COLOR=1 on_terminal 60 $how)" \
		"... and the same lines on a terminal, where the sequences take no room"
done
for how in "report --json" "report --csv" "report --graph dot" "advise --json" "doctor --json" "report --list-columns"; do
	# shellcheck disable=SC2086
	unlike "$("$TOOL" $how --color always 2>&1)" $'\e' "'$how' has no colour"
done
OUT=$("$TOOL" report --color always --replay tests/recordings/deadlock --sample 2)
like "$OUT" $'\e\\[1;31mbottom ' "a device with a deadlock is red"
like "$OUT" $'\e\\[33mtop ' "... one with an empty pool is yellow"
like "$OUT" $'\nlow ' "... others are plain"
like "$OUT" "in trouble: deadlock: bottom; empty pool: top" "a line below has the same in words"
like "$("$TOOL" report --color always --replay tests/recordings/deadlock --sample 2 --pools)" $'\e\\[1;31mbottom +recheck.page ' "so is the row of its pool"
like "$("$TOOL" report plain-1 fec)" "in trouble: stale: plain-1, fec" "stale devices are named"
like "$(MEMTOP_FIXTURE=corrupt "$TOOL" report)" "in trouble: corrupted: plain-4, plain-6" "... and corrupted ones"
unlike "$(MEMTOP_FIXTURE=demo "$TOOL" report)" "in trouble" "without trouble there is no line"
like "$("$TOOL" check --color always)" $'^\e\\[33mVERITY-MEMTOP WARNING\e' "the status of a check has its colour"
like "$(MEMTOP_FACTS_MISSING=pool-events "$TOOL" doctor --color always)" $'pool-events +\e\\[1;31mmissing' "a missing fact is red"
refuses 2 "--color: 'yes' is not one of auto, always, never" report --color yes
MEMTOP_FIXTURE=demo

MEMTOP_FIXTURE=hostile
LC_ALL=C ok "a locale without UTF-8" "$TOOL" report
like "$OUT" 'na\\xc3\\xafve' "the rest is escaped"
is "$(LC_ALL=C tr -d ' -~\n' <<<"$OUT")" "" "gets ASCII only"
ok "JSON is the same in any locale" diff \
	<(LC_ALL=C "$TOOL" report --json) <("$TOOL" report --json)

# --- doctor ---------------------------------------------------------------
# doctor STATUS MISSING PATTERN NAME: with these facts missing
doctor() {
	status_is "$1" "doctor: $4" env MEMTOP_FACTS_MISSING="$2" "$TOOL" doctor
	like "$OUT" "$3" "... with a message that names the reason"
}
doctor 0 "" "source tracepoints +works, and is used" "all there"
unlike "$OUT" "without the patched modules" "... the modules as well"
doctor 0 "pool-events" "source tracepoints +lacks pool-events" "no events"
like "$OUT" "Linux 6.12.0 runs without the patched modules: .* run kernel/install-modules for this one" "... and how to install them"
like "$OUT" "remedy: +load the patched dm_mod and dm_verity" "... and how to have them"
like "$OUT" "source stock +works, and is used" "... and the alternative"
doctor 0 "symbols" "source stock +works" "no symbols"
like "$OUT" "symbols +missing" "... which are missed"
like "$OUT" "devices are found by way of /sys/block" "... and the other way is named"
status_is 0 "doctor: a kernel that lacks a member" env MEMTOP_GAPS=dm_verity.fec "$TOOL" doctor
like "$OUT" 'the kernel has no dm_verity\.fec\. Unknown: some reserves' "... names it, and the unknown figures"
is "$(MEMTOP_GAPS=dm_verity.fec "$TOOL" doctor --json | jq -c '.sources[] | select(.name == "stock") | [.found_by, .gaps]')" \
	'["sysfs",[{"member":"dm_verity.fec","unknown":"reserves","costs":"some reserves, and sums with them"}]]' "... in JSON too"
doctor 4 "pool-events btf-dm" "source stock +lacks btf-dm" "no source on this kernel"
doctor 3 "cap-sys-admin cap-bpf" "source stock +lacks cap-bpf" "no right"
doctor 3 "unlocked" "source stock +lacks unlocked" "locked down"
doctor 5 "dm" "source tracepoints +lacks dm" "no device-mapper"
doctor 4 "bpf cap-sys-admin dm" "source stock +lacks bpf dm" "nothing at all"
status_is 0 "doctor: a source with unknown requirements is tried" \
	env MEMTOP_FACTS_UNKNOWN="unlocked symbols" "$TOOL" doctor
like "$OUT" "unlocked +unknown" "... and reported as unknown"
status_is 3 "doctor: tried and refused, with a report's status" env MEMTOP_OPEN_ERROR=13 "$TOOL" doctor
like "$OUT" "source stock +failed when opened: Permission denied" "... with the reason"
like "$(MEMTOP_OPEN_ERROR=13 "$TOOL" doctor --json 2>/dev/null | tr -d '\n')" \
	'"works": false.*"error": "Permission denied".*"best": null' "... in JSON too"
status_is 4 "doctor: opened, but no sample can be read" env MEMTOP_READ_ERROR=95 "$TOOL" doctor
like "$OUT" "source stock +failed when opened: Operation not supported" "... which a report could not do either"
refuses 2 "one argument too many" doctor now
refuses 2 "not for doctor" doctor --csv
status_is 1 "doctor: a full disk is an error" bash -c "$TOOL doctor >/dev/full"

done_testing
