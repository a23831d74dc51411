#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What the scripts that build do with wrong input; tests/vm boots what they
# build from the right one.

cd "$(dirname "$0")/../.." || exit 1
. tests/lib/tap.sh

# of the same name, so that it uses the build tree that is there
mkdir "$TAP_TMP/config"
{
	cat kernel/config/test.config
	echo "CONFIG_NOT_THERE=y"
} >"$TAP_TMP/config/test.config"
status_is 1 "a config line that has no effect" kernel/build-kernel --series none --config "$TAP_TMP/config/test.config"
like "$ERR" "did not accept CONFIG_NOT_THERE=y" "is named"
like "$ERR" "error: 1 line\(s\)" "and nothing else"

for script in fetch-kernel build-modules build-kernel check install-modules install-deps; do
	status_is 1 "$script: an unknown option" "kernel/$script" --nonsense
	like "$ERR" "unknown argument '--nonsense'" "$script names it"
	status_is 0 "$script: --help" "kernel/$script" --help
	like "$OUT" "^usage: kernel/$script" "$script says how it is used"
done
status_is 1 "a flavour of a release that is named" kernel/fetch-kernel --kernel-version 6.12.0-amd64 --flavour cloud
like "$ERR" "exclude each other" "is refused"
status_is 1 "something that is no flavour" kernel/fetch-kernel --flavour ../x
like "$ERR" "'../x' is not a kernel's flavour" "is named"
status_is 1 "a kernel whose headers are not installed" kernel/build-modules --kernel-version 6.12.0-none
like "$ERR" "linux-headers-6.12.0-none is not installed" "is named"
status_is 1 "something that is no release" kernel/build-modules --kernel-version newest
like "$ERR" "'newest' is not a kernel release" "is named"
mkdir "$TAP_TMP/series"
echo 0001-not-there.patch >"$TAP_TMP/series/series"
status_is 1 "a patch that is not there" kernel/build-modules --series "$TAP_TMP/series"
like "$ERR" "names '0001-not-there.patch', which is not there" "is named"

# With a cache of its own, a build that fails must leave nothing that looks
# like a result.
cat >"$TAP_TMP/series/0001-not-there.patch" <<'END'
--- a/drivers/md/dm-io.c
+++ b/drivers/md/dm-io.c
@@ -1,1 +1,1 @@
-no such line
+another line
END
status_is 1 "a patch that does not apply" env MEMTOP_CACHE="$TAP_TMP/cache" kernel/build-modules --series "$TAP_TMP/series"
like "$ERR" "0001-not-there.patch does not apply to linux-source" "is named"
is "$(ls -A "$TAP_TMP/cache/modules" "$TAP_TMP/cache/tmp")" "$TAP_TMP/cache/modules:"$'\n\n'"$TAP_TMP/cache/tmp:" \
	"and leaves nothing behind"

done_testing
