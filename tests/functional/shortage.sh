# SPDX-License-Identifier: GPL-2.0-only
# Memory that really runs out. Source from bash, in a small VM; LEFT is how many KiB
# are left by fill_up. The processes that take memory are killed for it, nobody else.
# shellcheck shell=bash
echo -1000 >/proc/self/oom_score_adj

# take_memory: as much as there is, again and again
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

# fill_up: so that little is left to take, and taken soon
fill_up() {
	local kb
	mkdir "$TAP_TMP/full"
	mount -t tmpfs -o size=100% full "$TAP_TMP/full" || bail "no file system to fill"
	kb=$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo)
	[ "$kb" -gt "$LEFT" ] || bail "there is as little memory as that already: $kb KiB"
	dd if=/dev/zero of="$TAP_TMP/full/fill" bs=1K count=$((kb - LEFT)) status=none || bail "memory is not filled"
}
