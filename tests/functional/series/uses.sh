# SPDX-License-Identifier: GPL-2.0-only
# Helpers for tests of how reserves are used: traced events, allocations that fail,
# functions that tasks are in. Source from bash, in the guest, after lib.sh.
#
#   trace_uses               starts tracing all events of both systems
#   traced                   ends tracing; the following commands read the traced events:
#   lines EVENT [WORD...]    the events, one a line, without time and task:
#                            EVENT KEY=VALUE...; those that have all WORDs (both
#                            are regular expressions)
#   count EVENT [WORD...]    their number
#   values KEY[,KEY...] EVENT [WORD...]
#                            of each in order, as VALUE[,VALUE...]
#   once                     of words on stdin, each one once, sorted
#   unbalanced               elements taken but not given back, or the reverse
#   seen COUNT EVENT         succeeds if there were that many, while tracing
#   inject_on OPTION...      starts memtop-inject
#   inject_off               stops it; its counts are in $INJECTED
#   inject_too OPTION..., inject_too_off
#                            starts and stops a second one
#   tasks_in FUNCTION [FUNCTION]
#                            pids of tasks inside of it (and of the second one)
#   are_in COUNT FUNCTION [FUNCTION]
#                            succeeds if that many are
#   comes_true COMMAND...    succeeds if it does within 20 s
#   now_ns                   the clock of the events, up to $TICK late
#   in_order LOW VALUE HIGH NAME
#                            LOW <= VALUE <= HIGH
#   read_block DEVICE BLOCK [COUNT]
#                            of 4096 bytes, in one direct read
#   sum FILE BLOCK [COUNT]   checksum of these
#   devno DEVICE             MAJOR:MINOR of a dm device
# shellcheck shell=bash

INJECT=.output/memtop-inject
USES='dm_verity_(pool_(take|give|wait_[a-z]+)|recheck_[a-z]+|fec_decode_[a-z]+)|dm_pool_(level|wait_[a-z]+)'

trace_uses() {
	trace_on dm_verity dm_pool
}

traced() {
	trace_off
	sed -n 's/^.*: \(dm_[a-z_]*\): /\1 /p' $TRACING/trace >"$TAP_TMP/trace"
	cat "$TAP_TMP/trace" >>"$TAP_TMP/all"
	[ "$(trace_overruns)" = 0 ] || bail "the trace buffer is too small"
}

# query SHOW EVENT [WORD...]: SHOW is keys, or lines, or count
query() {
	local show=$1
	shift
	SHOW=$show WANT="$*" awk 'BEGIN {
			show = ENVIRON["SHOW"]
			n = split(ENVIRON["WANT"], want, " ")
			keys = split(show, key, ",")
		}
		$1 !~ "^(" want[1] ")$" { next }
		{
			for (i = 2; i <= n; i++) {
				for (j = 2; j <= NF && $j !~ "^(" want[i] ")$"; j++)
					;
				if (j > NF)
					next
			}
			found++
		}
		show == "count" { next }
		show == "lines" { print; next }
		{
			out = out (found > 1 ? " " : "")
			for (i = 1; i <= keys; i++)
				for (j = 2; j <= NF; j++)
					if (index($j, key[i] "=") == 1)
						out = out (i > 1 ? "," : "") substr($j, length(key[i]) + 2)
		}
		END {
			if (show == "count")
				print found + 0
			else if (show != "lines")
				print out
		}' "$TAP_TMP/trace"
}

lines() {
	query lines "$@"
}

count() {
	query count "$@"
}

values() {
	query "$@"
}

once() {
	tr ' ' '\n' | LC_ALL=C sort -u | paste -sd' '
}

# Buffers have no address: only their number counts.
unbalanced() {
	awk '$1 ~ /^dm_verity_pool_(take|give)$/ {
			for (j = 2; j <= NF; j++) {
				if ($j ~ /^pool=/) pool = $j
				if ($j ~ /^role=/) role = $j
				if ($j ~ /^element=/) element = $j
			}
			n[pool " " role " " element] += ($1 ~ /take$/) ? 1 : -1
		}
		END { for (e in n) if (n[e]) print e ": " n[e] }' "$TAP_TMP/trace"
}

seen() {
	[ "$(grep -cE ": $2:" $TRACING/trace)" -ge "$1" ]
}

# injector FD PID OPTION...: starts memtop-inject and sets the variables with these
# names to the descriptor of its output, and its process
injector() {
	local -n fd=$1 pid=$2
	local line=
	exec {fd}< <(exec $INJECT "${@:3}")
	pid=$!
	# at its end there is no line, which the next command tests
	read -r line <&"$fd" || :
	[ "$line" = ready ] || bail "memtop-inject ${*:3} has failed"
}

inject_on() {
	injector INJECT_FD INJECT_PID "$@"
}

inject_off() {
	kill "$INJECT_PID"
	read -r INJECTED <&"$INJECT_FD"
	exec {INJECT_FD}<&-
	wait "$INJECT_PID"
}

INJECT_TOO_PID=
inject_too() {
	injector INJECT_TOO_FD INJECT_TOO_PID "$@"
}

inject_too_off() {
	kill "$INJECT_TOO_PID"
	exec {INJECT_TOO_FD}<&-
	wait "$INJECT_TOO_PID"
	INJECT_TOO_PID=
}

tasks_in() {
	# Kernels before 6.10 have no _noprof at the ends of names.
	local outer=${1/_noprof/(_noprof)?} inner=${2-$1}

	# tasks can end while this reads
	grep -lE " $outer\\+" /proc/[0-9]*/stack 2>/dev/null |
		xargs -r grep -lE " ${inner/_noprof/(_noprof)?}\\+" 2>/dev/null |
		cut -d/ -f3 | paste -sd' '
}

are_in() {
	[ "$(tasks_in "${@:2}" | wc -w)" = "$1" ]
}

comes_true() {
	local i
	for ((i = 0; i < 400 * ${VM_SLOWER:-1}; i++)); do
		"$@" && return
		sleep 0.05
	done
	diag "never came true: $*"
	return 1
}

# /proc/uptime has hundredths of a second.
TICK=10000000
now_ns() {
	local up _
	read -r up _ </proc/uptime
	echo "${up/./}0000000"
}

in_order() {
	is "$(awk -v a="$1" -v b="$2" -v c="$3" 'BEGIN { print (a <= b && b <= c) ? "yes" : a " " b " " c }')" yes "$4"
}

read_block() {
	dd if="/dev/mapper/$1" bs=$((${3:-1} * 4096)) iflag=direct,skip_bytes \
		skip=$(($2 * 4096)) count=1 status=none
}

sum() {
	tail -c +$(($2 * 4096 + 1)) "$1" | head -c $((${3:-1} * 4096)) | sha256sum
}

devno() {
	dmsetup info -c --noheadings -o major,minor --separator : "$1"
}
