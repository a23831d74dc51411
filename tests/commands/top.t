#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The live view in a terminal emulator, tmux: sends keys and captures screens, with
# recordings and made-up samples. tests/unit/top.c tests the keys without a terminal,
# tests/functional/report/top on a machine. GOLDEN_UPDATE=1 writes the screens in
# tests/screens.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
# shellcheck source=tests/lib/view.sh
. tests/lib/view.sh

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/plain/memtop-fixture
export LC_ALL=C.UTF-8 NO_COLOR=1

# fixture NAME: writes the name to a file, which the tool reads for each sample
fixture() {
	echo "$1" >"$TAP_TMP/.fixture"
	mv "$TAP_TMP/.fixture" "$TAP_TMP/fixture"
}

# recorded NAME: records it to $TAP_TMP/NAME
recorded() {
	MEMTOP_FIXTURE=$1 "$TOOL" record -n 1 "$TAP_TMP/$1" || bail "no recording of $1"
}
for name in deadlock stack hostile states; do
	recorded $name
done
for name in moving sorts rates many names; do
	tests/lib/make-recording $name >"$TAP_TMP/$name" || bail "no recording $name"
done

# ---- keys ----------------------------------------------------------------------
export MEMTOP_FIXTURE=demo
view 80x24 "$TOOL" top
shows 'Devices 61  Reserved 10MiB 0.06% of 16GiB  Biovec 7.8MiB  Cached 1.2MiB' "the sums are above the list"
shows 'Lowest all full  Waiting -  Stalls 0  Lost 0' "... and how things are"
shows 'plain-1 .*plain-19 ' "as many devices as there is room for are in it"
shows 'NAME +RESERVED BIOVEC FILL +HISTORY +WAITERS WAIT/S RECHK/S FEC/S' "all that matters is there"
is_at plain-1 "the cursor is on the first"
keys Down j j Up k Down
is_at plain-3 "arrows move it"
keys Home NPage
is_at plain-19 "... page by page"
keys End
is_at stacked "... to the end"
keys PPage Home
is_at plain-1 "... and back"
keys -H 1b 5b 4d 61 21 21
is_at plain-4 "the mouse's wheel does"
keys -H 1b 5b 4d 60 21 21
is_at plain-1 "... in both directions"
keys -H 1b 5b 4d 20 21 29
is_at plain-5 "... and a click"
keys R
shows 'RESERVED▼' "sorted by another column"
is_at plain-5 "... it stays on its device"
keys Home
is_at fec "... of which the largest is the first"
keys I Home
is_at plain-1 "inverted, the smallest"
keys '/' fe
shows 'Search: fe' "a search"
is_at fec "... finds while one types"
keys x
shows 'not found: fex' "... or names what it leaves out"
keys BSpace Enter
hides 'Search' "... and is over"
keys N '/' stack Enter
is_at stacked "another one"
keys Home '/' 'plain-?9' Enter
is_at plain-19 "one by a pattern"
keys n
is_at plain-29 "... has a next match"
keys '/' fec Enter +
is_at fec "a device"
shows '├─core.io +[0-9].*├─recheck.page +4KiB +0B ████ +1/1' "... unfolds to its pools"
keys Down Down Down -
is_at fec "... and folds, from there"
hides 'core.io' "... so that they are gone"
keys Enter
shows 'core.io' "Enter does so, too"
keys Enter
hides 'core.io' "... and folds it again"
keys '\' 'PLAIN-4?'
shows 'Devices 61 \(10 shown\)' "a filter hides the others while one types"
keys Enter
shows 'only: PLAIN-4\? ' "... and is remembered"
keys Escape
hides 'shown|only' "... until it is lifted"
keys b
shows 'Reserved 10553344 0.06% of 16GiB  Biovec 8126464  Cached 1257472' "plain numbers"
keys b
shows 'Reserved 10MiB' "... and units again"
keys Right
hides 'RESERVED BIOVEC' "columns scroll out"
shows 'CACHED' "... and others in"
keys Left
shows 'RESERVED BIOVEC' "... and back"
keys c
shows '\[x\] NAME .*\[ \] UUID' "columns can be chosen"
shows '\[x\] DEV .*\[ \] SLOT ' "... DEV is one of them, SLOT is not"
keys Down Space Down Down Down Down Space
looks_like columns "... as they are listed"
keys Escape
shows 'NAME +.*RESERVED' "... and are so"
keys '?'
looks_like help "there is help"
keys PPage NPage
shows 'arrows scroll, any other key goes back' "... more than a screen of it"
keys End
shows 'WAIT_HIST' "... to its end"
keys q h
shows 'keys and columns' "... by three keys"
keys q F1
shows 'keys and columns' "... of which F1 is one"
keys Escape
hides 'keys and columns' "... until one has read it"
keys e
shows 'No task has waited for longer than a second' "there is no evidence of nothing"
keys Escape Z
shows 'paused' "it can be paused"
keys Z
shows 'every 1s' "... and goes on"
keys d 0.25 Enter
shows 'every 250ms' "at another pace"
keys d x Enter
shows "'x' is not a time" "... if it is one"
keys w "$TAP_TMP/written" Enter
shows 'writing ([2-9]|[1-9][0-9])' "samples are written"
keys w
hides 'writing' "... until they are not"
ok "the written recording can be shown" "$TOOL" report --replay "$TAP_TMP/written"
keys Z w "$TAP_TMP/written" Enter
shows "cannot write .*: File exists" "a file that is there stays"
keys Down
hides 'File exists' "... which a message shows until a key is pressed"
keys w Escape C-l q
ended 0 "q ends it"
like "$(cat "$TAP_TMP/stderr")" 'File exists' "messages of that time are printed afterwards"

