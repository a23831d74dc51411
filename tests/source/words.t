#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The words of documents, man pages, messages and comments: spelling, the rules of style
# in tests/words, one sentence a line, and that docs/messages.md has each error and
# warning. Also that these checks find a fault.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# ---- spelling ----------------------------------------------------------------

# bu: a bullet of man pages; nin: "\nIn" of a C string; the others are misspelt on purpose in tests
SPELLING=(codespell --skip tests/source/words.t --ignore-words-list "bu,nin,damon,isnt,nmae,reprot,sourc,fro,colums,filp")
ok "documents and man pages are spelt correctly" "${SPELLING[@]}" README.md docs/*.md man kernel/README.md
ok "... and the other installed files" "${SPELLING[@]}" monitoring systemd packaging
ok "... and the sources" "${SPELLING[@]}" cli bpf Makefile tests/source tests/commands tests/lib tests/unit tests/functional
echo "The device did not recieve it." >"$TAP_TMP/bad.md"
not_ok "(a misspelt word is seen)" "${SPELLING[@]}" "$TAP_TMP/bad.md"

# ---- style -------------------------------------------------------------------

ok "documents, man pages, messages and comments keep to the rules of style" tests/words
while IFS='|' read -r line why; do
	echo "$line" >"$TAP_TMP/bad.md"
	not_ok "($why is seen)" tests/words "$TAP_TMP/bad.md"
	like "$OUT" "bad.md:1: '" "... with its place"
done <<'END'
The number of runs; else 5|a default with "else"
It samples every second, else 10 looks|a number after "else"
It reports what is missing from a pool.|a headless clause
A task who waits is shown.|a clause without a noun
Who stops is told about it.|a program that tells
The tool says so.|a program that says
The value is no number.|"is no number"
The table is loaded anew.|"anew"
It ends in good order.|"in good order"
It runs nevertheless.|"nevertheless"
It can't be read.|"can't"
It gives up rights.|"gives up rights"
Ten looks, for instance.|"for instance"
So what is read twice is kept.|"so what"
It was not in the log, or in what it wrote.|"in what"
It keeps what is at the end.|"what is"
The build says why.|"says"
The kernel knows two names.|"knows"
It raises an alarm.|"alarm"
It blocks nobody.|"nobody"
All but for the last are kept.|"but for"
It is no matter to the others.|"no matter"
It changes nothing.|"it changes nothing"
An object should be here.|"should be here"
END
printf 'A line of code: `else 10`, `anew`.\n\n    anew code\n\n```\nanew fenced\n```\n' >"$TAP_TMP/good.md"
ok "(code is left alone)" tests/words "$TAP_TMP/good.md"
# shellcheck disable=SC2016 # backquotes of Markdown
printf '.TH X 8\n.SH NAME\nx \\- loads a table anew\n' >"$TAP_TMP/bad.8"
not_ok "(a man page is read, too)" tests/words "$TAP_TMP/bad.8"

mkdir "$TAP_TMP/docs"
printf 'One sentence. Another one.\n\n- It is a list. `code` follows.\n' >"$TAP_TMP/docs/two.md"
not_ok "(two sentences on a line are seen)" tests/words "$TAP_TMP/docs/two.md"
is "$(grep -c "begin a line with each sentence" <<<"$OUT")" 2 "... also in a list"
printf 'A sentence that\ngoes on.\n' >"$TAP_TMP/docs/broken.md"
not_ok "(a sentence on two lines is seen)" tests/words "$TAP_TMP/docs/broken.md"
printf 'A list:\n\n1. One (see below).\n2. Two: `a. B`\n\n| a. B | c |\n' >"$TAP_TMP/docs/good.md"
ok "(lists and tables are left alone)" tests/words "$TAP_TMP/docs/good.md"

for file in docs/*.md docs/*.json; do
	[ "$file" = docs/README.md ] || ok "docs/README.md leads to $file" grep -qF "](${file#docs/})" docs/README.md
done

# ---- comments -------------------------------------------------------------------

cat >"$TAP_TMP/bad.c" <<'END'
/* A table is loaded. */
const char *text = "/* anew */ can't"; /* it is read anew */
/*
 * The tool reads the pools, and in
 * good order.
 */
