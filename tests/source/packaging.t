#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The parts of packaging that need no build: versions, and that the lists of files,
# libraries and kernel lines match the tree. make test-packages builds the packages.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL

# ---- versions --------------------------------------------------------------------

repo=$TAP_TMP/repo
mkdir -p "$repo/packaging"
cp packaging/version "$repo/packaging/"
in_repo() {
	git -C "$repo" -c user.name=x -c user.email=x@x -c init.defaultBranch=main "$@" >/dev/null
}
version() {
	"$repo/packaging/version" 1.2.0
}
is "$(version)" 1.2.0 "without git, the version is the tree's number"
in_repo init
in_repo add .
in_repo commit -m first
commit=$(git -C "$repo" rev-parse --short=10 HEAD)
is "$(version)" "1.2.0~1.g$commit" "before any tag, it comes before the number"
snapshot=$(version)
in_repo tag v1.2.0
is "$(version)" 1.2.0 "at a tag, it is the tag's"
in_repo commit --allow-empty -m second
commit=$(git -C "$repo" rev-parse --short=10 HEAD)
is "$(version)" "1.2.0+1.g$commit" "after a tag, it comes after the tag's"
after=$(version)
in_repo tag other
is "$(version)" "$after" "tags of other forms do not count"
mkdir -p "$repo/inner/packaging"
cp packaging/version "$repo/inner/packaging/"
is "$("$repo/inner/packaging/version" 1.2.0)" 1.2.0 "a repository around an unpacked tree does not count"
echo version=3.4.5 >"$repo/.release"
is "$(version)" 3.4.5 "a release tarball has its own"
if command -v dpkg >/dev/null; then
	ok "a snapshot sorts before the release" dpkg --compare-versions "$snapshot-1" lt 1.2.0-1
	ok "... and a later commit after it" dpkg --compare-versions "$after-1" gt 1.2.0-1
	ok "... and before the next one" dpkg --compare-versions "$after-1" lt 1.2.1-1
	ok "a suite's package is older than that of the next suite" dpkg --compare-versions 1.2.0-1~deb12 lt 1.2.0-1~deb13
fi

# ---- installed files ---------------------------------------------------------------

ok "make install" make -s install DESTDIR="$TAP_TMP/root" prefix=/usr
(cd "$TAP_TMP/root" && find . -type f -printf '/%P\n' | LC_ALL=C sort) >"$TAP_TMP/installed"
# the RPM package's list, with the values of its macros in Fedora
sed -n '/^%files/,/^#/p' packaging/rpm/verity-memtop.spec | sed -n 's/^%{/%{/p' |
	sed 's:%{_sbindir}:/usr/sbin:; s:%{_mandir}:/usr/share/man:; s:%{_datadir}:/usr/share:; s:%{_docdir}/%{name}:/usr/share/doc/verity-memtop/*:
		s:%{_unitdir}:/usr/lib/systemd/system:' >"$TAP_TMP/rpm-files"
unlike "$(cat "$TAP_TMP/rpm-files")" '%' "the RPM package's files are known"
missing=
while read -r file; do
	found=
	while read -r pattern; do
		# shellcheck disable=SC2254 # it is a pattern
		case $file in $pattern) found=1 ;; esac
	done <"$TAP_TMP/rpm-files"
	[ -n "$found" ] || missing+=" $file"
done <"$TAP_TMP/installed"
is "$missing" "" "the RPM package has all that make install installs"
unused=
while read -r pattern; do
	# shellcheck disable=SC2254
	while read -r file; do case $file in $pattern) continue 2 ;; esac; done <"$TAP_TMP/installed"
	unused+=" $pattern"
done <"$TAP_TMP/rpm-files"
is "$unused" "" "... and nothing else"
for unit in systemd/*.service systemd/*.socket systemd/*.timer; do
	unit=${unit##*/}
	# a service that a timer starts is stopped with the timer
	[ "$unit" = verity-memtop-textfile.service ] ||
		ok "the RPM package ends $unit when it goes" grep -q "disable.*$unit\|^	*.*$unit" packaging/rpm/verity-memtop.spec
done

# ---- libraries -----------------------------------------------------------------------

