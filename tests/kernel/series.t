#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The kernel series passes all checks, and the checks find the faults that they are for:
# each is given patches with one fault.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# The part of the kernel's source that the scripts unpack, to make patches for it.
pristine=$(bash -c '. kernel/lib.sh; kernel_packages ""; pristine_part') || bail "no kernel source"

# new_series NAME
new_series() {
	SERIES=$TAP_TMP/$1
	mkdir "$SERIES"
	: >"$SERIES/series"
}

# add_patch FILE SED-SCRIPT: adds a patch that makes this edit in FILE
add_patch() {
	local tree=$TAP_TMP/tree number name
	rm -rf "$tree"
	mkdir -p "$tree/a/$(dirname "$1")" "$tree/b/$(dirname "$1")"
	if [ -e "$pristine/$1" ]; then
		cp "$pristine/$1" "$tree/a/$1"
	else
		seq 20 >"$tree/a/$1"
	fi
	sed -E "$2" "$tree/a/$1" >"$tree/b/$1"
	number=$(($(wc -l <"$SERIES/series") + 1))
	name=$(printf '%04d-test.patch' "$number")
	{
		cat <<-'END'
		From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
		From: A Tester <tester@example.org>
		Date: Sun, 1 Jan 2023 00:00:00 +0000
		Subject: [PATCH] dm: a change that a test makes

		This is what a test of the checks tries on them.

		Signed-off-by: A Tester <tester@example.org>
		---
		END
		(cd "$tree" && diff -u "a/$1" "b/$1")
	} >"$SERIES/$name"
	echo "$name" >>"$SERIES/series"
}

# All at once, because a patch often has a single file to compile. Patch by patch, the
# compiler is run for SERIES_LINES only; the modules of each line are built as a whole.
# 6.18 is checked on request: Debian 12 has neither its source nor its headers.
LINES="6.12 6.1"
[[ " ${SERIES_LINES-} " != *" 6.18 "* ]] || LINES+=" 6.18"
declare -A CHECKS=()
for line in $LINES; do
	steps=()
	[[ " ${SERIES_LINES:-6.12} " = *" $line "* ]] || steps=(--only paths --only style --only symbols)
	MEMTOP_LINE=$line kernel/check "${steps[@]}" >"$TAP_TMP/check.$line" 2>&1 &
	CHECKS[$line]=$!
done
for line in $LINES; do
	ok "the series for $line is in order" wait "${CHECKS[$line]}"
	diag "$(cat "$TAP_TMP/check.$line")"
done

# with_series LINE: the source with its series, in $TAP_TMP/LINE; prints the added files
with_series() {
	# shellcheck disable=SC2016 # expanded by that bash
	MEMTOP_LINE=$1 bash -c '. kernel/lib.sh
		use_release ""
		part=$(pristine_part)
		mkdir "$0"
		cp -r "$part/drivers" "$part/include" "$part/Documentation" "$0/"
		apply_series "$0" "$(series_dir "" "$LINE")"
		cd "$0"
		find . -type f | while read -r file; do [ -e "$part/$file" ] || printf "%s\n" "$file"; done | sort' \
		"$TAP_TMP/$1"
}
files=$(with_series 6.12) || bail "can't apply the series"
like "$files" 'dm-verity-trace\.h' "the series adds files"
is "$(with_series 6.1)" "$files" "... the same for 6.1"
for file in $files; do
	ok "... and $file is the same" cmp "$TAP_TMP/6.12/$file" "$TAP_TMP/6.1/$file"
done
if [[ $LINES = *6.18* ]]; then
	is "$(with_series 6.18)" "$files" "... the same for 6.18"
	for file in $files; do
		case $file in
		# bio sets have no pools for integrity data there
		*/dm-pool.[ch] | */pool-events.rst) ;;
		*) ok "... and $file is the same" cmp "$TAP_TMP/6.12/$file" "$TAP_TMP/6.18/$file" ;;
		esac
	done
fi

new_series good
add_patch drivers/md/dm-io.c 's,^(#include "dm-core.h")$,\1\n\n/* A comment that does no harm. */,'
ok "so is a harmless patch" kernel/check --series "$SERIES"
like "$OUT" "1 patch\(es\): paths style build symbols ok" "all steps were done"
ok "and again, from the cache" kernel/check --series "$SERIES"
unlike "$ERR" "checking" "without doing them again"

echo "0001-* LONG_LINE no line is too long there" >"$TAP_TMP/exceptions"
status_is 1 "an exception that nothing needs" kernel/check --series "$SERIES" --only style --exceptions "$TAP_TMP/exceptions"
like "$OUT" "problem: .*nothing needs the exception '0001-\* LONG_LINE'" "is named"

