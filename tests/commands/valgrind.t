#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Memory of the whole program, including the libraries, which the sanitizers do not
# check: no error, no leak.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

TOOL=${BUILD:-.output}/plain/memtop-fixture
export MEMTOP_FIXTURE MEMTOP_TIME=1

# A library that was loaded stays until the process ends.
cat >"$TAP_TMP/suppressions" <<'END'
{
	loaded libraries
	Memcheck:Leak
	match-leak-kinds: reachable
	...
	fun:_dl_open
	...
	fun:dlopen*
}
END

# clean STATUS ARGUMENT...: exits with this status and without errors from valgrind
clean() {
	local status=$1
	shift
	status_is "$status" "$MEMTOP_FIXTURE: $*" \
		valgrind --quiet --vgdb=no --read-inline-info=no --error-exitcode=99 --leak-check=full \
		--suppressions="$TAP_TMP/suppressions" --show-leak-kinds=all --errors-for-leak-kinds=all "$TOOL" "$@"
}

MEMTOP_FIXTURE=states
clean 0 report --columns +uuid,lower --sort name --subtotal '*d'
clean 0 report --json
clean 0 report --pools
clean 0 report --csv
clean 0 report --tree
clean 2 report --tree -o reserved
MEMTOP_FIXTURE=hostile
clean 5 report nosuch dm-3 --json
MEMTOP_FIXTURE=shared
clean 0 report --json
clean 2 report -o name,nosuch
clean 2 --nosuch
clean 0 help report
clean 0 record "$TAP_TMP/rec"
clean 0 report --replay "$TAP_TMP/rec"
cp "$TAP_TMP/rec" "$TAP_TMP/good"
clean 5 report --replay "$TAP_TMP/rec" --sample 2
clean 1 report --replay /dev/null
truncate -s -300 "$TAP_TMP/rec"
clean 5 report --replay "$TAP_TMP/rec"
clean 0 record --format json "$TAP_TMP/rec"
truncate -s -300 "$TAP_TMP/rec"
clean 5 report --replay "$TAP_TMP/rec"
echo x >>"$TAP_TMP/rec"
clean 1 report --replay "$TAP_TMP/rec"
MEMTOP_OPEN_ERROR=1 clean 3 record "$TAP_TMP/rec"
MEMTOP_READ_ERROR=5 clean 1 record "$TAP_TMP/rec"
MEMTOP_OPEN_ERROR=1 clean 3 report
MEMTOP_READ_ERROR=5 clean 1 report
MEMTOP_FIXTURE=deadlock
clean 6 watch -n 1 --exec true
clean 6 watch -n 1 --json
clean 0 watch --replay "$TAP_TMP/good"
clean 2 check --threshold 1
MEMTOP_OPEN_ERROR=1 clean 3 check
MEMTOP_OPEN_ERROR=1 clean 3 watch
clean 3 check -w x

done_testing
