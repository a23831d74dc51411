#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# How the live view ends, and that the terminal is then restored: by keys, signals,
# crashes, and closed terminals; and its output without a terminal.

# shellcheck disable=SC2016 # for the inner shells

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/asan/memtop-fixture
PLAIN=$PWD/$BUILD/plain/memtop-fixture
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE=demo TERM=xterm-256color
unset NO_COLOR

# ---- start ------------------------------------------------------------------
# in_pty WANTED NAME ARGUMENT...: tests/lib/in-pty prints WANTED
in_pty() {
	local wanted=$1 name=$2
	shift 2
	is "$(tests/lib/in-pty --output "$TAP_TMP/pty" "$@" 2>&1)" "$wanted" "$name"
}
in_pty "status 0 restored" "alone on a terminal it is the live view" --until ' help' --keys q "$PLAIN"
status_is 0 "alone elsewhere" "$TOOL"
like "$OUT" '^NAME ' "... it is a report"
TERM=dumb status_is 1 "a terminal that cannot be used" script -qec "'$TOOL' top" /dev/null
like "$OUT" "terminal of type 'dumb' cannot be used.*--batch" "... prints the reason"
TERM=dumb status_is 0 "without a command" script -qec "'$TOOL'" /dev/null
like "$OUT" '^ *NAME .*plain-1 ' "... it has a report"
refuses 2 "no.* column 'nmae', did you mean NAME|unknown device column" top -o nmae
refuses 2 "0.1 seconds at least" top -d 0.01
refuses 2 "not for top" top --json
MEMTOP_OPEN_ERROR=1 refuses 3 fixture top -b
MEMTOP_READ_ERROR=5 refuses 1 fixture top -b
status_is 3 "missing privileges are reported" env MEMTOP_OPEN_ERROR=1 script -qec "'$TOOL' top" /dev/null
like "$OUT" "fixture" "... on the terminal as it was"
unlike "$(tr '\033' '!' <<<"$OUT")" '!\[\?1049h' "... which was not drawn on"

# ---- batch -------------------------------------------------------------------------
status_is 0 "samples can be printed" "$TOOL" top -n 3 -d 0.1 -o NAME,FILL plain-1
is "$(grep -c '^plain-1 ' <<<"$OUT")" 3 "... as many as asked for"
is "$(tail -n 2 <<<"$OUT")" $'NAME    FILL\nplain-1 ████  full' "... with the columns asked for"
status_is 0 "a recording ends by itself" "$TOOL" top -b --replay tests/recordings/rechecks --sort NAME:desc
is "$(grep -c '^v ' <<<"$OUT")" 2 "... with all that it has"
status_is 1 "a full disk is a failure" bash -c '"$0" top -b -n 1 >/dev/full' "$TOOL"
status_is 0 "the tree can be printed" env MEMTOP_FIXTURE=stack "$TOOL" top -b -n 1 --tree
like "$OUT" ' └─mirror ' "... with its lines"
status_is 0 "a recording from a pipe" bash -c '"$0" top -b --replay - <tests/recordings/waiters' "$TOOL"

# ---- end ---------------------------------------------------------------------------
in_pty "status 0 restored" "left, the terminal is as it was" --keys q "$PLAIN" top
for name in SIGTERM SIGINT SIGHUP; do
	in_pty "status 0 restored" "... by $name, too" --signal $name "$PLAIN" top
done
in_pty "signal 11 restored" "... by a crash" --signal SIGSEGV "$PLAIN" top
in_pty "signal 6 restored" "... by abort()" --signal SIGABRT "$PLAIN" top
# not only when the next sample is due
in_pty "status 1" "a terminal that is gone ends it" --hangup "$PLAIN" top -d 30000000
in_pty "status 1" "... though SIGHUP is ignored" --hangup --ignore-hup "$PLAIN" top -d 30000000
in_pty "status 1" "... also if SIGHUP is seen first" --signal SIGSTOP --hangup "$PLAIN" top -d 30000000
in_pty "status 0 restored" "between samples it sleeps" --rest --keys q "$PLAIN" top -d 30000000
in_pty "status 0 restored" "so does --count" "$PLAIN" top -n 3 -d 0.1
in_pty "status 0 restored" "memory is in order" --size 100x30 "$TOOL" top -n 3 -d 0.1
# a shell with job control: the view is stopped, and continues in the foreground
in_pty "status 0 restored" "Ctrl-Z leaves it to the shell" --keys $'\x1a' --then 'modes icanon' '' --again Devices q \
	bash --norc -c 'set -m; "$0" top; echo "modes $(stty -a | grep -ow -e -icanon -e icanon)"; fg' "$PLAIN"
like "$(grep -aoF -e $'\e[?1049h' -e $'\e[?1049l' -e 'modes icanon' "$TAP_TMP/pty" | tr '\033' ! | xargs)" \
	'^!\[\?1049h !\[\?1049l modes icanon !\[\?1049h !\[\?1049l' "... which has the screen meanwhile"
export MEMTOP_FIXTURE=traced
in_pty "status 0 restored" "valgrind finds nothing" --keys 'Rt+eqhqcqq' \
	valgrind -q --error-exitcode=9 "$PLAIN" top -d 0.5
done_testing
