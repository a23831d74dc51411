# SPDX-License-Identifier: GPL-2.0-only
# Helpers for the guest's parts of the functional tests. Source from bash, in the guest.
# Prints TAP (tests/lib/tap.sh) about devices made with tests/vm/guest.sh.
# shellcheck shell=bash
. tests/lib/tap.sh
. tests/vm/guest.sh

MEMTOP=${MEMTOP:-.output/verity-memtop}
PAGE=$(getconf PAGESIZE)
TRACING=/sys/kernel/tracing
PARAMETER=/sys/module/dm_mod/parameters/reserved_bio_based_ios
# pools of a verity device without and with error correction, dm core's included
PLAIN_POOLS='core.clone core.io hash.bio hash.buffer hash.bvec hash.io'
PLAIN_POOLS+=' recheck.bio recheck.bvec recheck.io recheck.page'
# Linux 7.0 moved the state of error correction from each bio to a pool, and 6.19 was
# the last kernel with extra buffers. From 6.17 on a pool with a minimum of 0 keeps an
# element.
kernel_is_from() {
	[ "$(printf '%s\n' "$1" "$(uname -r)" | sort -V | head -n 1)" = "$1" ]
}
FEC_POOLS="$PLAIN_POOLS fec.output fec.prealloc fec.rs"
EXTRA_MIN=
if kernel_is_from 7.0; then
	FEC_POOLS+=' fec.fio'
elif ! kernel_is_from 6.19; then
	FEC_POOLS+=' fec.extra'
	EXTRA_MIN=0
	! kernel_is_from 6.17 || EXTRA_MIN=1
fi
FEC_POOLS+=' fec_data.bio fec_data.buffer fec_data.bvec fec_data.io'
FEC_POOLS+=' fec_parity.bio fec_parity.buffer fec_parity.bvec fec_parity.io'

# "tracepoints" if the kernel has the series, otherwise "stock"
SOURCE=${SOURCE:-tracepoints}

# verified WHAT: the figures from the tracepoints match the kernel's structures
verified() {
	[ "$SOURCE" = tracepoints ] || return 0
	status_is 0 "both sources agree: $1" "$MEMTOP" report --verify
	like "$ERR" 'both sources agree on [1-9][0-9]* pools' "... about something"
}

report() {
	"$MEMTOP" report --json "$@"
}

# A report loads its programs each time, and jq takes as long to start as everything
# else: seconds in an emulated VM. After keep_report, the helpers json, roles and pool
# read that one report until the next keep_report or forget_report. Call these after
# each change.
KEPT_REPORT=
KEPT_POOLS=$TAP_TMP/kept.pools # one a line: name, slot, role, key, value
keep_report() {
	forget_report
	if report >"$TAP_TMP/kept" 2>"$TAP_TMP/kept.err" &&
		jq -r '.devices[] as $d | $d.pools[] as $p | $p | to_entries[] |
			select(.value | type | . != "array" and . != "object") |
			[$d.name, $d.slot, $p.role, .key, (.value | tostring)] | @tsv' "$TAP_TMP/kept" >"$KEPT_POOLS"; then
		KEPT_REPORT=$TAP_TMP/kept
	else
		fail "a report"
		diag "$(cat "$TAP_TMP/kept.err")"
	fi
}
forget_report() {
	KEPT_REPORT=
}

# json FILTER [ARG...]: jq over the report of everything
json() {
	local filter=$1
	shift
	if [ -n "$KEPT_REPORT" ]; then
		jq -r "$@" "$filter" "$KEPT_REPORT"
	else
		report 2>/dev/null | jq -r "$@" "$filter"
	fi
}

# roles NAME [SLOT]: of a device's pools, sorted
roles() {
	if [ -n "$KEPT_REPORT" ]; then
		awk -F'\t' -v name="$1" -v slot="${2-live}" '$1 == name && $2 == slot && $4 == "role" { print $3 }' "$KEPT_POOLS" |
			LC_ALL=C sort | paste -sd' '
		return
	fi
	json '[.devices[] | select(.name == $name and .slot == $slot) | .pools[].role] | sort | join(" ")' \
		--arg name "$1" --arg slot "${2-live}"
}

words() {
	printf '%s\n' "$@" | LC_ALL=C sort | paste -sd' '
}

biovecs_in_slab() {
	slab_count biovec-max active
}

# slab_size CACHE: the size of one object, from the kernel's own statistics
slab_size() {
	cat "/sys/kernel/slab/$1/slab_size"
}

# block_takes BYTES: what dm-bufio allocates for a block whose size is a power of two:
# whole pages; below a page an object of its own slab cache, or since 6.16 of kmalloc()
block_takes() {
	local slab name=$1
	if [ "$1" -ge "$PAGE" ]; then
		echo "$1"
		return
	fi
	[ "$1" -lt 1024 ] || name=$(($1 / 1024))k
	slab=$({ compgen -G "/sys/kernel/slab/dm_bufio_cache-$1*" || echo "kmalloc-rcl-$name"; } | head -n 1)
	slab_size "${slab##*/}"
}

# pool NAME ROLE KEY: one value of one pool
pool() {
	if [ -n "$KEPT_REPORT" ]; then
		awk -F'\t' -v name="$1" -v role="$2" -v key="$3" '$1 == name && $3 == role && $4 == key { print $5 }' "$KEPT_POOLS"
		return
	fi
	json '.devices[] | select(.name == $name) | .pools[] | select(.role == $role) | .[$key]' \
		--arg name "$1" --arg role "$2" --arg key "$3"
}