makefile_list() {
	sed -n "s/^$1 := //p" Makefile | tr ' ' '\n'
}
{ makefile_list PACKAGES; makefile_list LOADED; } | LC_ALL=C sort >"$TAP_TMP/libraries"
is_num "$(wc -l <"$TAP_TMP/libraries")" '>=' 5 "there are libraries"
# pkg-config's names: some lack "lib"
sed -n 's/^BuildRequires: *pkgconfig(\(.*\))/\1/p' packaging/rpm/verity-memtop.spec | LC_ALL=C sort >"$TAP_TMP/rpm-libraries"
ok "the RPM package needs them to be built" diff "$TAP_TMP/libraries" "$TAP_TMP/rpm-libraries"
control=packaging/debian/control
sed -n '/^Build-Depends:/,/^[A-Z]/s/^ \(.*\),$/\1/p' $control >"$TAP_TMP/build-depends"
for name in $(bash -c "$(sed -n '/^BUILD_DEPENDS=/p; /^LIBRARIES=/,/"$/p' packaging/deb); echo \$BUILD_DEPENDS \$LIBRARIES"); do
	ok "a root for the Debian package has $name, which it needs" grep -qx "$name\(:native\)\?" "$TAP_TMP/build-depends"
done
is_num "$(wc -l <"$TAP_TMP/build-depends")" '==' \
	$(($(bash -c "$(sed -n '/^BUILD_DEPENDS=/p; /^LIBRARIES=/,/"$/p' packaging/deb); echo \$BUILD_DEPENDS \$LIBRARIES" | wc -w) + 2)) \
	"... and all else but debhelper and dkms"
for name in $(sed -n 's/^build  *\([^ ]*\).*/\1/p' <(kernel/install-deps --print) | grep '^lib.*-dev$'); do
	ok "the Debian package needs $name, as make does" grep -qx "$name" "$TAP_TMP/build-depends"
done
rules=$(sed -n 's/^\(LOADED\|NEEDED\) = //p' packaging/debian/rules | tr ' ' '\n' | LC_ALL=C sort)
is "$rules" "$(makefile_list LOADED | LC_ALL=C sort)" "the Debian package depends on the libraries that are loaded, or recommends them"
loaded=$(grep -rhoE '"lib[a-z]+\.so(\.[0-9]+)+"' cli | tr -d '"' | LC_ALL=C sort -u)
is_num "$(wc -l <<<"$loaded")" '>=' "$(makefile_list LOADED | wc -l)" "the program names the libraries that it loads"
for file in $loaded; do
	# the second name of a library has a distribution's suffix
	[ "$file" = libdevmapper.so.1.02.1 ] && continue
	ok "the RPM package has $file, which is loaded" grep -qE "^(Recommends|Requires): +$file\(" packaging/rpm/verity-memtop.spec
done

# make check names what it lacks by the commands; here the packages that have them
tests_depend=$(sed -n '/make-check/,/^Restrictions/s/^ \(.*\),$/\1/p' packaging/debian/tests/control)
for command in $(sed -n '/call need,make check/,/)$/p' Makefile | sed '1s/.*check,//; s/,.*//' | tr -d '\\'); do
	case $command in
	groff) package=groff-base ;;
	# of the build's packages, or of the base system
	objdump | readelf | script | setpriv) continue ;;
	python3) package=python3-jsonschema ;;
	*) package=$command ;;
	esac
	ok "the autopkgtest of make check has $package" grep -qx "$package" <<<"$tests_depend"
done

# ---- the modules ------------------------------------------------------------------------

lines=$(sed '/^#/d' packaging/dkms/lines)
while read -r line series; do
	ok "the series of $line is there" test -r "$series/series"
	like "$(cat $control)" "[ ,]${line}[ ,]" "... the package's description has the line"
	like "$(cat docs/packages.md)" "\| [^|]*${line}[^|]* \| \`${series%/"$line"}\`" "... and so has docs/packages.md, with the series"
done <<<"$lines"
for module in dm-mod dm-bufio dm-verity; do
	ok "DKMS installs $module" grep -qx "BUILT_MODULE_NAME\[.\]=\"$module\"" packaging/dkms/dkms.conf
done
status_is 1 "the modules' build refuses a line without patches" bash -c \
	'mkdir "$1" && cp packaging/dkms/build kernel/btf.sh "$1/" && mkdir "$1/6.12" && "$1/build" 6.99.1-x /nowhere' - "$TAP_TMP/dkms"
like "$ERR" 'there are no modules for kernel 6\.99\.1-x' "... names the kernel"
like "$ERR" 'lines that have them: 6\.12' "... and the lines that have them"
mkdir "$TAP_TMP/headers"
printf 'CONFIG_BLK_DEV_DM=y\nCONFIG_DM_BUFIO=m\nCONFIG_DM_VERITY=m\n' >"$TAP_TMP/headers/.config"
status_is 1 "... and a kernel with device-mapper built in" "$TAP_TMP/dkms/build" 6.12.1-x "$TAP_TMP/headers"
like "$ERR" 'CONFIG_BLK_DEV_DM built in' "... with a message that names the reason"

# ---- other distributions ------------------------------------------------------------------

# a tarball of a version that is not a release
name=verity-memtop-0.1.0~7.gabc
mkdir "$TAP_TMP/$name"
cp LICENSE "$TAP_TMP/$name/"
tar -cJf "$TAP_TMP/$name.tar.xz" -C "$TAP_TMP" "$name"
sum=$(sha256sum <"$TAP_TMP/$name.tar.xz")

