# SPDX-License-Identifier: GPL-2.0-only
# Device-mapper helpers for test scripts that run in the guest; source from
# bash. Images come from make-images on the host. Everything is done in as few
# processes as possible: starting one costs more than making a device.
#
#   attach_images DIR [NAME...]   a read-only loop device for each image of DIR
#                                 (or only NAME...); "${IMAGES[@]}" is the list
#   verity_table IMAGE [DATA]     the table's line, with DATA as data device
#   create_verity PREFIX COUNT [IMAGE...]
#                                 PREFIX0 ... in one call; uses the images in turn, all
#                                 of them unless named
#   create_verity_on NAME LOWER IMAGE
#                                 verity NAME whose data device is the device
#                                 LOWER (which has IMAGE's data)
#   create_concise SPEC           any devices, in dmsetup's concise form
#   verity_names [PREFIX]         names of dm devices, one a line, newest first
#   remove_devices [PREFIX]       removes those, stacked ones too
#   detach_images                 frees the loop devices
#   slab_count CACHE COLUMN       from /proc/slabinfo: active, total, size
# shellcheck shell=bash

declare -A IMAGE_LOOP IMAGE_PARITY IMAGE_TABLE
IMAGES=()

guest_die() {
	printf 'guest.sh: error: %s\n' "$*" >&2
	return 1
}

attach_images() {
	local dir=$1 name devices
	local -a names files=() loops
	shift
	names=("$@")
	if [ ${#names[@]} = 0 ]; then
		mapfile -t names < <(cd "$dir" && printf '%s\n' *.table | sed 's/\.table$//' | sort -V)
	fi
	for name in "${names[@]}"; do
		[ -r "$dir/$name.table" ] || guest_die "there is no $dir/$name.table" || return
		files+=("$dir/$name.img")
		[ ! -e "$dir/$name.fec" ] || files+=("$dir/$name.fec")
	done
	[ -e /dev/loop-control ] || modprobe loop || return
	devices=$("${BASH_SOURCE[0]%/*}/loop-attach" "${files[@]}") || return
	mapfile -t loops <<<"$devices"
	for name in "${names[@]}"; do
		IMAGE_TABLE[$name]=$(<"$dir/$name.table")
		IMAGE_LOOP[$name]=${loops[0]}
		loops=("${loops[@]:1}")
		if [ -e "$dir/$name.fec" ]; then
			IMAGE_PARITY[$name]=${loops[0]}
			loops=("${loops[@]:1}")
		fi
		IMAGES+=("$name")
	done
}

verity_table() {
	local line=${IMAGE_TABLE[$1]-}
	[ -n "$line" ] || guest_die "no image $1 is attached" || return
	[ -z "${2-}" ] || line=${line/@img/$2}
	line=${line//@img/${IMAGE_LOOP[$1]}}
	printf '%s\n' "${line//@fec/${IMAGE_PARITY[$1]-}}"
}

create_concise() {
	dmsetup create --noudevsync --concise "$1"
}

create_verity() {
	local prefix=$1 count=$2 spec='' i line
	local -a from
	shift 2
	from=("$@")
	[ ${#from[@]} -gt 0 ] || from=("${IMAGES[@]}")
	[ ${#from[@]} -gt 0 ] || guest_die "no image is attached" || return
	for ((i = 0; i < count; i++)); do
		# not $(verity_table): a subshell for each device
		line=${IMAGE_TABLE[${from[i % ${#from[@]}]}]-}
		[ -n "$line" ] || guest_die "no image ${from[i % ${#from[@]}]} is attached" || return
		line=${line//@img/${IMAGE_LOOP[${from[i % ${#from[@]}]}]}}
		line=${line//@fec/${IMAGE_PARITY[${from[i % ${#from[@]}]}]-}}
		spec+="${spec:+;}$prefix$i,,,ro,$line"
	done
	create_concise "$spec"
}

create_verity_on() {
	local line
	line=$(verity_table "$3" "/dev/mapper/$2") || return
	create_concise "$1,,,ro,$line"
}

verity_names() {
	local name
	# the newest first, by minor number
	dmsetup ls 2>/dev/null | sort -t: -k2,2nr | while read -r name _; do
		case $name in No) ;; "${1-}"*) printf '%s\n' "$name" ;; esac
	done
}

# A device is removed before the one below it, which is mostly older. dmsetup stops at
# the first that it cannot remove; then they are removed one at a time.
remove_devices() {
	local -a names
	local before=-1 name
	mapfile -t names < <(verity_names "${1-}")
	[ ${#names[@]} -gt 0 ] || return 0
	dmsetup remove --noudevsync "${names[@]}" >/dev/null 2>&1 && return
	while mapfile -t names < <(verity_names "${1-}"); [ ${#names[@]} -gt 0 ]; do
		[ ${#names[@]} != "$before" ] || break
		before=${#names[@]}
		for name in "${names[@]}"; do
			dmsetup remove --noudevsync "$name" >/dev/null 2>&1 || :
		done
	done
	[ ${#names[@]} = 0 ] || guest_die "cannot remove ${names[*]}"
}

detach_images() {
	[ ${#IMAGE_LOOP[@]} = 0 ] || losetup -d "${IMAGE_LOOP[@]}" "${IMAGE_PARITY[@]}" || return
	IMAGE_LOOP=() IMAGE_PARITY=() IMAGE_TABLE=() IMAGES=()
}

slab_count() {
	local name active total size _
	while read -r name active total size _; do
		[ "$name" = "$1" ] || continue
		case $2 in
		active) echo "$active" ;;
		total) echo "$total" ;;
		size) echo "$size" ;;
		*) guest_die "slab_count: '$2'" || return ;;
		esac
		return 0
	done </proc/slabinfo
	guest_die "there is no slab cache $1"
}
