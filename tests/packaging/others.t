#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The packages of other distributions, as far as Debian has their tools: rpmbuild and
# makepkg build from the release tarball, in clean roots, without clang. Needs root,
# mmdebstrap and the network.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

work=$TAP_TMP/work
mkdir "$work"
tarball=$(packaging/dist --without-kernel "$work") || bail "no tarball"
name=${tarball##*/}
version=${name#verity-memtop-}
version=${version%.tar.xz}
root=$(packaging/root bookworm build-essential pkgconf libblkid-dev libbpf-dev libcryptsetup-dev libdevmapper-dev libelf-dev \
	libmicrohttpd-dev libncurses-dev libsystemd-dev libzstd-dev zlib1g-dev rpm cpio \
	makepkg pacman-package-manager fakeroot file libarchive-tools zstd) || bail "no root"
machine=$TAP_TMP/machine
on() {
	packaging/root --run "$root" "$machine" --bind "$work:/work" --bind "$PWD/packaging:/packaging" --bind "$PWD/tests/recordings:/recordings" -- "$@"
}
is "$(on sh -c 'command -v clang bpftool git || echo none')" none "a root without clang, bpftool and git"
# the files that make install installs, for comparison
make -s install DESTDIR="$TAP_TMP/root" prefix=/usr >&2 || bail "no installation"
installed() {
	(cd "$TAP_TMP/root" && find . -type f -printf '/%P\n' | LC_ALL=C sort)
}
report=$(.output/verity-memtop report --replay tests/recordings/repairs)

# ---- RPM -------------------------------------------------------------------------------

ok "rpm reads the spec" on sh -c 'sed "s/@VERSION@/1.0/" /packaging/rpm/verity-memtop.spec >/tmp/x.spec && rpmspec --parse /tmp/x.spec'
ok "the RPM packages are built" on /packaging/rpm/build "/work/$name" /root/rpm
rpm=$(on sh -c 'ls /root/rpm/verity-memtop-[0-9]*.x86_64.rpm')
is "$(on rpm -qp --qf '%{VERSION} %{LICENSE}' "$rpm")" "$version GPL-2.0-only" "... of this version"
# compressed man pages have a suffix; the licence has a separate directory
is "$(on rpm -qpl "$rpm" 2>/dev/null | sed 's/\(\/man\/.*\)\.gz$/\1/' | LC_ALL=C sort | comm -13 - <(installed))" "" \
	"... with all that make install installs"
like "$(on rpm -qp --recommends "$rpm")" 'libmicrohttpd' "... recommends what export loads"
ok "... is unpacked" on sh -euc "mkdir /root/unpacked && cd /root/unpacked && rpm2cpio $rpm | cpio -idm 2>/dev/null"
is "$(on /root/unpacked/usr/sbin/verity-memtop report --replay /recordings/repairs)" "$report" "... and its program reports as the build here does"
is "$(on sh -c "cat /root/unpacked/usr/lib/systemd/system/*.service" | sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' | sort -u)" \
	/usr/sbin/verity-memtop "... which its units start"

# ---- Arch ------------------------------------------------------------------------------

ok "a PKGBUILD is made" on /packaging/arch/prepare "/work/$name" /srv/arch
# makepkg does not run as root; its dependencies come from another package manager here
ok "makepkg builds it" on sh -euc 'chown -R nobody /srv/arch && cd /srv/arch &&
	HOME=/srv/arch PKGEXT=.pkg.tar.zst setpriv --reuid=nobody --regid=nogroup --clear-groups makepkg --nodeps --nocolor'
package=$(on sh -c 'ls /srv/arch/verity-memtop-[0-9]*-x86_64.pkg.tar*' | grep -v debug)
on sh -c "tar -tf $package" | sed -n 's,^usr/.*[^/]$,/&,p' | sed 's/\(\/man\/.*\)\.gz$/\1/' | LC_ALL=C sort >"$TAP_TMP/arch-files"
is "$(comm -13 "$TAP_TMP/arch-files" <(installed | sed 's,/usr/sbin/,/usr/bin/,' | LC_ALL=C sort))" "/usr/share/doc/verity-memtop/LICENSE" \
	"... with all that make install installs; the licence is where Arch has it"
is "$(comm -23 "$TAP_TMP/arch-files" <(installed | sed 's,/usr/sbin/,/usr/bin/,' | LC_ALL=C sort))" "/usr/share/licenses/verity-memtop/LICENSE" \
	"... and nothing else"
like "$(on sh -c "tar -xOf $package .PKGINFO")" "pkgver = ${version//[~+]/_}-1" "... of this version"
ok "... is unpacked" on sh -euc "mkdir /root/arch && tar -xf $package -C /root/arch"
is "$(on /root/arch/usr/bin/verity-memtop report --replay /recordings/repairs)" "$report" "... and its program reports as the build here does"
is "$(on sh -c "cat /root/arch/usr/lib/systemd/system/*.service" | sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' | sort -u)" \
	/usr/bin/verity-memtop "... which its units start"

done_testing
