#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The release tarball and the static binaries: the same bytes wherever they are built; a
# build without clang; binaries and image in an empty root. Needs root, mmdebstrap and
# the network.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

a=$TAP_TMP/a
b="$TAP_TMP/another place/b"
mkdir -p "$a" "$b"
NUMBER=$(sed -n 's/^NUMBER := //p' Makefile)
version=$(packaging/version "$NUMBER")

# ---- the tarball ---------------------------------------------------------------------

# from two clones; the second has other times and another umask
for place in "$a" "$b"; do
	git clone -q --no-hardlinks . "$place/clone" || bail "no clone"
done
ok "a release tarball" "$a/clone/packaging/dist" "$a/dist"
is "$OUT" "$a/dist/verity-memtop-$version.tar.xz" "... is named after the version"
tarball=$OUT
touch "$b/clone"/*
ok "... and another one" sh -c 'umask 077 && TZ=Asia/Tokyo "$1" "$2"' - "$b/clone/packaging/dist" "$b/dist"
ok "... are the same" cmp "$tarball" "$b/dist/${tarball##*/}"
tar -tvf "$tarball" >"$TAP_TMP/list"
is "$(awk '{ print $2 }' "$TAP_TMP/list" | sort -u)" 0/0 "... its files are root's"
is "$(awk '{ print $4, $5 }' "$TAP_TMP/list" | sort -u | wc -l)" 1 "... with one time"
for arch in x86 arm64; do
	for program in bpf/*.bpf.c; do
		program=${program##*/}
		ok "... it has ${program%.bpf.c} for $arch" grep -q "/bpf/prebuilt/$arch/${program%.bpf.c}\.l\?skel\.h$" "$TAP_TMP/list"
	done
done
for line in $(sed -n 's/^\([0-9][0-9.]*\) .*/\1/p' packaging/dkms/lines); do
	ok "... and the modules' sources for $line" grep -q "/packaging/dkms/$line/drivers/md/dm-verity-target.c" "$TAP_TMP/list"
done
is "$(tar -xOf "$tarball" --wildcards '*/.release' | head -n 2)" "version=$version
commit=$(git rev-parse HEAD)" "... and where it is from"

# in a root without clang: with the dependencies that the message lists
root=$(packaging/root bookworm build-essential pkgconf libblkid-dev libbpf-dev libcryptsetup-dev libdevmapper-dev libelf-dev \
	libmicrohttpd-dev libncurses-dev libsystemd-dev libzstd-dev zlib1g-dev) || bail "no root"
on() {
	packaging/root --run "$root" "$TAP_TMP/machine" --bind "$a/dist:/dist" -- sh -euc "$1"
}
is "$(on 'command -v clang bpftool git || echo none')" none "a root without clang, bpftool and git"
ok "... the tarball is unpacked" on "tar -xf /dist/${tarball##*/} -C /root"
ok "... built and installed" on "cd /root/verity-memtop-* && make -j2 && make install prefix=/usr"
ok "... and runs" on 'verity-memtop --version'
is "${OUT%%$'\n'*}" "verity-memtop $version" "... with the tarball's version"
ok "... reads a recording" on 'verity-memtop report --replay /root/verity-memtop-*/tests/recordings/repairs'
status_is 2 "... a command that needs clang reports that" on 'cd /root/verity-memtop-* && make BPF=source'
like "$ERR" 'The build lacks:.* clang' "... by its name"

# ---- static binaries -------------------------------------------------------------------

# libraries that are built again, too
ok "static binaries and an image" "$a/clone/packaging/static" --tarball "$tarball" --image "$a/static"
mkdir -p "$b/cache"
for name in root suites lock; do
	mkdir -p "${MEMTOP_CACHE:=$HOME/.cache/verity-memtop}/$name"
	ln -s "$MEMTOP_CACHE/$name" "$b/cache/$name"
done
ok "... built again, with libraries that are, too" env MEMTOP_CACHE="$b/cache" \
	"$b/clone/packaging/static" --tarball "$b/dist/${tarball##*/}" --image "$b/static"
ok "... are the same" diff -r "$a/static" "$b/static"
is "$(ls "$a/static")" "verity-memtop-$version-image.tar
verity-memtop-$version-linux-amd64.spdx.json
verity-memtop-$version-linux-amd64.tar.zst
verity-memtop-$version-linux-arm64.spdx.json
verity-memtop-$version-linux-arm64.tar.zst" "... for both architectures"

