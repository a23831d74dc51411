#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The build scripts with wrong input. tests/vm boots what they build from correct input.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

# of the same name, so that the existing build tree is used
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
	like "$OUT" "^usage: kernel/$script" "$script prints its usage"
done
status_is 1 "a flavour of a release that is named" kernel/fetch-kernel --kernel-version 6.12.0-amd64 --flavour cloud
like "$ERR" "exclude each other" "is refused"
status_is 1 "something that is no flavour" kernel/fetch-kernel --flavour ../x
like "$ERR" "'../x' is not a kernel's flavour" "is named"
status_is 1 "a kernel that does not exist" kernel/build-modules --kernel-version 6.12.0-none
like "$ERR" "linux-headers-6.12.0-none is neither installed nor known to apt" "is named"
status_is 1 "something that is no release" kernel/build-modules --kernel-version newest
like "$ERR" "'newest' is not a kernel release" "is named"
mkdir "$TAP_TMP/series"
echo 0001-not-there.patch >"$TAP_TMP/series/series"
status_is 1 "a patch that is not there" kernel/build-modules --series "$TAP_TMP/series"
like "$ERR" "names '0001-not-there.patch', which is not there" "is named"

# With an empty cache, a failed build must leave nothing that looks like a result.
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

# No installed package may pull in a kernel.
status_is 0 "the packages can be listed" kernel/install-deps --print
mapfile -t packages < <(awk '{ print $2 }' <<<"$OUT" | sort -u)
needed=$(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces --no-enhances \
	"${packages[@]}" | grep -v '^[ <]')
like "$needed" $'(^|\n)gcc-12\n' "and what they depend on"
unlike "$needed" $'(^|\n)linux-(image|headers)-' "no kernel is among them"

# A system that has just started updates the lists itself: the update is tried until it can.
mkdir "$TAP_TMP/busy"
cat >"$TAP_TMP/busy/apt-get" <<'END'
#!/bin/sh
echo "apt-get $*" >>"$LOG"
[ "$(wc -l <"$LOG")" -gt 2 ] || { echo "E: $SAYS" >&2; exit 100; }
END
printf '#!/bin/sh\n' >"$TAP_TMP/busy/sleep"
chmod +x "$TAP_TMP/busy"/*
update=(env PATH="$TAP_TMP/busy:$PATH" LOG="$TAP_TMP/busy/log" bash -c '. kernel/lib.sh; update_lists')
: >"$TAP_TMP/busy/log"
SAYS="Could not get lock /var/lib/apt/lists/lock. It is held by process 1 (apt-get)" \
	status_is 0 "package lists that another process updates" "${update[@]}"
is "$(wc -l <"$TAP_TMP/busy/log")" 3 "... are tried until it has finished"
: >"$TAP_TMP/busy/log"
SAYS="The repository has no Release file." status_is 1 "package lists that cannot be had" "${update[@]}"
is "$(wc -l <"$TAP_TMP/busy/log")" 1 "... are tried once"

# The headers of 6.1 have no BTF of the kernel; it is taken from the kernel's image.
modules=$(MEMTOP_LINE=6.1 kernel/build-modules) || bail "no modules for 6.1"
like "$(cat "$modules/release")" '^6\.1\.' "modules for 6.1"
for mod in "$modules"/*.ko; do
	like "$(readelf -SW "$mod")" "\.BTF " "${mod##*/} has BTF"
	status_is 234 "... which reports nothing without the kernel's" bpftool btf dump file "$mod" # -EINVAL
done

# Where /usr/src has neither headers nor source, they come from the cache.
cache=$(bash -c '. kernel/lib.sh; echo "$MEMTOP_CACHE"')
export MEMTOP_USR_SRC=$TAP_TMP/absent
ok "headers that are not installed" kernel/fetch-kernel --headers
headers=$OUT
like "${headers#"$cache"}" "^/headers/.*/linux-headers-6\.12\." "are in the cache"
# shellcheck disable=SC2016 # expanded by that bash
ok "so is source" bash -c '. kernel/lib.sh; kernel_packages ""; kernel_source; printf "%s\n" "$SOURCE_TAR"'
like "${OUT#"$cache"}" "^/source/.*/linux-source-6\.12\.tar\.xz$" "in the cache"

