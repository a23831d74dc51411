# SPDX-License-Identifier: GPL-2.0-only
# Situations in which tasks wait for a reserve, in a stack of devices: forever, until
# memory is available, or until a device below continues. Source from bash, in the
# guest, after situations.sh, with two images or more in PLAIN_IMAGES. Each situation
# exists when its function returns: the function reads /proc/PID/stack and the lower
# devices instead of waiting for some time.
#
# top is verity on bottom, which is verity on low, which is a copy of an image. The
# tree of top is that of another image, on tree (linear): no block of bottom matches it.
# On the experimental kernel the devices can share reserves for rechecks.
#
#   share page|io|nothing  what tables that are loaded from now on share
#   stack_on [IOS]         the stack, with a reserved_bio_based_ios of IOS
#   stack_off              removes it
#   spoil BLOCK            writes other data there, in low's copy
#   slow [BLOCK...]        makes these blocks of low take an hour. Without an argument,
#                          no block is slow, and delayed I/O completes
#   top_rereads BLOCK COMMAND...
#                          runs COMMAND in the background as $reader, which reads that
#                          block of top. It is in its recheck, whose I/O is on low
#   hold_at_low            ... because low is held; slow_at_low: because BLOCK is slow
#   deadlock_on BLOCK COMMAND...
#                          the same. Then bottom's block is spoiled, and a second
#                          recheck, $waiter, needs the element that $holder has
#   deadlock_off           makes memory available again; asserts that all tasks end
#   is_waiting NAME        asserts that $waiter still waits, and $holder
# shellcheck shell=bash

# Tasks wait here on purpose, as long as a slow machine needs to check them.
echo 0 >/proc/sys/kernel/hung_task_timeout_secs

STALL_IMAGE=${IMAGES[0]} # the one with the stack's data
STALL_FILE=$PLAIN_IMAGES/$STALL_IMAGE.img
STALL_TREE=${IMAGES[1]} # ... and of top's tree
SHARE=/sys/module/dm_verity/parameters/share_recheck

modprobe dm-delay || bail "can't load dm-delay"

share() {
	local what
	for what in page io; do
		[ ! -e "${SHARE}_$what" ] || echo 0 >"${SHARE}_$what"
	done
	[ "$1" = nothing ] || echo 1 >"${SHARE}_$1"
}

stack_on() {
	local line
	cp "$STALL_FILE" "$TAP_TMP/low.img"
	low_loop=$(losetup -f --show "$TAP_TMP/low.img")
	linear low "$low_loop"
	linear tree "${IMAGE_LOOP[$STALL_TREE]}"
	[ -z "${1-}" ] || echo "$1" >$PARAMETER
	create_verity_on bottom low "$STALL_IMAGE"
	line=$(verity_table "$STALL_TREE" @)
	line=${line/${IMAGE_LOOP[$STALL_TREE]}//dev/mapper/tree}
	create_concise "top,,,ro,${line/@//dev/mapper/bottom}"
	echo 16 >$PARAMETER
	top=$(devno top) bottom=$(devno bottom) low=$(devno low)
}

stack_off() {
	remove_devices
	losetup -d "$low_loop"
}

spoil() {
	printf spoilt | dd of="$TAP_TMP/low.img" bs=4096 seek="$1" conv=notrunc status=none
}

# slow_table BLOCK...: low's table, with the blocks in ascending order
slow_table() {
	local block at=0 end
	end=$(blockdev --getsz "$low_loop")
	for block; do
		[ $at = $((block * 8)) ] || echo "$at $((block * 8 - at)) linear $low_loop $at"
		echo "$((block * 8)) 8 delay $low_loop $((block * 8)) 3600000"
		at=$((block * 8 + 8))
	done
	echo "$at $((end - at)) linear $low_loop $at"
}

# dm-delay releases delayed I/O when its device is suspended, as for a new table.
slow() {
	slow_table "$@" | dmsetup load --readonly low
	dmsetup resume --noudevsync low
}

hold_at_low() {
	hold low
}

slow_at_low() {
	slow "$1"
}

# top_rereads HOW BLOCK COMMAND...: the tree is held until the data has been read
top_rereads() {
	local how=$1 block=$2
	shift 2
	hold tree
	"$@" >"$TAP_TMP/read.$block" 2>"$TAP_TMP/err.$block" &
	reader=$!
	ok "block $block of top has been read" comes_true are_in 1 verity_verify_io new_read
	"$how" "$block"
	let_go tree
	ok "... and is being read again, which does not come back" comes_true are_in 1 verity_recheck sync_io
	holder=$(tasks_in verity_recheck sync_io)
}

# With FIXED set the kernel has kernel/fix: buffers of rechecks and bios of dm_io's
# clients with bounds come from kmalloc(), which has a cache for each of their sizes.
bio_cache() {
	json '"kmalloc-\([.devices[].pools[] | select(.role == "recheck.bio") | .footprint_bytes] | first)"'
}

# The caches that rechecks are refused: all memory of the reserves that they share.
starve() {
	local cache
	case ${FIXED:+fixed-}$1 in
	fixed-page) inject_on --slab --cache kmalloc-4k --all --in verity_recheck ;;
	fixed-bio)
		cache=$(bio_cache)
		inject_on --slab --cache "$cache" --all --in verity_recheck
		;;
	fixed-io) inject_on --slab --cache io --all --in verity_recheck ;;
	page) inject_on --pages --order 0 --all --in verity_recheck ;;
	io) inject_on --slab --cache io --all --in verity_recheck ;;
	bio) inject_on --slab --cache bio- --all --in verity_recheck ;;
	esac
}