ok "Arch: a PKGBUILD is made" packaging/arch/prepare "$TAP_TMP/$name.tar.xz" "$TAP_TMP/arch"
# shellcheck disable=SC2016 # for the inner shell
is "$(bash -c 'set -eu; . "$1"; echo $pkgname $pkgver $pkgrel "${source[@]}" "${sha256sums[@]}" "${arch[@]}" "${license[@]}"
	declare -F build check package | wc -l' - "$TAP_TMP/arch/PKGBUILD")" \
	"verity-memtop 0.1.0_7.gabc 1 $name.tar.xz ${sum%% *} x86_64 aarch64 GPL-2.0-only
3" "... with its version, source and checksum"
ok "... and the source beside it" cmp "$TAP_TMP/$name.tar.xz" "$TAP_TMP/arch/$name.tar.xz"

package=$TAP_TMP/buildroot/package/verity-memtop
ok "Buildroot: the package is made" packaging/buildroot/prepare "$TAP_TMP/$name.tar.xz" "$package"
is "$(cat "$package/verity-memtop.hash")" "# Locally calculated
sha256  ${sum%% *}  $name.tar.xz
sha256  $(sha256sum <LICENSE | cut -d' ' -f1)  LICENSE" "... with the checksums"
# make reads the file, with Buildroot's definitions
cat >"$TAP_TMP/buildroot/Makefile" <<'END'
BR2_x86_64 := y
BR2_DL_DIR := /dl
TARGET_CONFIGURE_OPTS := CC=target-gcc
PKG_CONFIG_HOST_BINARY := /host/pkg-config
INSTALL := install
MAKE := echo make
TARGET_DIR := $(CURDIR)/target
define KCONFIG_ENABLE_OPT
echo enable $(1)
endef
define generic-package
all:
	@echo '$$(VERITY_MEMTOP_SITE)/$$(VERITY_MEMTOP_SOURCE)'
	$$(VERITY_MEMTOP_BUILD_CMDS)
	$$(VERITY_MEMTOP_LINUX_CONFIG_FIXUPS)
	$$(VERITY_MEMTOP_INSTALL_TARGET_CMDS)
	$$(VERITY_MEMTOP_INSTALL_INIT_SYSTEMD)
endef
include package/verity-memtop/verity-memtop.mk
END
mkdir -p "$TAP_TMP/buildroot/src/.output/plain" "$TAP_TMP/buildroot/target"
echo program >"$TAP_TMP/buildroot/src/.output/plain/verity-memtop"
cp -r systemd "$TAP_TMP/buildroot/src/"
# shellcheck disable=SC2016 # of make
sed -i 's/\$(@D)/src/g' "$package/verity-memtop.mk"
ok "... make reads it" make -s -C "$TAP_TMP/buildroot"
like "$OUT" "^file:///dl/verity-memtop/$name.tar.xz" "... and gets the tarball"
like "$OUT" 'make -C src CC=target-gcc ARCH=x86 .* all' "... builds for the target"
like "$OUT" 'enable CONFIG_DEBUG_INFO_BTF' "... with the kernel's types"
is "$(cd "$TAP_TMP/buildroot/target" && find . -type f | LC_ALL=C sort)" \
	"$(sed -n 's,^\(/usr/sbin\|/usr/lib/systemd\)/,.&,p' "$TAP_TMP/installed")" "... and installs the program and the units"
is "$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$TAP_TMP/buildroot/target/usr/lib/systemd/system"/*.service | sort -u)" \
	/usr/sbin/verity-memtop "... which start it"
# each symbol that it selects or depends on is in a line that kconfig can read
is "$(grep -vE '^$|^config BR2_PACKAGE_VERITY_MEMTOP$|^	(bool|help|select BR2_[A-Z0-9_]+$|depends on .*)|^	  |^	?	?(!?BR2_[A-Z0-9_|! ]+)( \\)?$|^comment "' \
	"$package/Config.in")" "" "... Config.in has only lines of Kconfig"

# ---- the container image ------------------------------------------------------------------

echo binary >"$TAP_TMP/binary"
for copy in 1 2; do
	ok "an image is made" packaging/image "$TAP_TMP/image$copy" 1.0~2 1000000000 amd64="$TAP_TMP/binary" arm64="$TAP_TMP/binary"
done
ok "... again, with the same bytes" cmp "$TAP_TMP/image1" "$TAP_TMP/image2"
mkdir "$TAP_TMP/image"
tar -xf "$TAP_TMP/image1" -C "$TAP_TMP/image"
is "$(cd "$TAP_TMP/image/blobs/sha256" && sha256sum * | awk '$1 != $2')" "" "... its blobs are named after their contents"
is "$(jq -r '.manifests[0].annotations["org.opencontainers.image.ref.name"]' "$TAP_TMP/image/index.json")" 1.0-2 "... it has a tag"
status_is 1 "an architecture that there is none for" packaging/image "$TAP_TMP/x" 1 1 mips="$TAP_TMP/binary"

done_testing
