#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The fix, for each of its kernels, with a maintainer's checks. FIX_LINES="6.1 7.2"
# checks these; the other lines take longer.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

for line in ${FIX_LINES:-6.12}; do
	series=kernel/fix/$line
	export MEMTOP_LINE=$line
	ok "$line: paths, checkpatch, W=1, sparse, kernel-doc and symbols, patch by patch" kernel/check --series "$series"
	like "$OUT" '4 patch\(es\): paths style build symbols ok' "... of all patches"
	like "$OUT" 'as they were; new: dm_io_client_create_bounded *'$'\n' "... with one symbol more, and no other one changed"
	ok "... without an exception to checkpatch" test ! -e "$series/checkpatch-exceptions"
	is "$(grep -c '^0' "$series/series")" "$(find "$series" -name '000[1-9]*.patch' | wc -l)" "... and the list has each patch"
	is "$(grep -L '^Signed-off-by: .* <.*>$' "$series"/000[1-9]*.patch)" '' "... each signed off"
	is "$(grep -L 'Forward progress without memory, per reserve' "$series"/000[1-9]*.patch)" '' \
		"... each with its argument for forward progress"
done
unset MEMTOP_LINE

# The patches for all lines are the same, except where the kernels differ.
for line in 6.12 6.1; do
	is "$(cd kernel/fix/$line && ls 000[1-9]*)" "$(cd kernel/fix/7.2 && ls 000[1-9]*)" "$line has the patches of 7.2"
	for patch in kernel/fix/7.2/000[1-9]*; do
		# from the subject to the signature
		is "$(sed -n '/^Subject/,/^Signed-off-by/p' "kernel/fix/$line/${patch##*/}")" \
			"$(sed -n '/^Subject/,/^Signed-off-by/p' "$patch")" "... with the same log: ${patch##*/}"
	done
done

cover=kernel/fix/7.2/0000-cover-letter.patch
ok "there is a cover letter" test -s $cover
for part in 'base-commit: ' 'Signed-off-by: ' 'Forward progress' 'Alternatives' '1,160,648' '9,796,360'; do
	like "$(<$cover)" "$part" "... with: $part"
done
is "$(awk 'length > 75' $cover | grep -v '^Signed-off-by: \|^Subject: \|^From: ')" '' "... no line of which is too long for mail"

# On top of the events.
events=kernel/fix/6.12-events
ok "with the events, it applies and keeps the symbols' versions" kernel/check --series $events --only symbols
mkdir "$TAP_TMP/own"
cp $events/*.patch "$TAP_TMP/own/"
grep -v '^include ' $events/series >"$TAP_TMP/own/series"
ok "... and checkpatch reports nothing" kernel/check --series "$TAP_TMP/own" --only paths --only style

done_testing
