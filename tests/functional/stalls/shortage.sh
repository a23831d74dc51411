# SPDX-License-Identifier: GPL-2.0-only
# Makes memory really run out. Source from bash, in a small VM; fill_up leaves LEFT KiB
# free. Only the processes that take memory are killed for it.
# shellcheck shell=bash
echo -1000 >/proc/self/oom_score_adj

# take_memory: takes all free memory, repeatedly
take_memory() {
	local child
	echo 1000 >"/proc/$BASHPID/oom_score_adj"
	trap 'kill -9 "$child"; exit' TERM
	while :; do
		tail /dev/zero &
		child=$!
		wait "$child"
	done >/dev/null 2>&1
}

# fill_up: fills memory until LEFT KiB are available
fill_up() {
	local kb
	mkdir "$TAP_TMP/full"
	mount -t tmpfs -o size=100% full "$TAP_TMP/full" || bail "no file system to fill"
	kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
	[ "$kb" -gt "$LEFT" ] || bail "there is as little memory as that already: $kb KiB"
	dd if=/dev/zero of="$TAP_TMP/full/fill" bs=1K count=$((kb - LEFT)) status=none || bail "memory is not filled"
}
