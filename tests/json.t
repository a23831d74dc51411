#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The JSON keeps to its schema, the schema forbids what it should, and the
# documentation has every key of it and no other.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/plain/memtop-fixture
export MEMTOP_FIXTURE

python3 -c 'import jsonschema' ||
	bail "python3-jsonschema is missing: run kernel/install-deps as root"

for MEMTOP_FIXTURE in empty one demo noverity states unknowns shared hostile \
	losses huge traced; do
	"$TOOL" report --json --subtotal '*' >"$TAP_TMP/document" 2>/dev/null
	ok "$MEMTOP_FIXTURE: keeps to the schema" \
		tests/check-json "$TAP_TMP/document"
done

for MEMTOP_FIXTURE in one demo noverity states unknowns shared hostile losses \
	huge traced; do
	"$TOOL" advise --json >"$TAP_TMP/document" 2>/dev/null
	ok "$MEMTOP_FIXTURE: advice keeps to its schema" \
		tests/check-json "$TAP_TMP/document"
done
ok "advice where no value is enough keeps to it, too" tests/check-json tests/golden/advise-dead-json
for change in 's/"rule": "progress"/"rule": "guess"/' \
	's/"value": [0-9]*/"value": 0/' 's/"lines"/"line"/'; do
	sed "$change" "$TAP_TMP/document" >"$TAP_TMP/faulty"
	not_ok "advice that is faulty does not: $change" \
		tests/check-json "$TAP_TMP/faulty"
done

ok "a bench's result is made" \
	env "MEMTOP_KEEP=$TAP_TMP/bench" "$BUILD/plain/unit/bench"
ok "... and keeps to its schema" tests/check-json "$TAP_TMP/bench"
for change in 's/"kernel"/"release"/' 's/"fec": false/"fec": 0/' \
	's/"bytes_per_second": null/"bytes_per_second": ""/' \
	's/"blocks": "recheck"/"blocks": "bad"/' 's/"role": "hash.io"/"role": 7/' \
	's/"stalls"/"halts"/'; do
	sed "$change" "$TAP_TMP/bench" >"$TAP_TMP/faulty"
	not_ok "(a change: $change)" \
		cmp -s "$TAP_TMP/bench" "$TAP_TMP/faulty"
	not_ok "... is refused" tests/check-json "$TAP_TMP/faulty"
done

for missing in "" "bpf" "pool-events btf-dm" "dm"; do
	MEMTOP_FACTS_MISSING=$missing "$TOOL" doctor --json >"$TAP_TMP/document"
	ok "doctor, without '$missing': keeps to its schema" \
		tests/check-json "$TAP_TMP/document"
	sed 's/"state"/"status"/' "$TAP_TMP/document" >"$TAP_TMP/faulty"
	not_ok "... which a faulty one does not" tests/check-json "$TAP_TMP/faulty"
done
sed 's:doctor/1:doctor/2:' "$TAP_TMP/document" >"$TAP_TMP/faulty"
not_ok "a document of an unknown kind is refused" tests/check-json "$TAP_TMP/faulty"

MEMTOP_FIXTURE=traced
"$TOOL" report --json --subtotal '*' >"$TAP_TMP/traced"
ok "faulty documents are refused" tests/check-json --self-test "$TAP_TMP/traced"
like "$OUT" '^[0-9]{3,} faulty' "more than a hundred of them"
head -c 1000 "$TAP_TMP/traced" >"$TAP_TMP/cut"
not_ok "a document cut short is refused" tests/check-json "$TAP_TMP/cut"

# Numbers come through unharmed at the edge of 64 bits.
MEMTOP_FIXTURE=huge
like "$("$TOOL" report --json)" '"waits": 18446744073709551614' \
	"a number near 2^64 is exact"

# Keys as the schema has them; as the documentation's tables have them.
python3 - >"$TAP_TMP/schema" <<'END'
import json

schema = json.load(open("docs/report.schema.json"))
keys = set(schema["properties"]) | set(schema["properties"]["lost"]["properties"])
for part in schema["definitions"].values():
    keys |= set(part.get("properties", ()))
print("\n".join(sorted(keys)))
END
grep -o '^| `[a-z_.]*\(\[\]\)\?[a-z_.]*` |' docs/json.md |
	sed 's/^| `\(.*\.\)\?\([a-z_]*\)` |/\2/' | LC_ALL=C sort -u \
	>"$TAP_TMP/documented"
ok "docs/json.md has the keys of the schema" \
	diff "$TAP_TMP/schema" "$TAP_TMP/documented"

done_testing
