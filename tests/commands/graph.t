#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# report --graph: both languages are well formed and agree; the devices and their
# order are those of report --json, and the red cycle is that of watch --json.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/asan/memtop-fixture
export LC_ALL=C.UTF-8
DEADLOCK=tests/recordings/deadlock

# draw NAME [OPTION...]: leaves NAME.dot, NAME.mermaid, and their contents in .json
draw() {
	local name=$1 language
	shift
	for language in dot mermaid; do
		ok "$name in $language" "$TOOL" report --graph "$language" "$@"
		cp "$TAP_TMP/out" "$TAP_TMP/$name.$language"
		ok "... is well formed" tests/read-graph "$language" "$TAP_TMP/$name.$language"
		cp "$TAP_TMP/out" "$TAP_TMP/$name.$language.json"
	done
	ok "... and both agree" diff "$TAP_TMP/$name.dot.json" "$TAP_TMP/$name.mermaid.json"
}
# what NAME FILTER: of the graph, by jq
what() {
	jq -r "$2" "$TAP_TMP/$1.dot.json"
}
# The line of a label that has the device's number.
NUMBER='(split("\n") | map(select(test("^[0-9]+:[0-9]+( |$)"))) | .[0] | split(" ")[0])'

# ---- the checker -------------------------------------------------------------

refused() {
	printf '%s\n' "$3" >"$TAP_TMP/wrong"
	not_ok "a checker finds: $1" tests/read-graph "$2" "$TAP_TMP/wrong"
}
refused "a quote in a label" dot 'digraph d { n0 [label="a"b"]; }'
refused "an edge without a node" dot 'digraph d { n0 [label="a"]; n0 -> n1; }'
refused "a missing end" dot 'digraph d { n0 [label="a"];'
refused "no semicolon" dot 'digraph d { n0 [label="a"] }'
refused "a quote in a label" mermaid $'flowchart TD\n    n0["a"b"]'
refused "HTML in a label" mermaid $'flowchart TD\n    n0["<b>"]'
refused "a style of no edge" mermaid $'flowchart TD\n    n0["a"]\n    linkStyle 0 stroke:#c00,x:1'

# ---- devices -----------------------------------------------------------------

for fixture in stack states demo hostile unknowns shared; do
	export MEMTOP_FIXTURE=$fixture
	draw "$fixture"
	"$TOOL" report --json >"$TAP_TMP/report"
	is "$(what "$fixture" ".edges[] | (.from | $NUMBER) + \" \" + (.to | $NUMBER)" | LC_ALL=C sort)" \
		"$(jq -r '.devices[] | .dev as $dev | .lower // [] | unique[] | "\($dev) \(.)"' "$TAP_TMP/report" | LC_ALL=C sort -u)" \
		"... and which device is on which"
	is "$(what "$fixture" ".nodes[] | .label | $NUMBER" | LC_ALL=C sort)" \
		"$(jq -r '.devices[] | (.dev, .lower[]?) | select(.)' "$TAP_TMP/report" | LC_ALL=C sort -u)" \
		"... and all devices, each once"
	is "$(what "$fixture" ".nodes[] | .label | $NUMBER as \$dev | split(\"\n\")[] | select(endswith(\" in reserve\")) | \$dev + (if startswith(\"inactive\") then \" inactive\" else \"\" end)" | LC_ALL=C sort)" \
		"$(jq -r '.devices[] | select(.dev) | .dev + (if .slot == "inactive" then " inactive" else "" end)' "$TAP_TMP/report" | LC_ALL=C sort)" \
		"... and the reserves of each table"
	is "$(what "$fixture" '[.nodes[], .edges[]] | map(select(.red)) | length')" 0 "... nothing is red"
done
MEMTOP_FIXTURE=states status_is 0 "a pool without a device" "$TOOL" report --graph dot
like "$ERR" 'pools that belong to no device are not drawn: 1$' "... is reported"
unlike "$(cat "$TAP_TMP"/hostile.*)" $'\x1b|\xe2\x80\xae' "no control characters"

# ---- a deadlock --------------------------------------------------------------

draw deadlock --replay "$DEADLOCK" --sample 2
"$TOOL" watch --json --replay "$DEADLOCK" | jq -c 'select(.event == "deadlock")' >"$TAP_TMP/event"
is_num "$(jq '.cycle | length' "$TAP_TMP/event")" '==' 4 "a cycle of four steps"
is "$(what deadlock '.edges[] | select(.red) | .label' | LC_ALL=C sort)" "$(jq -r '.cycle as $c | $c[] |
	if .step == "waits" then "waits for"
	elif .step == "held" then "held for \(.dev) by"
	elif .step == "needs" then "needs sectors \(.sector)+\(.sectors)"
	else $c[2] | "worked on: sectors \(.sector)+\(.sectors)" end' "$TAP_TMP/event" | LC_ALL=C sort)" "... is drawn"
is "$(what deadlock '[.edges[] | select(.red)] as $e | $e | length as $n |
	reduce range($n) as $i ([$e[0].from]; . + [(last as $at | $e[] | select(.from == $at) | .to)]) |
	"\(.[0] == .[$n]) \(.[:$n] | unique | length)"')" "true 4" "... and leads back to its first task"
is "$(what deadlock '.nodes[] | select(.red) | .label | split("\n")[0]' | LC_ALL=C sort)" \
	"$(jq -r '.cycle[] | if .step == "waits" then .role, "\(.comm)[\(.pid)]"
		elif .step == "held" then "\(.comm)[\(.pid)]" elif .step == "needs" then .name else empty end' \
		"$TAP_TMP/event" | LC_ALL=C sort -u)" "... with its tasks, pool and device in red"
draw after --replay "$DEADLOCK"
is "$(what after '[.nodes[], .edges[]] | map(select(.red)) | length')" 0 "nothing is red when it is over"
draw selected --replay "$DEADLOCK" --sample 2 fs
unlike "$(what selected '.nodes[].label | split("\n")[0]' | xargs)" '\b(top|tree)\b' "devices that are neither selected nor below are left out"
like "$(what selected '.nodes[].label | split("\n")[0]' | xargs)" '\bbottom\b' "those below are not"
is "$(what selected '[.edges[] | select(.red)] | length')" 4 "the cycle is drawn whole, whatever is selected"

# ---- usage -------------------------------------------------------------------

refuses 2 "--graph: 'svg' is not one of" report --graph svg
for other in --json --csv --pools --tree "--group-by owner" "--columns name" "--sort name" "--subtotal x" \
	--verify --list-columns; do
	# shellcheck disable=SC2086 # two words
	refuses 2 "does not go with" report --graph dot $other
done
status_is 5 "no device that matches" env MEMTOP_FIXTURE=one "$TOOL" report --graph dot --name none
is "$("$TOOL" report --graph none)" "$("$TOOL" report)" "none is the table"

done_testing