new_series outside
add_patch mm/mempool.c 's/^7$/seven/'
status_is 1 "a file outside of dm" kernel/check --series "$SERIES" --only paths
like "$OUT" "problem: 0001-test.patch touches mm/mempool.c" "is named"
status_is 1 "and is not built" kernel/build-modules --series "$SERIES"
like "$ERR" "touches mm/mempool.c" "for the same reason"

new_series style
add_patch drivers/md/dm-io.c 's,^(#include "dm-core.h")$,\1\n\nstatic inline int  bad( int x ){ if(x) return(1); return 0; },'
status_is 1 "bad style" kernel/check --series "$SERIES" --only style
like "$OUT" "problem: checkpatch: 0001-test.patch:[0-9]+: ERROR:SPACING" "is reported by checkpatch"
printf '%s\n' "# a comment" "*-test.patch SPACING a test wants it so" >"$TAP_TMP/exceptions"
status_is 1 "exceptions" kernel/check --series "$SERIES" --only style --exceptions "$TAP_TMP/exceptions"
unlike "$OUT" "SPACING" "hide what they name"
like "$OUT" "ERROR:TRAILING_STATEMENTS" "and nothing else"
echo "0001-* SPACING" >"$TAP_TMP/exceptions"
status_is 1 "an exception without a reason" kernel/check --series "$SERIES" --only style --exceptions "$TAP_TMP/exceptions"
like "$ERR" "has no reason" "is refused"
new_series unsigned
add_patch drivers/md/dm-io.c 's,^(#include "dm-core.h")$,\1\n\n/* A comment. */,'
sed -i '/^Signed-off-by/d' "$SERIES/0001-test.patch"
status_is 1 "a patch without a signature" kernel/check --series "$SERIES" --only style
like "$OUT" "MISSING_SIGN_OFF" "is found"

new_series warnings
add_patch drivers/md/dm-io.c 's,^(#include "dm-core.h")$,\1\n\nstatic const int unused_const = 1;,'
add_patch drivers/md/dm-bufio.c 's,^(#define DM_MSG_PREFIX "bufio")$,\1\n\nint not_declared_anywhere;,'
add_patch drivers/md/dm-kcopyd.c 's,^(#include "dm-core.h")$,\1\n\n/**\n * undescribed() - say something\n * @there: that\n */\nstatic inline void undescribed(int here)\n{\n},'
status_is 1 "new warnings" kernel/check --series "$SERIES" --only build
like "$OUT" "problem: 0001-test.patch brings: drivers/md/dm-io.c .*unused_const" "of the compiler with W=1"
like "$OUT" "problem: 0002-test.patch brings: drivers/md/dm-bufio.c .*not_declared_anywhere.*static" "of sparse"
like "$OUT" "problem: 0003-test.patch brings: drivers/md/dm-kcopyd.c .*'here' not described" "of kernel-doc"

new_series broken
add_patch drivers/md/dm-io.c 's,^(#include "dm-core.h")$,\1\n\nint x = y;,'
status_is 1 "a patch that does not compile" kernel/check --series "$SERIES" --only build
like "$OUT" "problem: 0001-test.patch does not compile" "is named"
new_series astray
add_patch drivers/md/dm-io.c 's,^(#include "dm-core.h")$,\1\n\n/* A comment. */,'
sed -i 's,^ #include "dm-core.h"$, #include "not-there.h",' "$SERIES/0001-test.patch"
status_is 1 "a patch that does not apply" kernel/check --series "$SERIES" --only build
like "$OUT" "problem: 0001-test.patch does not apply" "is named"

new_series symbols
add_patch include/linux/device-mapper.h 's,^(struct dm_target \{)$,\1\n\tint one_more;,'
add_patch drivers/md/dm-kcopyd.c '/^EXPORT_SYMBOL\(dm_kcopyd_zero\);$/d'
add_patch drivers/md/dm-io.c 's,^EXPORT_SYMBOL\(dm_io\);$,EXPORT_SYMBOL_GPL(dm_io);,'
status_is 1 "changed exports" kernel/check --series "$SERIES" --only symbols
like "$OUT" "problem: the version of dm_register_target changes" "a changed structure"
like "$OUT" "problem: dm-mod no longer exports dm_kcopyd_zero" "a symbol that is gone"
like "$OUT" "problem: dm_io was exported by dm-mod as EXPORT_SYMBOL, and is now by dm-mod EXPORT_SYMBOL_GPL" "another licence"

status_is 1 "a series without a file of that name" kernel/check --series "$TAP_TMP"
like "$ERR" "no file 'series'" "is an error"

done_testing
