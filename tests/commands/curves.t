#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The cost of a command, in instructions and memory, is proportional to the size of its
# recording, whatever the content. tests/curves.gen makes samples in which a search
# could try all combinations. A sample of twice the size may not cost much more than
# twice as much.

set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh
# shellcheck source=tests/lib/curves.sh
. tests/lib/curves.sh

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/plain/verity-memtop
export LC_ALL=C.UTF-8

command -v valgrind >/dev/null || bail "valgrind is missing: run kernel/install-deps as root"

# grows SHAPE COMMAND [SIZE]: the cost of a run with an empty sample is subtracted
grows() {
	local most size=${3:-300} nothing nr=()
	# shellcheck disable=SC2086 # a word each
	[ -n "${empty[$2]:-}" ] || empty[$2]=$(instructions "$TAP_TMP/empty" $2)
	nothing=${empty[$2]}
	for size in "$size" "$((2 * size))"; do
		tests/curves.gen "$1" "$size" >"$TAP_TMP/grown"
		# shellcheck disable=SC2086 # a word each
		nr+=("$(instructions "$TAP_TMP/grown" $2)")
	done
	like "${nr[*]}" '^[0-9]+ [0-9]+$' "$1: '$2' is counted"
	nr=("$((nr[0] - nothing))" "$((nr[1] - nothing))")
	most=$((25 * nr[0] / 10))
	is_num "${nr[1]}" '<' "$most" "$1: '$2' takes ${nr[*]} instructions more than nothing"
}

# fits SHAPE COMMAND MOST: memory per byte of the recording
fits() {
	local small big
	# shellcheck disable=SC2086 # a word each
	small=$(memory "$TAP_TMP/$1-600" $2) big=$(memory "$TAP_TMP/$1-4800" $2)
	is_num "$((big - small))" '<' "$(($3 * ($(stat -c %s "$TAP_TMP/$1-4800") - $(stat -c %s "$TAP_TMP/$1-600"))))" \
		"$1: '$2' takes less than $3 bytes of memory for each byte"
}

declare -A empty
tests/curves.gen waiters 0 >"$TAP_TMP/empty"
for shape in $(tests/curves.gen); do
	for size in 600 4800; do
		tests/curves.gen "$shape" "$size" >"$TAP_TMP/$shape-$size"
	done
	# this command builds a tree of all values
	fits "$shape" "report --json" 64
	for command in report "report --pools" "report --csv --pools" "report --tree" watch "watch --json" check \
		"top -b -n 1" advise; do
		fits "$shape" "$command" 24
	done
done
for shape in waiters blocks inferred ring behind pairs chain busy; do
	grows "$shape" "watch --json"
done
# large enough to reach the limit
grows ranges "watch --json" 1000
for shape in sharers shared roles; do
	grows "$shape" "report --json"
done
grows sharers check
grows apart check 1000
grows diamonds "report --tree"
grows shared "top -b -n 1"
grows chain advise

# --- many devices ---------------------------------------------------------------
# The cost per device is the same with 10,000 devices as with 1000, for every command
# that takes a sample.
FIXTURE=$PWD/$BUILD/plain/memtop-fixture
sizes=(empty thousand ten-thousand)
for size in "${sizes[@]}"; do
	ok "a recording: $size" env MEMTOP_FIXTURE="$size" "$FIXTURE" record -n 2 -d 0.001 "$TAP_TMP/$size"
done

# cost SIZE COMMAND: % stands for a recording of that size
cost() {
	# shellcheck disable=SC2086 # a word each
	MEMTOP_FIXTURE=$1 count "$FIXTURE" ${2//%/"$TAP_TMP/$1"}
}
# linear COMMAND: its cost for each of the first 1000 devices, and for each of 9000 more
linear() {
	local nr=() size
	for size in "${sizes[@]}"; do
		nr+=("$(cost "$size" "$1")")
	done
	like "${nr[*]}" '^[1-9][0-9]+ [1-9][0-9]+ [1-9][0-9]+$' "'$1' is counted"
	nr=("$(((nr[1] - nr[0]) / 1000))" "$(((nr[2] - nr[1]) / 9000))")
	is_num "$((10 * nr[1]))" '<=' "$((12 * nr[0]))" "'$1' takes ${nr[*]} instructions for a device of 1000, of 10,000"
}
for command in report "report --html" "report --json" "report --csv" "report --tree" "report --group-by owner" "check --timeout 86400" advise \
	"top -b -n 1" "export --textfile $TAP_TMP/metrics" "record -" "report --replay %" \
	"report --list-samples --replay %" "watch --replay %" "diff %@1 %@2"; do
	linear "$command"
done

# --- the limit --------------------------------------------------------------------
# limited RECORDING COMMAND PATTERN NAME: the output matches the pattern
limited() {
	# shellcheck disable=SC2086 # a word each
	like "$("$TOOL" $2 --replay "$1" 2>&1)" "$3" "$4"
}
limited "$TAP_TMP/ranges-4800" watch "warning: the search for deadlocks reached its limit" "a search that reaches its limit: watch warns"
limited "$TAP_TMP/ranges-4800" check "stalls 1 .*the search for deadlocks reached its limit" "... a check reports it"
limited "$TAP_TMP/ranges-4800" "top -b -n 1" "Stalls 1  Search limited" "... top shows it"
unlike "$("$TOOL" top -b -n 1 --replay "$TAP_TMP/behind-4800")" "limited" "... and only then"

done_testing