# A cache with nothing else.
export MEMTOP_CACHE=$TAP_TMP/few
mkdir "$MEMTOP_CACHE"
cp -r "$cache/choice" "$MEMTOP_CACHE/"
ln -s "$cache/headers" "$cache/source" "$MEMTOP_CACHE/"
ok "modules are built from them, with the distribution's symbols" kernel/check --only symbols
like "$OUT" "patch\(es\): symbols ok" "all of them"
modules=$(kernel/build-modules)
like "${modules#"$MEMTOP_CACHE"}" "^/modules/" "they are in the cache"
for mod in "$modules"/*.ko; do
	like "$(readelf -SW "$mod")" "\.BTF " "${mod##*/} has BTF"
	is "$(modinfo -F vermagic "$mod" | cut -d' ' -f1)" "$(cat "$modules/release")" "${mod##*/} is for that kernel"
done

# With an apt that lists a kernel that it cannot download.
mkdir "$TAP_TMP/bin"
cat >"$TAP_TMP/bin/apt-get" <<'END'
#!/bin/sh
case "$*" in *"download linux-headers-6.12-"*) ;; *) echo "E: $*" >&2; exit 100 ;; esac
mkdir -p package/DEBIAN
cat >package/DEBIAN/control <<-'CONTROL'
	Package: newest
	Version: 6.12.999-1
	Architecture: all
	Maintainer: A Tester <tester@example.org>
	Depends: linux-headers-6.12.999-none (= 6.12.999-1)
	Description: what a test needs
CONTROL
dpkg-deb -b package newest.deb
rm -r package
END
printf '#!/bin/sh\nexit 100\n' >"$TAP_TMP/bin/apt-cache"
chmod +x "$TAP_TMP/bin"/*
with_path() {
	PATH=$TAP_TMP/bin:$PATH "$@"
}
ok "the cache is used when the archive is not reachable" with_path kernel/build-modules
is "$OUT" "$modules" "and the kernel stays the same, though there is a newer one"
status_is 1 "--newest" with_path kernel/fetch-kernel --newest --headers
like "$ERR" "the kernel is 6.12.999-none, 6.12.999-1" "chooses again"
like "$ERR" "apt has no linux-headers-6.12.999-none 6.12.999-1" "and names the missing package"
# shellcheck disable=SC2016 # expanded by that bash
is "$(with_path bash -c '. kernel/lib.sh; use_release ""; echo "$RELEASE $DEB_VERSION"')" "6.12.999-none 6.12.999-1" \
	"that one is used from then on"
ok "the other is there by its name" with_path kernel/fetch-kernel --headers --kernel-version "$(cat "$modules/release")"
is "${OUT##*/}" "${headers##*/}" "as before"

# ---- a package that no list names any more ----------------------------------------

# shellcheck disable=SC2016 # expanded by that bash
is "$(bash -c '. kernel/lib.sh; for name; do dropped_package "$name"; done' - linux-source-6.18=6.18.15-1~bpo13+1 \
	linux-source-6.18=6.18.15-1 linux-source-6.18 linux-headers-6.18.15+deb13-amd64:amd64=6.18.15-1~bpo13+1 | sed 's,.*/,,')" \
	"linux-source-6.18_6.18.15-1~bpo13+1_all.deb
linux-headers-6.18.15+deb13-amd64_6.18.15-1~bpo13+1_amd64.deb" "packages that were dropped are known by name and version"
mkdir -p "$TAP_TMP/archive/pool" "$TAP_TMP/dropped"
echo package >"$TAP_TMP/archive/pool/x.deb"
# dropped SUM: downloads that package, with this checksum
dropped() {
	# shellcheck disable=SC2016
	bash -c '. kernel/lib.sh; suites_archive() { echo "file://$0/archive/"; }; download_dropped "$0/dropped" "$1 pool/x.deb"' "$TAP_TMP" "$1"
}
status_is 100 "... with another checksum" dropped "$(sha256sum </dev/null | cut -d' ' -f1)"
like "$OUT$ERR" 'Hash Sum mismatch' "... they are refused"
ok "... with theirs" dropped "$(sha256sum <"$TAP_TMP/archive/pool/x.deb" | cut -d' ' -f1)"
ok "... they are downloaded" cmp "$TAP_TMP/archive/pool/x.deb" "$TAP_TMP/dropped/x.deb"

printf '#!/bin/sh\necho "E: no network" >&2\nexit 100\n' >"$TAP_TMP/bin/apt-get"
export MEMTOP_CACHE=$TAP_TMP/empty
status_is 1 "no kernel, and no network" with_path kernel/fetch-kernel
like "$ERR" "error: (apt-get update failed|apt has no linux-headers-6.12-)" "is an error"
is "$(ls -A "$MEMTOP_CACHE/choice" "$MEMTOP_CACHE/tmp")" "$MEMTOP_CACHE/choice:"$'\n\n'"$MEMTOP_CACHE/tmp:" \
	"and nothing is chosen"

done_testing
