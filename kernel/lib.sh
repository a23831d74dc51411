# SPDX-License-Identifier: GPL-2.0-only
# Functions shared by the scripts in kernel/ and tests/vm/. Source it from bash.
#
# Results live in a cache outside the source tree, each in a directory named
# after a hash of everything it was made from. A directory that exists is
# complete: it is built aside and renamed. A script that makes one holds a lock on
# its name, so several scripts may run at once.
# shellcheck shell=bash

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

MEMTOP_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MEMTOP_CACHE=${MEMTOP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/verity-memtop}
# Where the distribution's packages put headers and source; the tests change it.
MEMTOP_USR_SRC=${MEMTOP_USR_SRC:-/usr/src}
# The kernel line that is used unless a release is named.
MEMTOP_LINE=${MEMTOP_LINE:-6.12}
# What a patch of the series may touch; drivers/md and dm's own headers.
SERIES_DIRS="drivers/md Documentation/admin-guide/device-mapper"
SERIES_HEADERS="include/linux/dm-*.h include/linux/device-mapper.h"
# shellcheck disable=SC2034 # used by those who source this
DM_MODULES="dm-mod dm-bufio dm-verity"
# Options of every call of apt; set by use_suites_of().
APT_OPTIONS=()

say() {
	printf '%s: %s\n' "${0##*/}" "$*" >&2
}

# die WHAT_FAILED [WHAT_TO_DO_NEXT]
die() {
	say "error: $1"
	[ $# -lt 2 ] || say "       $2"
	exit 1
}

need_tool() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null 2>&1 ||
			die "$tool is not installed" "run kernel/install-deps as root"
	done
}

# ---- the cache -----------------------------------------------------------

hash_of() {
	sha256sum | cut -c1-20
}

# Print each file's hash under its name without the directory.
hash_files() {
	local f
	for f; do
		printf '%s ' "${f##*/}"
		sha256sum <"$f"
	done
}

# with_lock NAME COMMAND...: at most one process runs a command of this NAME.
# The lock is on a descriptor, so that it goes away however the process ends.
with_lock() {
	local name=$1
	shift
	mkdir -p "$MEMTOP_CACHE/lock"
	(
		if ! flock -n 9; then
			say "waiting for another process that makes $name"
			flock 9
		fi
		"$@"
	) 9>"$MEMTOP_CACHE/lock/${name//\//_}"
}

# cached NAME COMMAND...: print the cache directory NAME; if it does not exist,
# run COMMAND DIR, which fills the empty directory DIR, and give it that name.
# (Commands are run with descriptor 9, the lock, closed: what they leave
# running must not keep it.)
cached() {
	local name=$1
	shift
	if [ ! -d "$MEMTOP_CACHE/$name" ]; then
		with_lock "$name" cached_make "$name" "$@" >&2
	fi
	touch -c "$MEMTOP_CACHE/$name"
	printf '%s\n' "$MEMTOP_CACHE/$name"
}