# for each sort key, the device named after it is the first
view 80x24 "$TOOL" top --replay "$TAP_TMP/sorts" -d 60
keys .
shows 'sample 2 ' "ten devices"
for key in D R B C L W S K F; do
	keys End $key Home
	is_at by-$key "$key sorts"
	keys I End
	is_at by-$key "... and I inverts"
done
keys End N Home
is_at N "N sorts by name"
keys '>'
shows 'RESERVED▼' "> by the column at the right"
keys Home
is_at by-R "... from its largest on"
keys '<'
shows 'NAME▲' "< by that at the left"
keys q
ended 0 "... with success"

# ---- recordings ------------------------------------------------------------------
view 80x24 "$TOOL" top --replay tests/recordings/rechecks
keys Z
shows 'sample [1-3] .*(paused|end)' "a recording is shown"
keys , , , ,
shows 'sample 1 ' "... from its first sample"
keys .
shows 'sample 2 ' "... sample by sample"
keys End +
looks_like rechecks "... with the task that waited then"
keys Space
shows 'sample 3 ' "... to the last one"
shows 'Lowest all full  Waiting 0' "... in which no task waited"
keys . .
shows 'sample 3 .*end' "... which is the end"
keys ,
shows 'sample 2 ' "one can go back"
keys q
ended 0 "and leave"

view 80x24 "$TOOL" top --replay "$TAP_TMP/rates" -d 60
shows ' \.\. +\.\. +\.\.' "a rate of one sample is none"
keys . .
shows '▎ +1/16 +█▄▂ +0 +10 +4\? ' "levels have a history, rates are of the last interval or old"
keys . .
shows '████ +full +█▄▂▁█ +0 +0 +0 ' "... and go on"
keys Right Right Right Right Right Right
shows 'WAIT_HIST' "a history of waits"
shows '▁▂█▁' "... as high as its highest"
keys Left Left Left Left Left Left .
shows '█▄▂▁██ +0 +new ' "another table begins anew"
keys q
ended 0 "so that was that"

# devices that appear and disappear: 1 has a, b, c; 2 lacks b; in 3 it is back; 5 has c
view 80x24 "$TOOL" top --replay "$TAP_TMP/moving" -d 60
is_at a "devices come and go:"
keys End
is_at c "with the cursor on the last one"
keys Up .
shows 'sample 2 ' "... whose neighbour goes"
is_at c "it is on the one in its place"
keys .
shows 'sample 3 ' "... and when one comes back before it"
is_at c "... stays there"
keys .
shows 'no device-mapper device' "all may go"
keys Down + Enter e q .
is_at c "... and one come"
keys q
ended 0 "and be left"

