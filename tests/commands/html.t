#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Pages: well formed, nothing from elsewhere, any name, the recording inside.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/asan/memtop-fixture
export LC_ALL=C.UTF-8

# page NAME ARGUMENT...: a page, in $TAP_TMP/page, and its text in $OUT
page() {
	local name=$1
	shift
	ok "$name: a page" "$TOOL" report --html "$@"
	printf '%s\n' "$OUT" >"$TAP_TMP/page"
	ok "... is complete and well formed" tests/check-html "$TAP_TMP/page" --text --data "$TAP_TMP/recording"
}

for fixture in one demo states unknowns shared hostile huge losses targets owners stack corrupt lowered; do
	export MEMTOP_FIXTURE=$fixture
	page "$fixture"
	ok "... whose recording has the same table" diff <("$TOOL" report) \
		<(MEMTOP_FIXTURE=none "$TOOL" report --replay "$TAP_TMP/recording")
	page "$fixture, pools" --pools
done

export MEMTOP_FIXTURE=hostile
page "hostile names"
like "$OUT" '"quoted\\", \{\}</script>' "quotes and tags are text"
like "$OUT" '\\xe2\\x80\\xae\\xc2\\x9bdesrever' "characters that reorder text are escaped"
like "$OUT" 'new\\x0aline' "and so are newlines"
unlike "$(cat "$TAP_TMP/page")" '</script' "in the page no tag ends early"

export MEMTOP_FIXTURE=none
page "a deadlock" --replay tests/recordings/deadlock --sample 2 --subtotal 'b*' --where reserved!=-
like "$OUT" "deadlock: bottom \(253:2\): .* which kworker/0:1H\[40\] works on" "has its evidence"
like "$(tr '\n' ' ' <<<"$OUT")" "bottom deadlock 253:2 verity 162KiB" "its row names the trouble"
ok "and there are totals" grep -qx "total (5)" <<<"$OUT"
OUT=$(tests/check-html "$TAP_TMP/page" --text)
like "$OUT" "verity-memtop report --html --replay tests/recordings/deadlock --sample 2 " "and the command"
is "$(grep -c '<rect class="recheck" x=' "$TAP_TMP/page")" 3 "and a bar for each use of a reserve"
stack=$(sed -n '/class="stack"/,/<.svg>/p' "$TAP_TMP/page")
is "$(grep -c 'class="arc"' <<<"$stack")" 4 "and the deadlock, as four steps in the drawing of the stack"
like "$stack" '>waits for<.*>held for 253:3 by<.*>needs sectors 72\+8<.*>worked on: sectors 72\+8<' "... with words"
is "$(grep -c 'class="line"' <<<"$stack")" "$("$TOOL" report --graph dot --replay tests/recordings/deadlock --sample 2 | grep -c -- '-> n[0-9]*;')" \
	"... and a line for each device on another"
unlike "$OUT" "CPU" "a recording can be of another machine, so this one is not named"
unlike "$(MEMTOP_FIXTURE=none "$TOOL" record --replay "$TAP_TMP/recording" --format json -)" '"(host|boot_id)":"[^"]' \
	"the recording inside does not name the machine"

tests/curves.gen ring 100 >"$TAP_TMP/ring"
page "many deadlocks" --replay "$TAP_TMP/ring"
like "$OUT" "30 more steps of deadlocks are not drawn" "names the steps that the drawing leaves out"
like "$OUT" "84 more deadlocks are not drawn" "... and the deadlocks"
MEMTOP_FIXTURE=thousand page "1000 devices"
like "$OUT" "more devices, tasks and pools are not drawn" "names how many rows the drawing leaves out"

MEMTOP_FIXTURE=targets page "unknown reserves"
like "$OUT" "at least .* luks" "are lower bounds in the drawing"
like "$OUT" "Unknown reserves: targets of type" "and the types are named"

tests/lib/make-recording names >"$TAP_TMP/names"
page "long names" --replay "$TAP_TMP/names"
is "$(grep -c '<g><title>' "$TAP_TMP/page")" "$(sed '/class="stack"/,/<.svg>/d' "$TAP_TMP/page" | grep -o '<text[^>]*>.*</text>' | sed 's/<[^>]*>//g' | sort -u | wc -l)" \
	"no two bars have the same label"

refuses 2 "--html does not go with --json" report --html --json
refuses 2 "--html does not go with --tree" report --html --tree
refuses 2 "--html is not for advise" advise --html

# --- bench ----------------------------------------------------------------------
ok "pages of a bench" env MEMTOP_KEEP="$TAP_TMP/bench" "$BUILD/asan/unit/bench"
ok "a page of a bench is complete and well formed" tests/check-html "$TAP_TMP/bench.html" --text --data "$TAP_TMP/bench.json"
like "$(tr '\n' ' ' <<<"$OUT")" "RESERVED 1 1000B 1000B 1000B -93.8% 0.008 significant" "... with p-values"
like "$OUT" "pressure-command '</code><b>" "... and its command as text"
ok "... and the results inside" diff "$TAP_TMP/bench" "$TAP_TMP/bench.json"

# --- the check itself ---------------------------------------------------------
for fault in 's/<h1>/<h1><b>/' 's/<table>/<div>/' 's|</tr>|</td>|' 's|</body>|<script>x</script></body>|' \
	's|data:application|http://x/data|' 's|<p>|<p onclick="x">|' 's|body{|body{background:url(x);|' \
	's/<!DOCTYPE html>//' 's|deadlock|http://example.org|' 's|<p>|<!-- -->&|'; do
	sed "$fault" "$TAP_TMP/page" >"$TAP_TMP/bad"
	cmp -s "$TAP_TMP/page" "$TAP_TMP/bad" && continue
	not_ok "(a page after $fault is refused)" tests/check-html "$TAP_TMP/bad"
done

done_testing
