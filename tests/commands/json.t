#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The JSON conforms to its schema, the schema forbids wrong documents, and the
# documentation has every key of it and no other.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

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
for recording in tests/recordings/*; do
	"$TOOL" report --replay "$recording" --list-samples --json >"$TAP_TMP/document"
	ok "$recording: the list of samples keeps to its schema" tests/check-json "$TAP_TMP/document"
done
for change in 's/"deadlock"/"dead"/' 's/"incomplete": false/"incomplete": null/' 's/"devices": 0/"devices": null/'; do
	"$TOOL" report --replay tests/recordings/deadlock --list-samples --json | sed "$change" >"$TAP_TMP/faulty"
	not_ok "... which a faulty one does not: $change" tests/check-json "$TAP_TMP/faulty"
done
MEMTOP_FACTS_MISSING=dm "$TOOL" doctor --json >"$TAP_TMP/document"
sed 's:doctor/1:doctor/2:' "$TAP_TMP/document" >"$TAP_TMP/faulty"
not_ok "a document of an unknown kind is refused" tests/check-json "$TAP_TMP/faulty"

MEMTOP_FIXTURE=traced
"$TOOL" report --json --subtotal '*' >"$TAP_TMP/traced"
ok "faulty documents are refused" tests/check-json --self-test "$TAP_TMP/traced"
like "$OUT" '^[0-9]{3,} faulty' "more than a hundred of them"
head -c 1000 "$TAP_TMP/traced" >"$TAP_TMP/cut"
not_ok "a document cut short is refused" tests/check-json "$TAP_TMP/cut"

# Numbers are unchanged at the edge of 64 bits.
MEMTOP_FIXTURE=huge
like "$("$TOOL" report --json)" '"waits": 18446744073709551614' \
	"a number near 2^64 is exact"

# Characters that steer a terminal or are invisible are printed as escapes. The test
# uses Python's tables of Unicode, plus the characters that are drawn as blanks or
# nothing.
MEMTOP_FIXTURE=one
"$TOOL" record --format json "$TAP_TMP/one"
cat >"$TAP_TMP/names.py" <<'END'
import json, sys, unicodedata

BLANK = [0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x2065, 0x2800, 0x3164,
         *range(0xFE00, 0xFE10), 0xFFA0, *range(0xFFF0, 0xFFF9), *range(0xE0000, 0xE1000)]
PRIVATE = [0xE000, 0xF8FF, 0xF0000, 0xFFFFD, 0x100000, 0x10FFFD]
NONE = [*range(0xFDD0, 0xFDF0), *(plane << 16 | low for plane in range(17) for low in (0xFFFE, 0xFFFF))]
UNSEEN = {chr(c) for c in range(1, 0x110000)
          if unicodedata.category(chr(c)) in ("Cc", "Cf", "Zl", "Zp", "Zs")}
UNSEEN |= {chr(c) for c in BLANK + PRIVATE + NONE}
UNSEEN -= {" "}
PLAIN = set("aé日本😀") | set(map(chr, (0xA1, 0xAE, 0x2010, 0x2027, 0xFFFC, 0xFFFD, 0xFE10, 0x1F600)))

if sys.argv[1] == "make":
    header, sample = map(json.loads, open(sys.argv[2], encoding="utf-8"))
    device, pools = sample["devices"][0], sample["pools"]
    sample["devices"] = [dict(device, dev=f"253:{i}", name=f"a{c}b") for i, c in enumerate(sorted(UNSEEN | PLAIN))]
    sample["pools"] = [dict(p, dev=d["dev"], id=len(pools) * i + j) for i, d in enumerate(sample["devices"])
                       for j, p in enumerate(pools)]
    print(json.dumps(header))
    print(json.dumps(sample))
else:
    text = open(sys.argv[2], encoding="utf-8", newline="").read()
    seen = {c for c in text if c in UNSEEN} - {"\n"}
    assert not seen, sorted(map(hex, map(ord, seen)))
    assert PLAIN - set(text) == set(), PLAIN - set(text)
    if sys.argv[1] == "json":
        names = {d["name"] for d in json.loads(text)["devices"]}
        assert names == {f"a{c}b" for c in UNSEEN | PLAIN}, "a name is another one"
END
ok "a recording with each such character" python3 "$TAP_TMP/names.py" make "$TAP_TMP/one"
printf '%s\n' "$OUT" >"$TAP_TMP/names"
export LC_ALL=C.UTF-8
"$TOOL" report --json --replay "$TAP_TMP/names" >"$TAP_TMP/document"
ok "JSON has escapes for them, and the same names" python3 "$TAP_TMP/names.py" json "$TAP_TMP/document"
"$TOOL" report --replay "$TAP_TMP/names" >"$TAP_TMP/document"
ok "a table has none of them" python3 "$TAP_TMP/names.py" text "$TAP_TMP/document"
not_ok "(which is noticed)" python3 "$TAP_TMP/names.py" text <(cat "$TAP_TMP/document"; printf 'a\u202eb')

# Keys in the schema, and in the documentation's tables.
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