cached_make() {
	local name=$1 aside=$MEMTOP_CACHE/tmp/${1//\//_}.$$
	shift
	[ ! -d "$MEMTOP_CACHE/$name" ] || return 0
	mkdir -p "$MEMTOP_CACHE/tmp" "$(dirname "$MEMTOP_CACHE/$name")"
	# leftovers of an interrupted run: the lock excludes another run
	rm -rf "$MEMTOP_CACHE/tmp/${name//\//_}".*
	mkdir "$aside"
	# Not in an "if" or after "||": that would switch set -e off inside.
	# The trap has the name itself: where it runs, the variable may be gone.
	# shellcheck disable=SC2064 # expanded now
	(trap "[ \$? = 0 ] || rm -rf $(printf %q "$aside")" EXIT; "$@" "$aside") 9>&-
	mv -T "$aside" "$MEMTOP_CACHE/$name"
}

# shellcheck source=kernel/suites.sh
. "$MEMTOP_TOP/kernel/suites.sh"

# ---- which kernel --------------------------------------------------------

package_version() {
	local status
	status=$(dpkg-query -W -f='${db:Status-Status} ${Version}' "$1" 2>/dev/null) || return 1
	[ "${status%% *}" = installed ] || return 1
	printf '%s\n' "${status#* }"
}

candidate() {
	apt-cache "${APT_OPTIONS[@]}" policy "$1" | sed -n 's/^  Candidate: //p' | grep -v '(none)'
}

refresh_lists() {
	say "refreshing the package lists"
	with_lock apt-lists update_lists || die "apt-get update failed" "is the network there, and are apt's sources right?"
}

# apt does not wait for another apt that does this, such as a system's daily update.
update_lists() {
	local tries=60 output
	while ! output=$(LC_ALL=C apt-get -q update 2>&1 9>&-); do
		printf '%s\n' "$output" >&2
		[[ $output = *"Could not get lock"* ]] && [ $((tries -= 1)) -gt 0 ] || return 1
		sleep 10
	done
	printf '%s\n' "$output" >&2
}

# "linux-headers-6.12.117+deb12-amd64 (= ...), ..." -> 6.12.117+deb12-amd64
first_release() {
	local rest=${1#*linux-headers-}
	printf '%s\n' "${rest%%[ ,(]*}"
}

# The package that depends on the newest headers of MEMTOP_LINE; those of the
# kernel that Debian 12 came with bear no number.
headers_of_line() {
	local line=-$MEMTOP_LINE
	[ "$MEMTOP_LINE" != 6.1 ] || line=
	printf 'linux-headers%s-%s\n' "$line" "$(dpkg --print-architecture)"
}

headers_installed() {
	package_version "linux-headers-$1" >/dev/null && [ -r "$MEMTOP_USR_SRC/linux-headers-$1/.config" ]
}

# The release (as uname -r prints it) of the distribution's kernel of
# MEMTOP_LINE: the one whose headers are installed, otherwise the chosen one.
default_release() {
	local depends release chosen
	release=
	if is_own_line "$MEMTOP_LINE"; then
		depends=$(dpkg-query -W -f='${Depends}' "$(headers_of_line)" 2>/dev/null) || depends=
		release=$(first_release "$depends")
	fi
	if [ -z "$release" ] || ! headers_installed "$release"; then
		chosen=$(chosen_kernel "")
		release=${chosen% *}
	fi
	printf '%s\n' "$release"
}

# chosen_kernel AGAIN: print "RELEASE VERSION" of the newest kernel of
# MEMTOP_LINE that apt had at the first call. It stays the chosen one, so that all
# scripts use the same kernel and the cache stays valid, unless AGAIN is not empty.
chosen_kernel() {
	local name
	name=choice/$MEMTOP_LINE-$(kernel_arch)
	if [ ! -e "$MEMTOP_CACHE/$name" ] || [ -n "$1" ]; then
		with_lock "$name" choose_kernel "$MEMTOP_CACHE/$name" "$1" >&2
	fi
	cat "$MEMTOP_CACHE/$name"
}

# choose_kernel FILE AGAIN: the package that depends on the newest headers names
# them. It is small, and its download proves that apt's lists are valid.
choose_kernel() (
	[ ! -e "$1" ] || [ -n "$2" ] || return 0
	if ! is_own_line "$MEMTOP_LINE"; then
		choose_other "$1" "$2"
		return
	fi
	package=$(headers_of_line)
	dir=$MEMTOP_CACHE/tmp/choice_${1##*/}
	rm -rf "$dir"
	mkdir -p "$dir" "${1%/*}"
	trap 'rm -rf "$dir"' EXIT
	if ! download "$dir" "$package" && [ "$(id -u)" = 0 ]; then
		refresh_lists
		download "$dir" "$package" || :
	fi
	[ -e "$dir/deb" ] || {
		cat "$dir/log" >&2
		die "apt has no $package" \
			"this needs Debian 12 with its security archive in apt's sources, lists that are up to date, and the network"
	}
	version=$(dpkg-deb -f "$dir"/deb/*.deb Version)
	release=$(first_release "$(dpkg-deb -f "$dir"/deb/*.deb Depends)")
	say "the kernel is $release, $version"
	printf '%s %s\n' "$release" "$version" >"$dir/choice"
	mv -T "$dir/choice" "$1"
)

# The same for a line of Debian's other suites.
choose_other() {
	local choice
	[ -z "$2" ] || refresh_suites
	choice=$(newest_release "$MEMTOP_LINE") ||
		die "Debian has no kernel $MEMTOP_LINE for $(kernel_arch)" \
			"the suites that were searched: $OTHER_SUITES; kernel/fetch-kernel --newest updates their lists"
	say "the kernel is ${choice% *}, ${choice#* }"
	printf '%s\n' "$choice" >"$1.new"
	mv -T "$1.new" "$1"
}

# download DIR PACKAGE[=VERSION]...: to DIR/deb, which is not there if that fails;
# messages are in DIR/log
download() {
	local dir=$1 package entry
	local -a listed=() dropped=()
	shift
	for package; do
		entry=$(dropped_package "$package")
		if [ -n "$entry" ]; then dropped+=("$entry"); else listed+=("$package"); fi
	done
	mkdir "$dir/deb"
	: >"$dir/log"
	if { [ ${#listed[@]} = 0 ] || (cd "$dir/deb" && apt-get -q "${APT_OPTIONS[@]}" -o APT::Sandbox::User=root download "${listed[@]}"); } >"$dir/log" 2>&1 9>&- &&
		{ [ ${#dropped[@]} = 0 ] || download_dropped "$dir/deb" "${dropped[@]}"; } >>"$dir/log" 2>&1 9>&-; then
		return 0
	fi
	rm -rf "$dir/deb"
	return 1
}

# unpack_debs DIR PACKAGE=VERSION...: to DIR/root
unpack_debs() {
	local dir=$1 deb
	shift
	say "getting $*"
	download "$dir" "$@" || {
		cat "$dir/log" >&2
		die "could not download $*" "is the network there? $GET_NEWEST"
	}
	for deb in "$dir"/deb/*.deb; do
		dpkg-deb -x "$deb" "$dir/root"
	done
	rm -r "$dir/deb" "$dir/log"
}
GET_NEWEST="If the archive has dropped that version: upgrade the kernel if it is this machine's, otherwise
       run apt-get update as root and kernel/fetch-kernel --newest"

# The version of the packages of a release: of the installed ones, otherwise of
# the chosen or cached ones, otherwise of those that apt has.
release_version() {
	local name version
	if headers_installed "$1"; then
		package_version "linux-headers-$1"
		return
	fi
	for name in "linux-image-$1" "linux-image-$1-unsigned"; do
		! package_version "$name" || return 0
	done
	version=$(cat "$MEMTOP_CACHE/choice/$(release_line "$1")-$(kernel_arch)" 2>/dev/null) || version=
	if [ "${version% *}" = "$1" ]; then
		printf '%s\n' "${version#* }"
		return
	fi
	version=
	for name in "$MEMTOP_CACHE"/{headers,image}/"$1"-[0-9]*; do
		[ -d "$name" ] || continue
		name=${name##*/"$1"-}
		name=${name%-*}
		if [ -z "$version" ] || dpkg --compare-versions "$name" gt "$version"; then
			version=$name
		fi
	done
	[ -n "$version" ] || version=$(candidate "linux-headers-$1") ||
		die "linux-headers-$1 is neither installed nor known to apt" \
			"is that a release of Debian's? if apt's lists are old, run apt-get update as root"
	printf '%s\n' "$version"
}

# 6.12.117+deb12-amd64 -> 6.12
release_line() {
	[[ $1 =~ ^([0-9]+\.[0-9]+)([.+-]|$) ]] || die "'$1' is not a kernel release" "give it as uname -r prints it"
	printf '%s\n' "${BASH_REMATCH[1]}"
}

# Sets RELEASE, LINE and DEB_VERSION for a release.
use_release() {
	local line=$MEMTOP_LINE
	[ -z "${1-}" ] || line=$(release_line "$1")
	use_suites_of "$line"
	RELEASE=${1:-$(default_release)}
	LINE=$(release_line "$RELEASE")
	DEB_VERSION=$(release_version "$RELEASE")
}

# The headers of RELEASE, and with them what they depend on save the kernel,
# which installing them would bring along.
unpack_headers() {
	local depends link common kbuild
	depends=$(apt-cache show "linux-headers-$RELEASE=$DEB_VERSION" 2>/dev/null | sed -n 's/^Depends: //p') || depends=
	[[ $depends =~ linux-headers-[^\ ,]*-common[^\ ,]* ]] || die "apt has no linux-headers-$RELEASE $DEB_VERSION" "$GET_NEWEST"
	common=${BASH_REMATCH[0]}
	[[ $depends =~ linux-kbuild-[^\ ,]* ]] || die "linux-headers-$RELEASE does not say which linux-kbuild it needs"
	kbuild=${BASH_REMATCH[0]}
	unpack_debs "$1" "linux-headers-$RELEASE=$DEB_VERSION" "$common=$DEB_VERSION" "$kbuild=$DEB_VERSION"
	mkdir "$1/usr"
	mv "$1/root/usr/src" "$1/root/usr/lib" "$1/usr/"
	rm -r "$1/root"
	# The packages' links are relative; this is the only path that is not.
	# shellcheck disable=SC2016 # make's variables
	printf 'include $(dir $(lastword $(MAKEFILE_LIST)))../%s/Makefile\n' "$common" >"$1/usr/src/linux-headers-$RELEASE/Makefile"
	for link in scripts tools; do
		[ -d "$1/usr/src/linux-headers-$RELEASE/$link/" ] ||
			die "$link of linux-headers-$RELEASE does not lead to $kbuild"
	done
}

unpack_source_package() {
	unpack_debs "$1" "linux-source-$LINE=$DEB_VERSION"
	mv "$1/root/usr/src/linux-source-$LINE.tar.xz" "$1/"
	rm -r "$1/root"
}

# Source for modules of a kernel that is not Debian 12's: the packaged headers
# have options that only its compiler supports. So the source is configured as the
# kernel is, as far as this machine's compiler supports it, and prepared.
prepare_tree() {
	local config
	[ "$(kernel_arch)" = "$(dpkg --print-architecture)" ] ||
		die "modules for $(kernel_arch) are not built on $(dpkg --print-architecture)"
	need_tool make gcc bc flex bison
	kernel_source
	config=$("$MEMTOP_TOP/kernel/fetch-kernel" --kernel-version "$RELEASE")/config
	unpack_debs "$1" "linux-headers-$RELEASE=$DEB_VERSION"
	mkdir "$1/tree"
	say "preparing $SOURCE_TAR for modules of $RELEASE"
	tar -xJf "$SOURCE_TAR" -C "$1/tree" --strip-components=1
	# symbols and types of the kernel that will load the modules
	mv "$1/root/usr/src/linux-headers-$RELEASE/"{Module.symvers,vmlinux} "$1/tree/" ||
		die "linux-headers-$RELEASE has no Module.symvers or no vmlinux"
	rm -r "$1/root"
	cp "$config" "$1/tree/.config"
	# neither Debian's keys nor a Rust compiler are here
	"$1/tree/scripts/config" --file "$1/tree/.config" --disable RUST --disable MODULE_SIG \
		--set-str SYSTEM_TRUSTED_KEYS "" --set-str MODULE_SIG_KEY ""
	make -C "$1/tree" -j"$(jobs_wanted)" KERNELRELEASE="$RELEASE" olddefconfig modules_prepare >"$1/log" 2>&1 || {
		tail -n 50 "$1/log" >&2
		die "the source of $RELEASE could not be prepared" "its messages are above"
	}
	# what no module includes
	(cd "$1/tree" && rm -rf Documentation block crypto drivers fs init io_uring ipc lib mm net rust samples security sound virt)
}

# Sets HEADERS: those of RELEASE, installed or in the cache.
kernel_headers() {
	if ! is_own_line "$LINE"; then
		HEADERS=$(cached "prepared/$RELEASE-$DEB_VERSION-$({
			declare -f prepare_tree
			gcc --version | head -n 1
		} | hash_of)" prepare_tree)/tree
	elif headers_installed "$RELEASE"; then
		HEADERS=$MEMTOP_USR_SRC/linux-headers-$RELEASE
	else
		HEADERS=$(cached "headers/$RELEASE-$DEB_VERSION-$(declare -f unpack_headers | hash_of)" unpack_headers)
		HEADERS=$HEADERS/usr/src/linux-headers-$RELEASE
	fi
}

# Sets RELEASE, LINE, DEB_VERSION and HEADERS for a release.
kernel_packages() {
	use_release "$@"
	kernel_headers
}

# Sets SOURCE_TAR, installed or in the cache: the source of exactly the version of the headers.
kernel_source() {
	SOURCE_TAR=$MEMTOP_USR_SRC/linux-source-$LINE.tar.xz
	if [ "$(package_version "linux-source-$LINE")" != "$DEB_VERSION" ] || [ ! -r "$SOURCE_TAR" ]; then
		SOURCE_TAR=$(cached "source/$LINE-$DEB_VERSION-$(declare -f unpack_source_package | hash_of)" unpack_source_package)
		SOURCE_TAR=$SOURCE_TAR/linux-source-$LINE.tar.xz
	fi
}

# ---- the series ----------------------------------------------------------

# series_dir ARGUMENT LINE: the directory that --series names, or nothing for
# "none".
series_dir() {
	local dir=${1:-$MEMTOP_TOP/kernel/patches/$2}
	[ "$dir" != none ] || return 0
	[ -r "$dir/series" ] || die "there is no file 'series' in $dir" "give --series a directory with patches, or 'none'"
	(cd "$dir" && pwd)
}

# Print the paths of a series' patches in order. A line "include DIR" stands for
# all those of the series in DIR, which is beside this one or absolute.
series_patches() {
	local name dir
	[ -n "$1" ] || return 0
	while read -r name dir; do
		case $name in
		'' | '#'*) continue ;;
		include)
			[ -n "$dir" ] || die "$1/series has an 'include' without a directory"
			dir=$(cd "$1" && series_dir "$dir" "")
			series_patches "$dir"
			continue ;;
		esac
		[ -r "$1/$name" ] || die "$1/series names '$name', which is not there"
		printf '%s\n' "$1/$name"
	done <"$1/series"
}