deadlock_on() {
	local block=$1
	top_rereads hold_at_low "$@"
	spoil "$block"
	let_go low
	ok "a recheck of bottom, which that I/O needs, waits" comes_true are_in 1 verity_recheck mempool_alloc_noprof
	waiter=$(tasks_in verity_recheck mempool_alloc_noprof)
	is_waiting "... while top's still does not come back"
}

is_waiting() {
	is "$(tasks_in verity_recheck mempool_alloc_noprof)" "$waiter" "$1"
	is "$(tasks_in verity_recheck | once)" "$(words "$waiter" "$holder")" "... and no other task is in a recheck"
}

# A waiter retries its allocation every 5 s.
deadlock_off() {
	inject_off
	ok "with memory, both rechecks end" comes_true are_in 0 verity_recheck
	not_ok "... and so does the reader, with an error" wait "$reader"
}

# The output of `watch`.
#
#   watch_on OPTION...     starts a watch with a threshold of one second; its output is
#                          in $WATCHED
#   watch_off              ends that
#   watched EVENT PID      succeeds if this event of a task was printed
#   said EVENT PID FILTER  gojq over the last such line
#   says_deadlock KIND BLOCK
#                          asserts that the deadlock is reported as deadlock_on has made it
#   says_stall CAUSE DEVICE PID...
#                          asserts that these tasks are reported with the cause and
#                          device of their wait, and never as deadlocked
#   says_clear PID...      asserts that the end is reported, with the id of the beginning

WATCHED=$TAP_TMP/watched
WATCH="$MEMTOP watch"

watch_on() {
	start_program watch grep -q '^verity-memtop: watching' "$(program_log watch)" -- watch_to "$WATCHED" "$@"
	WATCHER=$PID
}

# watch_to FILE OPTION...: runs the watch with exec; its lines go to FILE
watch_to() {
	local file=$1
	shift
	exec $WATCH --json "$@" >"$file"
}

watch_off() {
	kill "$WATCHER"
	wait "$WATCHER"
}

watched() {
	gojq -s -e --arg event "$1" --argjson pid "$2" 'any(.[]; .event == $event and .waiter.pid == $pid)' "$WATCHED" >/dev/null 2>&1
}

said() {
	gojq -s -r -c --arg event "$1" --argjson pid "$2" "[.[] | select(.event == \$event and .waiter.pid == \$pid)] | last | $3" "$WATCHED"
}

