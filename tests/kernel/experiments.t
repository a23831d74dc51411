#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The experiments apply to the current series, build, keep symbol versions, and pass the
# same checks. tests/functional tests their effect.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

experiments=kernel/experiments/6.12

ok "the experiments apply, and the modules with them keep the symbols' versions" \
	kernel/check --series $experiments --only symbols
like "$OUT" "$(($(grep -c '^00' $experiments/series) + $(grep -c '^00' kernel/patches/6.12/series))) patch\(es\): symbols ok" \
	"... all of the series, and theirs"

# The series itself is checked patch by patch in tests/kernel/series.t.
own=$TAP_TMP/own
mkdir "$own"
cp $experiments/*.patch "$own/"
grep -v '^include ' $experiments/series >"$own/series"
ok "their patches touch no other files than the series may, and checkpatch reports nothing" \
	kernel/check --series "$own" --exceptions $experiments/checkpatch-exceptions --only paths --only style
is "$(grep -c '^00' "$own/series")" "$(find $experiments -name '*.patch' | wc -l)" "... and there is no patch that the list does not have"

# How a series file includes another one.
mkdir "$TAP_TMP/outer"
printf '%s\n' 'include ../own' >"$TAP_TMP/outer/series"
ok "a series that includes another one" kernel/check --series "$TAP_TMP/outer" \
	--exceptions $experiments/checkpatch-exceptions --only paths
like "$OUT" "$(find $experiments -name '*.patch' | wc -l) patch\(es\): paths ok" "... has its patches"
echo 'include' >"$TAP_TMP/outer/series"
status_is 1 "an include of nothing" kernel/check --series "$TAP_TMP/outer" --only paths
like "$ERR" "has an 'include' without a directory" "... is an error"
echo 'include ../nowhere' >"$TAP_TMP/outer/series"
status_is 1 "an include of a missing directory" kernel/check --series "$TAP_TMP/outer" --only paths
like "$ERR" "nowhere" "... is named"

done_testing
