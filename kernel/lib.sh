# SPDX-License-Identifier: GPL-2.0-only
# Functions shared by the scripts in kernel/ and tests/vm/. Source it from bash.
#
# Results live in a cache outside the source tree, each in a directory named
# after a hash of everything it was made from. A directory that exists is
# complete: it is built aside and renamed. Whoever makes one holds a lock on
# its name, so several scripts may run at once.
# shellcheck shell=bash

set -euo pipefail
shopt -s inherit_errexit
export LC_ALL=C

MEMTOP_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MEMTOP_CACHE=${MEMTOP_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/verity-memtop}
# The kernel line that is used unless a release is named.
MEMTOP_LINE=${MEMTOP_LINE:-6.12}
# What a patch of the series may touch; drivers/md and dm's own headers.
SERIES_DIRS="drivers/md Documentation/admin-guide/device-mapper"
SERIES_HEADERS="include/linux/dm-*.h include/linux/device-mapper.h"
# shellcheck disable=SC2034 # used by those who source this
DM_MODULES="dm-mod dm-bufio dm-verity"

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
	# what an interrupted run left; the lock says that nobody else is at it
	rm -rf "$MEMTOP_CACHE/tmp/${name//\//_}".*
	mkdir "$aside"
	# Not in an "if" or after "||": that would switch set -e off inside.
	(trap '[ $? = 0 ] || rm -rf "$aside"' EXIT; "$@" "$aside") 9>&-
	mv -T "$aside" "$MEMTOP_CACHE/$name"
}

# ---- which kernel --------------------------------------------------------

package_version() {
	local status
	status=$(dpkg-query -W -f='${db:Status-Status} ${Version}' "$1" 2>/dev/null) || return 1
	[ "${status%% *}" = installed ] || return 1
	printf '%s\n' "${status#* }"
}

# The release (as uname -r says it) of the distribution's kernel of
# MEMTOP_LINE: the one whose headers are installed.
default_release() {
	local depends
	depends=$(dpkg-query -W -f='${Depends}' "linux-headers-$MEMTOP_LINE-$(dpkg --print-architecture)" 2>/dev/null) ||
		die "the headers of the distribution's $MEMTOP_LINE kernel are not installed" "run kernel/install-deps as root"
	depends=${depends#*linux-headers-}
	printf '%s\n' "${depends%%[ ,(]*}"
}

# 6.12.117+deb12-amd64 -> 6.12
release_line() {
	[[ $1 =~ ^([0-9]+\.[0-9]+)([.+-]|$) ]] || die "'$1' is not a kernel release" "give it as uname -r prints it"
	printf '%s\n' "${BASH_REMATCH[1]}"
}

# Sets RELEASE, LINE, HEADERS, SOURCE_TAR and DEB_VERSION for a release, and
# makes sure that headers and source are of the same version of the package.
kernel_packages() {
	local src_version
	RELEASE=${1:-$(default_release)}
	LINE=$(release_line "$RELEASE")
	HEADERS=/usr/src/linux-headers-$RELEASE
	SOURCE_TAR=/usr/src/linux-source-$LINE.tar.xz
	DEB_VERSION=$(package_version "linux-headers-$RELEASE") ||
		die "linux-headers-$RELEASE is not installed" "install it, or run kernel/install-deps as root"
	src_version=$(package_version "linux-source-$LINE") ||
		die "linux-source-$LINE is not installed" "apt-get install linux-source-$LINE=$DEB_VERSION"
	[ "$src_version" = "$DEB_VERSION" ] ||
		die "linux-source-$LINE is version $src_version, but linux-headers-$RELEASE is $DEB_VERSION" \
			"apt-get install linux-source-$LINE=$DEB_VERSION, or run kernel/install-deps as root"
	[ -r "$SOURCE_TAR" ] || die "$SOURCE_TAR is missing" "apt-get install --reinstall linux-source-$LINE"
	[ -r "$HEADERS/.config" ] || die "$HEADERS/.config is missing" "apt-get install --reinstall linux-headers-$RELEASE"
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

# Print the paths of a series' patches in order.
series_patches() {
	local name
	[ -n "$1" ] || return 0
	while read -r name _; do
		case $name in '' | '#'*) continue ;; esac
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

# ---- source --------------------------------------------------------------

# extract_part DIR: what the series may touch, and what checks it.
extract_part() {
	local top=linux-source-$LINE
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