# name_of PID: /proc adds the current work to a worker's name
name_of() {
	sed 's/[+-]kverityd.*//' "/proc/$1/comm"
}

# old_waiter ROLE: a filter for keep: samples with a waiter over the threshold
old_waiter() {
	echo ".boottime_ns as \$now | any(.pools[]; .role == \"$1\" and any(.waiters[]; \$now - .since_ns > 1200000000))"
}

# of_deadlock FILTER: applies gojq's filter to the line about $waiter's deadlock
of_deadlock() {
	said deadlock "$waiter" "[$1] | map(tostring) | join(\" \")"
}

says_deadlock() {
	ok "watch reports a deadlock" comes_true watched deadlock "$waiter"
	is "$(of_deadlock '.dev, .name, .role, .cause.kind')" "$bottom bottom recheck.$1 deadlock" \
		"... with the task and the role"
	is "$(said deadlock "$waiter" .waiter.comm)" "$(name_of "$waiter")" "... by its name"
	is "$(of_deadlock '.evidence.min, .evidence.current')" "1 0" "... which there is one of, and not there"
	is "$(of_deadlock '.holders[] | .pid, .dev, .blocked')" "$holder $top true" \
		"... its holder, the device, and why it is not returned"
	is "$(of_deadlock '.evidence.holders, .evidence.holders_complete')" "1 true" \
		"... and no other task"
	is "$(of_deadlock '.cycle[].step')" "waits held needs worked_on" "... why it does not come back"
	is "$(of_deadlock '.cycle[] | .pid')" "$waiter $holder null $waiter" "... whose steps those are"
	is "$(of_deadlock '.cycle[2] | .dev, .sector, .sectors')" "$bottom $(($2 * 8)) 8" \
		"... the device that the holder's I/O goes to"
	is "$(of_deadlock '.cycle[3] | .dev, .for.kind, .for.block')" "$bottom recheck $2" \
		"... which the waiter's recheck is at"
	like "$(said deadlock "$waiter" '.waiter.stack | join(" ")')" 'mempool_alloc_noprof\+.* verity_recheck\+' "... and where the waiter is in the kernel"
	like "$(said deadlock "$waiter" '.holders[0].stack | join(" ")')" 'sync_io\+.* verity_recheck\+' "... and its holder"
	is_num "$(said deadlock "$waiter" .age_ns)" '>=' 1000000000 "... for longer than the threshold"
	is "$(said deadlock "$waiter" .since_at_least)" false "... exactly so long"
}

says_stall() {
	local cause=$1 dev=$2 pid
	shift 2
	for pid; do
		ok "watch reports a stall" comes_true watched stall "$pid"
		is "$(said stall "$pid" '[.cause.kind, .cause.dev, .waiter.comm] | join(" ")')" "$cause $dev $(name_of "$pid")" \
			"... which, why, and at which device"
		is_num "$(said stall "$pid" .age_ns)" '>=' 1000000000 "... for longer than the threshold"
	done
	is "$(gojq -r 'select(.event | endswith("deadlock")) | .event' "$WATCHED")" '' "... and none of it as a deadlock"
}

says_clear() {
	local pid
	for pid; do
		ok "watch reports the end" comes_true watched clear "$pid"
		is "$(said clear "$pid" '[.id, .pool_id, .role] | map(tostring) | join(" ")')" \
			"$(gojq -c --argjson pid "$pid" 'select(.waiter.pid == $pid and .event != "clear")' "$WATCHED" |
				tail -n 1 | gojq -r '[.id, .pool_id, .role] | map(tostring) | join(" ")')" "... as it had reported before"
		is_num "$(said clear "$pid" .age_ns)" '>' "$(gojq --argjson pid "$pid" 'select(.waiter.pid == $pid and .event != "clear") | .age_ns' "$WATCHED" | tail -n 1)" \
			"... and how long it was"
	done
	is "$(gojq -r 'select(.event == "clear") | .id' "$WATCHED" | sort | uniq -d)" '' "... once for each finding"
}