char quote = '"'; // it can't be read
END
not_ok "(comments in C are read)" tests/words "$TAP_TMP/bad.c"
is "$OUT" "$TAP_TMP/bad.c:2: 'anew': again
$TAP_TMP/bad.c:3: 'in good order': cleanly
$TAP_TMP/bad.c:7: 'can't': cannot" "... with their lines, and no strings"
cat >"$TAP_TMP/bad.sh" <<'END'
#!/bin/bash
# The table is
# loaded anew.
echo "anew" # amidst a run
END
not_ok "(comments in scripts are read)" tests/words "$TAP_TMP/bad.sh"
is "$(sort <<<"$OUT")" "$TAP_TMP/bad.sh:2: 'anew': again
$TAP_TMP/bad.sh:4: 'amidst': during, in the middle of" "... with their lines, and no code"
cat >"$TAP_TMP/bad.py" <<'END'
"""It cannot be read."""
def load():
    """It is loaded anew."""
    return "anew"  # for instance
END
not_ok "(comments in Python are read)" tests/words "$TAP_TMP/bad.py"
is "$(sed "s/.*bad.py://" <<<"$OUT" | sort)" "3: 'anew': again
4: 'for instance': for example" "... and docstrings"

# ---- names of tests ----------------------------------------------------------

cat >"$TAP_TMP/bad.t" <<'END'
ok "a file is read" true
ok "... and is told so" true
is "$(cat "said")" "nobody" "it knows nothing"
END
not_ok "(names of tests are read)" tests/words "$TAP_TMP/bad.t"
is "$(sed "s/.*bad.t://" <<<"$OUT")" "2: 'told': reports, logs, prints, recommends, requests, is set
3: 'knows': has, recognizes, detects, supports" "... with their lines, and no other strings"
cat >"$TAP_TMP/names.sh" <<'END'
. tests/lib/tap.sh
pass "a file is read"
pass "... twice"
pass "and is closed"
fail "... at once" 2>/dev/null
pass "another file"
END
is "$(bash "$TAP_TMP/names.sh" 2>/dev/null)" "ok 1 - a file is read
ok 2 - a file is read ... twice
ok 3 - a file is read ... and is closed
not ok 4 - a file is read ... at once
ok 5 - another file" "a test that continues another one has both names"

# ---- messages ----------------------------------------------------------------

# as docs/messages.md writes them: an ellipsis for what is filled in
tests/strings --kind error --kind warning --kind usage --kind recording | cut -f3 |
	sed 's/%[-0-9.*]*\(llu\|lu\|zu\|[sudc]\)/…/g' | LC_ALL=C sort -u >"$TAP_TMP/messages"
is_num "$(wc -l <"$TAP_TMP/messages")" '>' 150 "there are messages"
# shellcheck disable=SC2016 # backquotes of Markdown
grep -o '`[^`]*`' docs/messages.md | sed 's/^`//; s/`$//' | LC_ALL=C sort -u >"$TAP_TMP/documented"
is "$(LC_ALL=C comm -23 "$TAP_TMP/messages" "$TAP_TMP/documented")" "" "docs/messages.md has each error and warning"
is "$(LC_ALL=C comm -13 "$TAP_TMP/messages" "$TAP_TMP/documented" | grep '….\|.…\|^cannot ')" "" "... and no other"
for kind in wait stall possible_deadlock deadlock corrupted shared parameter unusable; do
	ok "... and the finding $kind" grep -q "^| .*\`$kind\`" docs/messages.md
done
ok "make strings prints them" make -s strings
is "$(cut -f1 <<<"$OUT" | sort -u | xargs)" "alert debug error info recording text unit usage warning" "... of each kind"

# ---- the glossary ------------------------------------------------------------

terms() {
	sed -nE '/^\| (word|---)/!s/^\| ([^|]*) \|.*/\1/p' docs/glossary.md | tr -d '`'
}
is_num "$(terms | wc -l)" '>' 40 "the glossary has words"
is "$(terms | sort | uniq -d)" "" "... each of them once"
is "$(grep -E '^\| ' docs/glossary.md | grep -vE '^\| (word \||---)' | grep -vE '^\| [^|]+ \| [A-Za-z`*].*[.] \|$')" "" \
	"... with a meaning that is a sentence"
pages=$(find README.md man docs \( -name '*.[78]' -o -name '*.md' ! -name glossary.md \) -exec cat {} + | sed 's/\\-/-/g' | tr '\n' ' ')
unused=""
while read -r term; do
	grep -qiF -- "${term% (*}" <<<"$pages" || unused+=" $term"
done < <(terms)
is "$unused" "" "... and each is used on another page"
for word in $(jq -r '.. | objects | select(.properties.verdict?) | .properties.verdict.enum[]?' docs/*.schema.json | sort -u) $(jq -r '.definitions.sample.properties.source.enum[]?' docs/record.schema.json); do
	[ "$word" != null ] || continue
	like "$(terms; cat docs/glossary.md)" "${word//[-_]/[ _-]}" "'$word' of the JSON is explained there"
done

done_testing
