# SPDX-License-Identifier: GPL-2.0-only
# Kernel packages of Debian's other suites, and of other architectures.
# Sourced by kernel/lib.sh.
#
# Debian 12 has the lines 6.1 and 6.12. All others come from newer suites, by apt
# with lists of its own in the cache: the machine's configuration, lists and packages
# are not changed, and nothing from there is installed.
# shellcheck shell=bash

# Lines that Debian 12 itself has, for its own architecture.
OWN_LINES="6.1 6.12"
# The suites that are searched for every other line.
OTHER_SUITES="bookworm bookworm-updates bookworm-backports trixie trixie-backports sid"
OTHER_ARCHITECTURES="amd64 arm64"

# The architecture of the kernel packages: MEMTOP_ARCH, or the machine's.
kernel_arch() {
	printf '%s\n' "${MEMTOP_ARCH:-$(dpkg --print-architecture)}"
}

# Succeeds if the machine's own package lists have the kernels of a line.
is_own_line() {
	[ "$(kernel_arch)" = "$(dpkg --print-architecture)" ] &&
		[[ " $OWN_LINES " = *" $1 "* ]]
}

# Sets APT_OPTIONS, which every query and download passes to apt, for a line.
use_suites_of() {
	APT_OPTIONS=()
	is_own_line "$1" && return
	[ -e "$MEMTOP_CACHE/suites/ready" ] || refresh_suites
	suites_options
}

suites_options() {
	local arch dir=$MEMTOP_CACHE/suites
	APT_OPTIONS=(-o "Dir::Etc::SourceList=$dir/sources.list" -o Dir::Etc::SourceParts=/dev/null
		-o "Dir::State::Lists=$dir/lists" -o "Dir::Cache=$dir/cache"
		-o APT::Sandbox::User=root -o Acquire::Languages=none)
	for arch in $OTHER_ARCHITECTURES; do
		APT_OPTIONS+=(-o "APT::Architectures::=$arch")
	done
}

# The address of the archive from which the machine gets Debian 12.
suites_archive() {
	# shellcheck disable=SC2016 # apt's own variables
	apt-get indextargets --format '$(CODENAME) $(REPO_URI)' 'Created-By: Packages' |
		sed -n 's/^bookworm //p' | sort -u | head -n 1
}

# Updates the lists of the other suites.
refresh_suites() {
	with_lock suites update_suites >&2
}

update_suites() (
	dir=$MEMTOP_CACHE/suites
	uri=$(suites_archive)
	[ -n "$uri" ] || die "apt's sources have no Debian 12 archive" "add bookworm to apt's sources, and run apt-get update"
	rm -f "$dir/ready"
	mkdir -p "$dir/lists/partial" "$dir/cache/archives/partial"
	for suite in $OTHER_SUITES; do
		printf 'deb [arch=%s signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s %s main\n' \
			"${OTHER_ARCHITECTURES// /,}" "$uri" "$suite"
	done >"$dir/sources.list"
	suites_options
	say "getting the package lists of $OTHER_SUITES"
	apt-get -q "${APT_OPTIONS[@]}" update >"$dir/log" 2>&1 9>&- || {
		cat "$dir/log" >&2
		die "apt-get update failed for Debian's other suites" "is the network there?"
	}
	touch "$dir/ready"
)

# newest_release LINE FLAVOUR: print "RELEASE VERSION" of the newest kernel image
# of a line in the other suites, or of all with the line "newest". FLAVOUR is empty or,
# for example, 16k.
newest_release() {
	local arch pattern name version best='' best_version='' line=${1//./\\.}
	arch=$(kernel_arch)
	[ "$1" != newest ] || line='[0-9]+\\.[0-9]+'
	pattern="^linux-image-$line\\.[0-9.]+(\\+deb[0-9.]+|-[0-9]+)-$arch${2:+-$2}\$"
	while read -r name version; do
		if [ -z "$best" ] || dpkg --compare-versions "$version" gt "$best_version"; then
			best=$name best_version=$version
		fi
	done < <(apt-cache "${APT_OPTIONS[@]}" dumpavail |
		awk -v pattern="$pattern" -v arch="$arch" '
			/^Package: / { name = $2 }
			/^Architecture: / { of = $2 }
			/^Version: / { if (name ~ pattern) version = $2 }
			/^$/ { if (version != "" && of == arch) print name, version; version = "" }')
	[ -n "$best" ] || return 1
	printf '%s %s\n' "${best#linux-image-}" "$best_version"
}

# dropped_package PACKAGE=VERSION: print "SHA256 PATH" if kernel/dropped-packages has it.
dropped_package() {
	local name=${1%%=*}
	case $1 in *=*) ;; *) return 0 ;; esac
	awk -v file="/${name%:*}_${1#*=}_" 'index($2, file) { print $1, $2 }' "$MEMTOP_TOP/kernel/dropped-packages"
}

# download_dropped DIR "SHA256 PATH"...: apt's own downloader compares the checksums.
download_dropped() {
	local dir=$1 entry path archive
	shift
	archive=$(suites_archive)
	[ -n "$archive" ] || { echo "apt's sources have no Debian 12 archive"; return 1; }
	for entry; do
		path=${entry#* }
		/usr/lib/apt/apt-helper -o APT::Sandbox::User=root download-file "${archive%/}/$path" "$dir/${path##*/}" "SHA256:${entry%% *}" || return
	done
}

# image_packages: print PACKAGE=VERSION of each package that contains a part of RELEASE:
# from 6.19 on the image is split.
image_packages() {
	local arch suffix='' name depends
	arch=$(kernel_arch)
	[ "$arch" = "$(dpkg --print-architecture)" ] || suffix=:$arch
	name=linux-image-$RELEASE
	printf '%s%s=%s\n' "$name" "$suffix" "$DEB_VERSION"
	depends=$(apt-cache "${APT_OPTIONS[@]}" show "$name$suffix=$DEB_VERSION" 2>/dev/null | sed -n 's/^Depends: //p') || depends=
	for name in binary modules base; do
		name=linux-$name-$RELEASE
		[[ "$depends" = *"$name (="* ]] || continue
		# 6.18 requires a linux-base that its image itself provides
		[ -n "$(apt-cache "${APT_OPTIONS[@]}" show "$name$suffix=$DEB_VERSION" 2>/dev/null)" ] || continue
		printf '%s%s=%s\n' "$name" "$suffix" "$DEB_VERSION"
	done
}
