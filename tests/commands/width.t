#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Output on a terminal fits it, and no two rows look alike. Other output is never cut.
# tests/unit/grid.c has tables of any width.

set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/plain/memtop-fixture
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE=none
unset NO_COLOR COLUMNS
tests/lib/make-recording names >"$TAP_TMP/names" || bail "no recording"

# drawn WIDTH ARGUMENT...: the output on a terminal of this width, in $TAP_TMP/drawn
drawn() {
	local width=$1
	shift
	tests/lib/in-pty --size "${width}x50" --until '' --output "$TAP_TMP/drawn" "$@" >/dev/null
}

# fits NAMES NAME ARGUMENT...: at any width; this many rows have a name
fits() {
	local names=$1 name=$2 width
	shift 2
	for width in 20 37 80 100 120 240; do
		drawn $width "$TOOL" "$@"
		ok "$name fits $width columns" tests/check-width $width "$names" "$TAP_TMP/drawn"
	done
}

fits 29 "the report" report --replay "$TAP_TMP/names"
fits 29 "... with long text" report --replay "$TAP_TMP/names" -o name,dev,uuid,reserved,level,lower
fits 0 "... of all figures" report --replay "$TAP_TMP/names" -o dev,name,pools,waits,uuid -B
fits 29 "pools" report --replay "$TAP_TMP/names" --pools -o +dev
fits 29 "the tree" report --replay "$TAP_TMP/names" --tree
fits 29 "the live view, printed," top -b --replay "$TAP_TMP/names"
fits 0 "advice" advise --replay "$TAP_TMP/names"
fits 0 "a check" check --replay "$TAP_TMP/names"
fits 0 "a watch" watch --replay tests/recordings/deadlock
MEMTOP_FIXTURE=demo fits 0 "the doctor" doctor
MEMTOP_FIXTURE=losses fits 0 "losses" report

# columns FILE: the columns that a table has or names below it, sorted
columns() {
	python3 -c '
import re, sys
text = re.sub(r"\x1b\[[0-9;]*m|\r", "", open(sys.argv[1], encoding="utf-8").read())
shown = next(line for line in text.split("\n") if line.startswith("NAME")).split()
named = re.search("no room for: (.*?);", text.replace("\n ", ""))
print(*sorted(shown + (named.group(1).split(", ") if named else [])))' "$1"
}
for how in report "report --pools" "report --tree" "report --where waiters>0 --sort target,-name" "report -o all" "top -b"; do
	# shellcheck disable=SC2086 # a word each
	"$TOOL" $how --replay "$TAP_TMP/names" >"$TAP_TMP/whole"
	for width in 80 100 120; do
		# shellcheck disable=SC2086
		drawn $width "$TOOL" $how --replay "$TAP_TMP/names"
		is "$(columns "$TAP_TMP/drawn")" "$(columns "$TAP_TMP/whole")" \
			"'$how' in $width columns shows each column or names it"
	done
done

drawn 80 "$TOOL" report --replay "$TAP_TMP/names"
OUT=$(tr '\n\r' '  ' <"$TAP_TMP/drawn")
like "$OUT" "no room for: .*LEVEL, *WAITERS; *cut: NAME; *--wide *shows *all, *-o *selects" \
	"a report names the columns that it leaves out or cuts"
like "$OUT" "com\.android\.adbd " "... names that fit are whole"
like "$OUT" '9f86[0-9a-f]*…[0-9a-f]*0001 ' "... others are cut in the middle"
LC_ALL=C drawn 80 "$TOOL" report --replay "$TAP_TMP/names"
OUT=$(cat "$TAP_TMP/drawn")
like "$OUT" '9f86[0-9a-f]*~[0-9a-f]*0001 ' "... with an ASCII mark in other locales"

drawn 80 "$TOOL" report -H --replay "$TAP_TMP/names"
OUT=$(cat "$TAP_TMP/drawn")
like "$OUT" "warning: no room for: BIOVEC" "without headings it is a warning"

for how in "report" "report --pools" "report --tree" "top -b" advise check; do
	# shellcheck disable=SC2086 # a word each
	"$TOOL" $how --replay "$TAP_TMP/names" >"$TAP_TMP/whole"
	# shellcheck disable=SC2086
	drawn 40 env NO_COLOR=1 "$TOOL" $how --wide --replay "$TAP_TMP/names"
	ok "'$how --wide' shows a terminal what a pipe gets" \
		diff "$TAP_TMP/whole" <(tr -d '\r' <"$TAP_TMP/drawn")
	# shellcheck disable=SC2086
	ok "'$how' in a pipe leaves nothing out" diff "$TAP_TMP/whole" \
		<(COLUMNS=20 "$TOOL" $how --replay "$TAP_TMP/names")
done

# A terminal without a width.
COLUMNS=60 drawn 0 "$TOOL" report --replay "$TAP_TMP/names"
ok "COLUMNS sets the width of a terminal that does not report it" \
	tests/check-width 60 29 "$TAP_TMP/drawn"
for columns in '' x -1 0 99999999999999999999; do
	COLUMNS=$columns drawn 0 "$TOOL" report --replay "$TAP_TMP/names"
	ok "... else, as with '$columns', it has 80" \
		tests/check-width 80 29 "$TAP_TMP/drawn"
done

done_testing