series_hash() {
	local -a patches
	[ -n "$1" ] || { echo none; return; }
	mapfile -t patches < <(series_patches "$1")
	hash_files "${patches[@]}" | hash_of
}

# Print the paths, relative to the kernel's root, that a patch touches.
patch_paths() {
	sed -n 's,^\(---\|+++\) [ab]/\([^	]*\).*,\2,p' "$1" | sort -u
}

path_allowed() {
	local dir pattern
	for dir in $SERIES_DIRS; do
		case $1 in *..*) return 1 ;; "$dir"/*) return 0 ;; esac
	done
	set -f
	for pattern in $SERIES_HEADERS; do
		# shellcheck disable=SC2254 # it is a pattern
		case $1 in $pattern) set +f; return 0 ;; esac
	done
	set +f
	return 1
}

# apply_patch TREE PATCH
apply_patch() {
	local path out
	for path in $(patch_paths "$2"); do
		path_allowed "$path" ||
			die "${2##*/} touches $path" "a patch of the series may touch only $SERIES_DIRS $SERIES_HEADERS"
	done
	# No fuzz: what does not apply exactly was made for another version.
	out=$(patch -d "$1" -p1 -F0 -N -s -r - --no-backup-if-mismatch <"$2" 2>&1) || {
		printf '%s\n' "$out" >&2
		die "${2##*/} does not apply to linux-source-$LINE $DEB_VERSION" "refresh it for that version"
	}
}