mkdir "$TAP_TMP/scratch"
tar --zstd -xf "$a/static/verity-memtop-$version-linux-amd64.tar.zst" -C "$TAP_TMP/scratch" --strip-components=1
cp tests/recordings/repairs "$TAP_TMP/scratch/"
ok "alone in a root, it has its version" chroot "$TAP_TMP/scratch" /verity-memtop --version
is "${OUT%%$'\n'*}" "verity-memtop $version" "... which is this one"
like "$OUT" $'\nstatic: without ' "... and reports that it is static"
ok "... it reads a recording" chroot "$TAP_TMP/scratch" /verity-memtop report --replay /repairs
is "$OUT" "$(.output/verity-memtop report --replay tests/recordings/repairs)" "... as the other one does"
not_ok "... and has a doctor" chroot "$TAP_TMP/scratch" /verity-memtop doctor
like "$OUT" 'source stock' "... which names the missing program"

# a root as Alpine's: busybox and musl, and nothing of glibc
root=$(packaging/root bookworm busybox-static musl) || bail "no root with musl"
alpine=$TAP_TMP/alpine
mkdir -p "$alpine"/{bin,lib,usr/bin,root}
cp "$root/bin/busybox" "$alpine/bin/" || bail "no busybox"
cp -L "$root"/lib/ld-musl-x86_64.so.1 "$alpine/lib/" || bail "no musl"
cp "$TAP_TMP/scratch/verity-memtop" "$alpine/usr/bin/"
cp tests/recordings/repairs "$alpine/root/"
chroot "$alpine" /bin/busybox --install -s /bin
ok "Alpine: it runs from busybox's shell" chroot "$alpine" /bin/sh -c 'PATH=/bin:/usr/bin verity-memtop report --replay /root/repairs | tail -n 1'
like "$OUT" '^total \(3\) ' "... in a pipe with its programs"
ok "... compresses a recording, and reads it" chroot "$alpine" /bin/sh -c \
	'cd /root && verity-memtop record --replay repairs -n 3 copy.record && verity-memtop report --replay copy.record >a && verity-memtop report --replay repairs >b && cmp a b'
status_is 1 "... a command that loads a library is refused" chroot "$alpine" /usr/bin/verity-memtop export --replay /root/repairs
like "$ERR" 'this is a static binary, which cannot load libmicrohttpd' "... with the reason"

# ---- contents --------------------------------------------------------------------------

for arch in amd64 arm64; do
	sbom=$a/static/verity-memtop-$version-linux-$arch.spdx.json
	ok "$arch: the bill of materials is JSON" jq -e . "$sbom"
	is "$(jq -r '.spdxVersion, .dataLicense, .SPDXID' "$sbom" | xargs)" "SPDX-2.3 CC0-1.0 SPDXRef-DOCUMENT" "... of SPDX"
	is "$(jq '[.packages[] | select((.name and .SPDXID and .versionInfo and .downloadLocation and .licenseDeclared) | not)] | length' "$sbom")" \
		0 "... each package has what has to be there"
	is "$(jq -r '[.packages[].SPDXID] - [.relationships[].relatedSpdxElement] | length' "$sbom")" 0 "... is related to something"
	is "$(jq -r '.packages[] | select(.name != "verity-memtop") | .name' "$sbom" | xargs)" \
		"gcc glibc libbpf-dev libelf-dev libncurses-dev libzstd-dev zlib1g-dev" "... the libraries"
	is "$(jq -r '.packages[0].checksums[0].checksumValue' "$sbom")" \
		"$(tar --zstd -xOf "$a/static/verity-memtop-$version-linux-$arch.tar.zst" --wildcards '*/verity-memtop' | sha256sum | cut -d' ' -f1)" \
		"... and the binary's checksum"
done
# what the table lacks is an error
echo /usr/lib/libunknown.a >"$TAP_TMP/trace"
status_is 1 "a library that the table lacks" packaging/sbom "$TAP_TMP/scratch/verity-memtop" "$TAP_TMP/trace" / 1 0 x
like "$ERR" 'libunknown.a is in the binary, and not in the table' "... is an error"

# ---- the image ---------------------------------------------------------------------------

# skopeo of Debian reads the image as any registry would
root=$(packaging/root bookworm skopeo) || bail "no root with skopeo"
machine=$TAP_TMP/skopeo
tag=${version//[~+]/-}
on() {
	packaging/root --run "$root" "$machine" --bind "$a/static:/static" -- "$@"
}
for arch in amd64 arm64; do
	ok "$arch: the image can be copied" on skopeo --insecure-policy --override-arch "$arch" copy \
		"oci-archive:/static/verity-memtop-$version-image.tar:$tag" "dir:/root/$arch"
	is "$(on skopeo inspect --format '{{.Architecture}} {{.Os}} {{index .Labels "org.opencontainers.image.version"}}' "dir:/root/$arch")" \
		"$arch linux $tag" "... is of that architecture and version"
	is "$(on sh -c "tar -xzOf \$(ls -S /root/$arch/* | head -n 1) usr/sbin/verity-memtop" | sha256sum)" \
		"$(tar --zstd -xOf "$a/static/verity-memtop-$version-linux-$arch.tar.zst" --wildcards '*/verity-memtop' | sha256sum)" \
		"... and has the static binary"
done

done_testing
