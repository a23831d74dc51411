#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# diff: which devices and roles it pairs, its figures, its exit status.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

TOOL=$PWD/${BUILD:-.output}/asan/memtop-fixture
export MEMTOP_FIXTURE=demo LC_ALL=C.UTF-8

# changed FILTER: a recording of a sample of "waiters" and a copy with this jq filter
# applied
changed() {
	{
		head -n 2 tests/recordings/waiters
		sed -n 2p tests/recordings/waiters | jq -c "$1"
	} >"$TAP_TMP/changed"
}

# shown: the output without trailing blanks and without the notes
shown() {
	"$TOOL" diff -B -H "$TAP_TMP/changed@1" "$TAP_TMP/changed" | tr -s ' ' | sed 's/ $//'
}

total=$(head -n 2 tests/recordings/waiters >"$TAP_TMP/first" && "$TOOL" report --replay "$TAP_TMP/first" --json | jq .totals.reserved_bytes)
is_num "$total" '>' 10000 "there are reserves"

changed .
status_is 0 "nothing differs" "$TOOL" diff "$TAP_TMP/changed@1" "$TAP_TMP/changed"
like "$OUT" "devices: 0 changed, 0 appeared, 0 gone, [1-9][0-9]* the same" "... which a message reports"
is "$(shown)" "total $total $total 0" "... the sums are there"

changed '(.pools[] | select(.role == "core.io" and .dev == "253:1")).min = 16'
status_is 1 "another size of a pool" "$TOOL" diff "$TAP_TMP/changed@1" "$TAP_TMP/changed"
before=$(sed -n 2p tests/recordings/waiters | jq '.pools[] | select(.role == "core.io" and .dev == "253:1") | .min')
footprint=$(sed -n 2p tests/recordings/waiters | jq '.pools[] | select(.role == "core.io" and .dev == "253:1") | .footprint_bytes')
more=$(((16 - before) * footprint))
is_num $more '>' 0 "(it is more)"
like "$(shown)" "changed v live [0-9]+ [0-9]+ \+$more"$'\n'" ?changed core.io $before 16 $((before * footprint)) $((16 * footprint)) \+$more"$'\n'"total $total $((total + more)) \+$more" \
	"... is named, and nothing else"
is "$("$TOOL" diff --json "$TAP_TMP/changed@1" "$TAP_TMP/changed" | tee "$TAP_TMP/json" | jq -c '[.differs, [.devices[] | .name, .state, .reserved_bytes.change, [.roles[] | .role, .elements.change]], .totals.changed]')" \
	"[true,[\"v\",\"changed\",$more,[\"core.io\",$((16 - before))]],1]" "... in JSON as well"
ok "... which keeps to its schema" tests/check-json "$TAP_TMP/json"

# A device that is created again has another number.
changed '(.. | strings) |= (if . == "253:1" then "253:9" else . end) | .devices |= sort_by(.dev) | .links = null'
status_is 0 "the same name with another number is the same device" "$TOOL" diff "$TAP_TMP/changed@1" "$TAP_TMP/changed"
changed '(.devices[] | select(.name == "v")).name = "w"'
status_is 1 "another name without a UUID is another device" "$TOOL" diff "$TAP_TMP/changed@1" "$TAP_TMP/changed"
is "$(shown | grep -c ' [vw] live')" 2 "... one has gone, one has appeared"
changed '(.devices[] | select(.name == "v")).name = "w"'
sed -i '2,3s/"uuid":""/"uuid":"UUID-of-v"/2' "$TAP_TMP/changed"
status_is 0 "another name with the same UUID is the same device" "$TOOL" diff "$TAP_TMP/changed@1" "$TAP_TMP/changed"

# Unknown is not 0.
changed '(.pools[] | select(.role == "core.io" and .dev == "253:1")).footprint_bytes = null'
status_is 1 "a size that is not known any more is a difference" "$TOOL" diff "$TAP_TMP/changed@1" "$TAP_TMP/changed"
like "$(shown)" "changed core.io $before $before $((before * footprint)) - -" "... of unknown size"

# Nothing is left out without a note, with or without headings.
changed '.lost.map_full = 3'
for headings in '' -H; do
	# shellcheck disable=SC2086 # no word, or one
	status_is 0 "a sample that lost something${headings:+, $headings}" "$TOOL" diff $headings "$TAP_TMP/changed@1" "$TAP_TMP/changed"
	like "$ERR" "lost: map_full 3" "... with a message that names the reason"
done
status_is 1 "names that steer a terminal" env MEMTOP_FIXTURE=hostile "$TOOL" diff "$TAP_TMP/first" now
not_ok "... do not" grep -q '[[:cntrl:]]' <<<"$OUT"
status_is 1 "figures of 64 bits" env MEMTOP_FIXTURE=huge "$TOOL" diff --json now "$TAP_TMP/first"
printf '%s\n' "$OUT" >"$TAP_TMP/json"
ok "... keep to the schema" tests/check-json "$TAP_TMP/json"

# Files with an @ in their names, samples that do not exist.
cp "$TAP_TMP/first" "$TAP_TMP/a@2"
status_is 0 "a file may be called so" "$TOOL" diff "$TAP_TMP/a@2" "$TAP_TMP/first"
status_is 2 "a missing sample" "$TOOL" diff "$TAP_TMP/first@2" "$TAP_TMP/first"
like "$ERR" "has no sample 2" "... is named"
is "$OUT" "" "... and nothing is printed"
status_is 2 "a missing file" "$TOOL" diff "$TAP_TMP/none" "$TAP_TMP/first"
status_is 2 "one argument" "$TOOL" diff "$TAP_TMP/first"
like "$ERR" "diff needs A B" "... is too few"
status_is 2 "three arguments" "$TOOL" diff a b c
status_is 1 "only some devices" "$TOOL" diff "$TAP_TMP/first" now --name 'plain-1'
not_ok "... and no others" grep -q plain-2 <<<"$OUT"
status_is 1 "standard input" "$TOOL" diff - now <"$TAP_TMP/first"

# The order of devices; of JSON as well.
status_is 2 "a column of pools is none to sort by" "$TOOL" diff --sort role "$TAP_TMP/first" now
like "$ERR" "unknown diff column 'role' \\(columns: STATE, NAME, SLOT, RESERVED_A, RESERVED_B, CHANGE\\)" "... with those that are"
for wrong in '' ',' 'name,' -; do
	status_is 2 "--sort '$wrong' is refused" "$TOOL" diff --sort "$wrong" "$TAP_TMP/first" now
	is "$OUT" "" "... and nothing is printed"
done
status_is 1 "names are sorted as numbers in them" "$TOOL" diff -H --sort=-name "$TAP_TMP/first" now --name 'plain-*'
like "$OUT" "^[a-z]+ +plain-59 .*
[a-z]+ +plain-58 " "... also downwards"

done_testing