apply_series() {
	local patch
	series_patches "$2" >/dev/null
	while read -r patch; do
		apply_patch "$1" "$patch"
	done < <(series_patches "$2")
}

# build_only_modules MAKEFILE: has that of drivers/md build the three modules and
# nothing else, with the headers that the series changes before the packaged ones.
build_only_modules() {
	cat >>"$1" <<-'END'

	LINUXINCLUDE := -I$(src)/../../include $(LINUXINCLUDE)
	obj-y :=
	obj-m := dm-mod.o dm-bufio.o dm-verity.o
	END
}

# ---- source --------------------------------------------------------------

# extract_part DIR: what the series may touch, and what checks it.
extract_part() {
	local top=linux-source-$LINE
	kernel_source
	set -f
	# shellcheck disable=SC2046,SC2086 # lists of words
	tar -xJf "$SOURCE_TAR" -C "$1" --strip-components=1 --wildcards --no-wildcards-match-slash \
		$(printf "$top/%s " $SERIES_DIRS $SERIES_HEADERS) \
		$top/scripts/checkpatch.pl $top/scripts/spelling.txt $top/scripts/const_structs.checkpatch \
		$top/scripts/spdxcheck.py $top/MAINTAINERS $top/Documentation/dev-tools/checkpatch.rst
	set +f
}

# Print a directory with the pristine files that the series may touch.
pristine_part() {
	cached "part/$LINE-$DEB_VERSION-$(declare -f extract_part | hash_of)" extract_part
}

# sync_tree FROM TO SUBDIR: make TO/SUBDIR like FROM/SUBDIR; files that are the
# same keep their times, so that make rebuilds only what changed.
sync_tree() {
	local from=$1 to=$2 sub=$3 f
	while IFS= read -r f; do
		cmp -s "$from/$f" "$to/$f" || {
			mkdir -p "$to/$(dirname "$f")"
			cp --remove-destination "$from/$f" "$to/$f"
		}
	done < <(cd "$from" && find "$sub" -type f)
	while IFS= read -r f; do
		[ -e "$from/$f" ] || rm -f "$to/$f"
	done < <(cd "$to" && find "$sub" -type f)
}

jobs_wanted() {
	echo $(($(nproc) + 1))
}