# trace_on EVENT...: starts with an empty buffer, which can hold all events of a test
trace_on() {
	local event
	echo 0 >"$TRACING/tracing_on"
	echo "${TRACE_KB:-8192}" >"$TRACING/buffer_size_kb"
	echo >"$TRACING/trace"
	for event; do
		echo 1 >"$TRACING/events/$event/enable"
	done
	echo 1 >"$TRACING/tracing_on"
}

trace_off() {
	echo 0 >"$TRACING/tracing_on"
	echo 0 >"$TRACING/events/dm_verity/enable"
	echo 0 >"$TRACING/events/dm_pool/enable"
}

# traced_ids EVENT: pool ids of all events whose name ends so, sorted
traced_ids() {
	sed -n "s/.*: dm_[a-z_]*pool_$1: .* pool=\([0-9]*\) .*/\1/p" "$TRACING/trace" | sort -n
}

# Events that the buffer dropped would make every count wrong.
trace_overruns() {
	cat "$TRACING"/per_cpu/cpu*/stats | awk '/overrun|dropped/ { n += $NF } END { print n + 0 }'
}

# ---- programs in the background -------------------------------------------------
#
#   start_program NAME PROBE... -- COMMAND...
#                   runs COMMAND in the background and asserts that it is up, which is
#                   when the command PROBE succeeds. Its pid is in $PID, its output in
#                   the file that program_log NAME prints
#   is_running NAME PID
#                   asserts that a program of that name still runs
#   listens PORT    succeeds if a program accepts connections there
#
# A failure prints how the program ended and the end of its output.

program_log() {
	printf '%s\n' "$TAP_TMP/program.$1.log"
}

# show_program NAME PID
show_program() {
	local status=0
	if kill -0 "$2" 2>/dev/null; then
		diag "$1 ($2) runs"
	else
		wait "$2" || status=$?
		diag "$1 ($2) ended with status $status"
	fi
	diag "its output: $(tail -n 20 "$(program_log "$1")")"
}

start_program() {
	local name=$1 log try
	local -a probe=()
	log=$(program_log "$name")
	shift
	while [ "$1" != -- ]; do
		probe+=("$1")
		shift
	done
	shift
	"$@" >"$log" 2>&1 &
	PID=$!
	for ((try = 0; try < 1200 * ${VM_SLOWER:-1}; try++)); do
		kill -0 "$PID" 2>/dev/null || break
		if "${probe[@]}" >/dev/null 2>&1; then
			pass "$name is up"
			return
		fi
		sleep 0.1
	done
	fail "$name is up: ${probe[*]}"
	show_program "$name" "$PID"
	return 1
}

is_running() {
	if kill -0 "$2" 2>/dev/null; then
		pass "$1 still runs"
	else
		fail "$1 still runs"
		show_program "$1" "$2"
	fi
}

listens() {
	(: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# ---- recordings -------------------------------------------------------------------

# recording_has LINES: succeeds if $RECORDING has at least that many
RECORDING=$TAP_TMP/recording
recording_has() {
	[ "$(wc -l <"$RECORDING")" -ge "$1" ]
}

# recording_on [OPTION...]: records to $RECORDING; returns when the recording has begun
recording_on() {
	rm -f "$RECORDING"
	start_program record recording_has 2 -- "$MEMTOP" record --format json -n 0 -d 0.1 "$@" "$RECORDING" || bail "nothing is recorded"
	RECORDER=$PID
}

# recorded: waits for a sample of the current state, the last one of $RECORDING
recorded() {
	local before
	before=$(wc -l <"$RECORDING")
	until recording_has $((before + 2)); do
		kill -0 "$RECORDER" 2>/dev/null || {
			show_program record "$RECORDER"
			bail "the recording has ended"
		}
		sleep 0.1
	done
}

# recording_off: ends the recording after such a sample
recording_off() {
	recorded
	kill $RECORDER
	wait $RECORDER
}

# last_sample: the last whole line of $RECORDING, whose next one may be half written
last_sample() {
	tail -n 2 "$RECORDING" | perl -ne '$line = $_ if /\n\z/; END { print $line }'
}

# of FILTER NAME [ARG...]: jq over the device in the last recorded sample, which is
# $sample; pools_of: over the array of its pools
of() {
	local filter=$1 name=$2
	shift 2
	last_sample | jq -r --arg name "$name" "$@" \
		". as \$sample | .devices[] | select(.name == \$name) | . as \$device | $filter"
}
pools_of() {
	of "[\$sample.pools[] | select(.dev == \$device.dev)] | $1" "${@:2}"
}

# sample_with FILTER: number of the first recorded sample for which this is true
sample_with() {
	jq -s "[.[] | select(.devices) | $1] | index(true) + 1" "$RECORDING"
}

# keep NAME FILTER: saves a part of the recording in VM_OUT, if that is set: the first
# sample, the first one for which FILTER is true, and the last
keep() {
	[ -n "${VM_OUT:-}" ] || return 0
	# the header is the first line
	sed -n "1,2p; $(($(sample_with "$2") + 1))p; \$p" "$RECORDING" >"$VM_OUT/$1"
}
