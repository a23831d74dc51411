# SPDX-License-Identifier: GPL-2.0-only
# Makes situations in which reserves are needed, and asserts that they exist. Source
# from bash, in the guest, after uses.sh.
#
# Attaches the images of PLAIN_IMAGES and FEC_IMAGES: the last ones are $plain on
# $plain_loop, and $fec on $fec_loop. Blocks are numbered from 0 and have 4096 bytes, 8
# sectors. Devices are named v (verity), low, data, hash (below it, linear) and dust; $v
# is v's number.
#
#   linear NAME DEVICE   a device whose I/O can be held
#   hold DEVICE          makes its I/O wait
#   let_go DEVICE        lets its I/O continue
#   dust_on DEVICE       makes the device dust, quiet and enabled
#   dust MESSAGE...      sets which blocks are bad
#   small_stack          v on low, with reserves of 2; low is held
#   start_readers COUNT  starts one process for each block of v: 10, 11 ...; their pids
#                        are in PIDS
#   readers_end NAME     asserts that they end with the right data
#   two_rechecks         of v's blocks 5 and 12, on dust, which last until data is let
#                        go. One task has the only page, the other, $waiter, waits for
#                        it. They are $tasks, and began after $before
#   two_rechecks_end     lets them end with good data
#   remove_two_rechecks  removes the devices
# shellcheck shell=bash

for module in dm-verity dm-dust; do
	modprobe $module || bail "can't load $module"
done
attach_images "$PLAIN_IMAGES"
plain=${IMAGES[-1]} plain_loop=${IMAGE_LOOP[${IMAGES[-1]}]}
attach_images "$FEC_IMAGES"
fec=${IMAGES[-1]} fec_loop=${IMAGE_LOOP[${IMAGES[-1]}]}

linear() {
	create_concise "$1,,,ro,0 $(blockdev --getsz "$2") linear $2 0"
}

hold() {
	dmsetup suspend --noflush --nolockfs "$1"
}

let_go() {
	dmsetup resume --noudevsync "$1"
}

# dm-dust prints messages on the console.
dust() {
	dmsetup message dust 0 "$@" >/dev/null
}

dust_on() {
	create_concise "dust,,,ro,0 $(blockdev --getsz "$1") dust $1 0 4096"
	dust quiet
	dust enable
}

small_stack() {
	remove_devices v
	echo 2 >$PARAMETER
	create_verity_on v low "$plain"
	echo 16 >$PARAMETER
	v=$(devno v)
	# hash blocks are cached from here on
	read_block v 0 >/dev/null
	hold low
}

start_readers() {
	local i
	PIDS=()
	for ((i = 0; i < $1; i++)); do
		dd if=/dev/mapper/v of="$TAP_TMP/read.$i" bs=4096 skip=$((10 + i)) count=1 iflag=direct status=none &
		PIDS+=($!)
	done
}

readers_end() {
	local i failed=0
	for i in "${!PIDS[@]}"; do
		wait "${PIDS[i]}" && [ "$(sum "$TAP_TMP/read.$i" 0)" = "$(sum "$plain_loop" $((10 + i)))" ] ||
			failed=$((failed + 1))
	done
	is_num $failed == 0 "$1"
}

# Data that can be read once, but not a second time. Data is checked once its hash block
# has been read; at that moment the data device is held.
two_rechecks() {
	local line block
	linear data /dev/mapper/dust
	linear hash "$fec_loop"
	line=$(verity_table "$fec" @)
	line=${line/$fec_loop//dev/mapper/hash}
	create_concise "v,,,ro,${line/@//dev/mapper/data}"
	v=$(devno v)
	hold hash
	inject_on --pages --order 0 --all --in verity_recheck
	PIDS=()
	for block in 5 12; do
		dust addbadblock $block
		read_block v $block >"$TAP_TMP/read.$block" &
		PIDS+=($!)
	done
	ok "two blocks have been read" comes_true are_in 2 verity_verify_io
	hold data
	before=$(now_ns)
	let_go hash
	ok "two rechecks are going on" comes_true are_in 2 verity_recheck
	ok "one of which waits for the page" comes_true are_in 1 verity_recheck mempool_alloc_noprof
	tasks=$(tasks_in verity_recheck)
	waiter=$(tasks_in verity_recheck mempool_alloc_noprof)
}

two_rechecks_end() {
	local block
	for block in 5 12; do
		dust removebadblock $block
	done
	let_go data
	ok "one block is read" wait "${PIDS[0]}"
	ok "... and the other" wait "${PIDS[1]}"
	inject_off
	for block in 5 12; do
		is "$(sum "$TAP_TMP/read.$block" 0)" "$(sum "$fec_loop" $block)" "... as it should be"
	done
}

remove_two_rechecks() {
	remove_devices v
	remove_devices data
	remove_devices hash
}