cp "$TAP_TMP/moving" "$TAP_TMP/damaged"
sed -i '3s/.*/{"source":7}/' "$TAP_TMP/damaged"
view 80x24 "$TOOL" top --replay "$TAP_TMP/damaged" -d 60
shows 'sample 1 ' "a recording that is damaged"
keys .
shows 'damaged:3: byte' "says so on the last line"
shows '^verity-memtop .*sample 1 ' "... and nowhere else"
keys q
ended 0 "... and when it is over"
like "$(cat "$TAP_TMP/stderr")" 'damaged:3: byte' "... again"

# ---- verdicts --------------------------------------------------------------------
view 80x24 "$TOOL" top --replay "$TAP_TMP/deadlock" -d 60
shows 'Waiting 1  Stalls 1 .*deadlock: bottom \(254:1\): kworker/0:1H\[57\] waits 13s' "a deadlock has a line"
looks_like deadlock "... above the list"
keys Up Enter
looks_like evidence "Enter on it shows what it rests on"
keys q
hides 'Waiting tasks' "... until one goes back"
keys Down Down Enter
shows 'Waiting tasks, holders' "so does Enter on the device"
keys q
keys -H 1b 5b 4d 20 21 24
keys Enter
shows 'Waiting tasks, holders' "... and after a click on the line"
keys q q
ended 0 "... and is left"

fixture begin
MEMTOP_FIXTURE=@$TAP_TMP/fixture view 80x24 "$TOOL" top -d 0.2
shows 'Waiting 1  Stalls 0' "somebody has begun to wait"
fixture stuck
shows 'Stalls 1 .*stall: busy \(254:1\): kworker/1:2H\[31\] waits 3.0s for recheck.page' "... for too long:"
keys Up Enter
shows 'missing elements of the pool are held by.*kworker/0:1H\[49\]' "the evidence"
fixture calm
shows 'No task has waited for longer than a second' "... changes with each sample"
keys q
shows 'Waiting 0  Stalls 0' "the line clears"
hides 'stall:' "... and is gone"
is_at plain-1 "... and the cursor in the list"
fixture nonsense
shows 'fixture: Input/output error' "when there are no samples that is said"
shows '^verity-memtop .*Devices 61 ' "... below those that there were"
fixture calm
hides 'Input/output' "... until there are"
keys q
ended 0 "one can leave"

MEMTOP_FIXTURE=losses view 80x24 "$TOOL" top
shows 'Lost some' "that something was lost is said"
resize 120x24
shows 'Lost ring_full 3, map_full 1, missed_runs 2, raced_reads 18446744073709551614' "... and what, if there is room"
keys q
ended 0 "... all the time"

# ---- trees and sizes -------------------------------------------------------------
view 80x24 "$TOOL" top --replay "$TAP_TMP/stack" -d 60
shows 'sample 1 ' "devices on devices"
keys t
looks_like tree "... are a tree"
keys /vol-a Enter -
shows '\+vol-a' "which folds"
keys +
hides '\+vol-a' "... and unfolds"
keys t
hides '└─' "... and is a list again"
keys q
ended 0 "... which is left"

view 160x30 "$TOOL" top --replay "$TAP_TMP/states" -d 60
looks_like states "a wide terminal has more columns"
for ((i = 0; i < 60; i++)); do
	resize $((10 + i * 37 % 190))x$((3 + i * 17 % 60))
	keys Down
done
resize 20x2
resize 200x50
shows 'RECHECK +HASH +FEC *(.*)w write' "after a storm of sizes it has the last one"
resize 1x1
resize 80x24
shows 'FEC/S +>' "... and another one"
keys q
ended 0 "... and is well"

# ten thousand devices, with one pool each
view 80x24 "$TOOL" top --replay "$TAP_TMP/many" -d 60
shows 'Devices 10000' "ten thousand devices"
keys .
shows 'sample 2 ' "... are compared with those before"
keys S Home
is_at layer-09999 "... sorted by the changes"
shows 'layer-09999 .* 9999 ' "... which is right"
keys D Home End
is_at layer-09999 "... and scrolled through"
keys '\' 7777 Enter
is_at layer-07777 "... and filtered"
keys Escape t
shows '└─7:' "... and have a tree"
keys q
ended 0 "... and are left"

# ---- characters --------------------------------------------------------------------
view 80x24 "$TOOL" top --replay "$TAP_TMP/hostile" -d 60
shows 'naïve 日本' "wide characters"
looks_like hostile "... leave the columns where they are"
keys '\' 日本 Enter
shows '\(1 shown\)' "... and can be typed"
keys Escape /café BSpace BSpace
shows 'Search: ca' "... and taken back"
keys Escape q
ended 0 "... whole"

view 80x24 "$TOOL" top --replay "$TAP_TMP/states" -d 60 --ascii
looks_like ascii "it can do without"
is "$(LC_ALL=C tr -d '\0-\177' <<<"$SCREEN" | wc -c)" 0 "... with ASCII only"
keys q
ended 0 "... to the end"
LC_ALL=C view 80x24 "$TOOL" top --replay "$TAP_TMP/states" -d 60
looks_like ascii "in another locale that is so by itself"
keys q
ended 0 "... too"

for columns in 80 100 120; do
	view ${columns}x36 "$TOOL" top --replay "$TAP_TMP/names" -d 60
	looks_like names-$columns "names of Android, LVM and root hashes in $columns columns"
	printf '%s\n' "$SCREEN" >"$TAP_TMP/screen"
	ok "... and no two of them look alike" tests/check-width $columns 29 "$TAP_TMP/screen"
	keys q
	ended 0 "... to the end"
done

screen_codes() { screen -e && [[ $SCREEN =~ $'\e['[0-9\;]*[34][0-7]m ]]; }
fixture stuck
unset NO_COLOR
MEMTOP_FIXTURE=stuck view 80x24 "$TOOL" top
shows 'stall: busy' "with colours"
ok "... there are some" comes_true screen_codes
like "$SCREEN" $'\e\\[37m\e\\[41mstall: ' "... and the faults are white on red"
keys q
ended 0 "... nothing else"
export NO_COLOR=1
MEMTOP_FIXTURE=stuck view 80x24 "$TOOL" top
shows 'stall: busy' "without colours"
not_ok "... there are none" screen_codes
keys q
ended 0 "... nothing else"

# ---- terminals ---------------------------------------------------------------------
for VIEW_TERM in vt100 linux xterm; do
	view 80x24 "$TOOL" top
	shows 'plain-19 ' "on a terminal like $VIEW_TERM"
	keys Down
	is_at plain-2 "... one can move about"
	keys q
	ended 0 "... and leave"
done
for VIEW_TERM in dumb nonsense; do
	view 80x24 "$TOOL" top
	ended 1 "on a terminal that is $VIEW_TERM it does not begin"
	like "$(cat "$TAP_TMP/stderr")" "'$VIEW_TERM' cannot be used.*--batch" "... with the reason"
done
unset VIEW_TERM
view 80x24 "$TOOL"
shows 'verity-memtop +6.12.0-test' "alone on a terminal it is the live view"
hang_up
# by the signal or by an error of the terminal, whichever comes first
comes_true test -e "$TAP_TMP/status"
like "$(cat "$TAP_TMP/status")" '^[01]$' "... until that goes away"

[ -z "${GOLDEN_UPDATE:-}" ] || tests/top-screenshot
mkdir "$TAP_TMP/pictures"
ok "the documents' pictures can be drawn" tests/top-screenshot "$TAP_TMP/pictures"
for picture in docs/top*.svg; do
	ok "... and $picture shows the current view" cmp "$picture" "$TAP_TMP/pictures/${picture##*/}"
done
done_testing
