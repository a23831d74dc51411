# SPDX-License-Identifier: GPL-2.0-only
# Every structure member that the programs read is taken away in turn, with ALL=1 whole
# structures as well. Each loss costs exactly what bpf/kernel_facts.h lists. Sourced by
# gaps*.t.
#
# The names come from the relocations, so a new one is tested without being listed here.
# The lists below have what each fact may change.
# shellcheck shell=bash
# shellcheck source=tests/vm/host.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../vm/host.sh"
set +e +o pipefail
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

OUT_DIR=

# gaps_on LINE ABSENT...: on Debian's kernel of a line, which has none of ABSENT
gaps_on() {
	local names
	LINE=$1
	shift
	ABSENT=" $* "
	MEMTOP_LINE=$LINE debian_kernel || bail "no kernel"
	plain_images 1 256
	fec_images 1 256
	OUT_DIR=$(mktemp -d "$TAP_TMP/gaps.XXXXXX")
	names=$OUT_DIR/wanted
	# members that only the walk reads need no other program, which saves half the time
	{
		echo "once nothing-once"
		echo "watch nothing-watch"
		tests/functional/kernels/relocations .output/bpf/{links,stacks}.bpf.o | sed 's/^/watch /'
		comm -13 <(tests/functional/kernels/relocations .output/bpf/{links,stacks}.bpf.o) \
			<(tests/functional/kernels/relocations .output/bpf/stock.bpf.o) | sed 's/^/once /'
	} | by_size >"$names"
	ok "the guest's part" guest_part --env "NAMES=$names"
	judge
}

guest_part() (
	run_guest kernels/gaps --mem 1024 --timeout 1800 --out "$OUT_DIR" --visible "$OUT_DIR" \
		--env SOURCE=stock "$@"
)

# by_size: without ALL, whole structures only if no member of them is read; members always
by_size() {
	if [ -n "${ALL-}" ]; then
		cat
	else
		awk '{ line[NR] = $0; name[NR] = $2; split($2, part, "."); if ($2 ~ /\./) has[part[1]] = 1 }
			END { for (i = 1; i <= NR; i++) if (!(name[i] in has)) print line[i] }'
	fi
}

# sample NAME: the recorded sample without values that change each time
sample() {
	sed -n 2p "$OUT_DIR/$1.record" | jq -S -c 'del(.boottime_ns, .watched_since_ns, .stacks) |
		.pools |= map(del(.id, .table_id)) | .links |= if . then map(.in_flight |= if . then true else . end) else . end'
}

# changed NAME: keys whose values differ from the complete sample; "pool" and "link" if
# one is missing
changed() {
	jq -rn --argjson a "$(cat "$OUT_DIR/whole-$(span_of "$1")")" --argjson b "$(sample "$1")" '
		# lists of objects by identity rather than place
		def named: .devices |= (map({ key: .dev, value: . }) | from_entries) |
			.pools |= (map({ key: "\(.dev) \(.slot) \(.role)", value: . }) | from_entries) |
			.links |= if . then (map({ key: "\(.upper) \(.lower) \(.kind)", value: . }) | from_entries) else . end;
		($a | named) as $x | ($b | named) as $y |
		[if $x.links != null and $y.links == null then "links" else empty end,
		(("devices", "pools", "links") as $list | ($x[$list] // {}) as $p | ($y[$list] // {}) as $q |
			if $q == {} and $list == "links" then empty else
			($p + $q | keys[]) as $one | if ($p | has($one)) and ($q | has($one)) then
				($p[$one] + $q[$one] | keys[]) as $key | select($p[$one][$key] != $q[$one][$key]) | $key
			else $list[:-1] end end)] | unique | join(" ")'
}

span_of() {
	sed -n "s/ ${1//./\\.}\$//p" "$OUT_DIR/wanted"
}

# may FACT: keys that a fact may change. It must change at least one of the first word's
# keys, which are joined by commas.
may() {
	case $1 in
	by-symbol | by-sysfs | changes | task-names | switches | counts) echo - ;;
	names) echo name ;;
	uuids) echo uuid ;;
	suspended) echo "gaps suspended" ;;
	tables) echo "gaps targets lower pool links link corrupted" ;;
	inactive) echo "gaps pool targets" ;;
	lower) echo "gaps lower links" ;;
	reserves) echo "gaps pool corrupted" ;;
	minimum) echo min ;;
	level) echo "current lowest min" ;;
	sizes) echo "object_bytes,footprint_bytes footprint_bytes object_bytes cached_bytes" ;;
	waiters) echo waiters_known ;;
	cached) echo cached_bytes ;;
	corrupted) echo corrupted ;;
	links) echo links ;;
	in-flight) echo in_flight ;;
	parts) echo "link,mapped,start,sectors,lower_start link mapped start sectors lower_start" ;;
	loop) echo "- link mapped start sectors lower_start" ;;
	stacks) echo - ;;
	*) echo "unknown-fact-$1" ;;
	esac
}

# is_within FACT: its loss cannot show: it has no visible effect, or another one of
# $facts removes the object that it describes
is_within() {
	[ "$first" != - ] || return 0
	case $1 in
	in-flight | parts) [[ $facts = *links* || $facts = *tables* ]] ;;
	reserves | lower | links) [[ $facts = *tables* ]] ;;
	level | minimum | sizes | waiters) [[ $keys = *pool* ]] ;;
	*) false ;;
	esac
}

# problem NAME: the fault, or nothing
problem() {
	local name=$1 status facts fact keys key allowed='' needed first more
	status=$(cat "$OUT_DIR/$name.status" 2>/dev/null)
	if [ "$status" != 0 ]; then
		# without these there is nothing to report, and the message contains the
		# name
		[[ " $FATAL " = *" $name "* ]] || {
			echo "status $status: $(tail -n 2 "$OUT_DIR/$name.err" | paste -sd' ')"
			return
		}
		grep -qE "kernel has no ${name%%.*}[. ]|no BTF of dm_verity" "$OUT_DIR/$name.err" || echo "not named"
		return
	fi
	[[ " $FATAL " != *" $name "* ]] || {
		echo "works"
		return
	}
	facts=$(cut -f2 "$OUT_DIR/$name.gaps" | sort -u | comm -23 - <(cut -f2 "$OUT_DIR/nothing-watch.gaps" | sort -u))
	keys=$(changed "$name")
	if [[ " $FREE $ABSENT " = *" $name "* ]]; then
		[ -z "$keys$facts" ] || echo "costs nothing, but: $facts: $keys"
		return
	fi
	[ -n "$facts" ] || echo "doctor names nothing"
	for fact in $facts; do
		read -r first more <<<"$(may "$fact")"
		allowed+=" ${first//,/ } $more"
		! is_within "$fact" || continue
		needed=
		for key in ${first//,/ }; do
			[[ " $keys " != *" $key "* ]] || needed=1
		done
		[ -n "$needed" ] || echo "$fact changes none of $first: $keys"
	done
	for key in $keys; do
		[[ " $allowed " = *" $key "* ]] || echo "$(paste -sd, <<<"$facts") changes $key"
	done
	# a structure's name stands for each member that is lost with it
	grep -q "^${name%%.*}\|^mempool\|^dm_bufio_client" "$OUT_DIR/$name.gaps" ||
		echo "not named: $(cut -f1 "$OUT_DIR/$name.gaps" | paste -sd' ')"
}

judge() {
	local name whole span
	for span in once watch; do
		sample nothing-$span >"$OUT_DIR/whole-$span"
		whole=$(cat "$OUT_DIR/whole-$span")
		[ -n "$whole" ] || bail "no sample with nothing missing"
		is "$(cat "$OUT_DIR/nothing-$span.root")" sysfs "with nothing missing devices are found by way of sysfs"
		is "$(cut -f1 "$OUT_DIR/nothing-$span.gaps" | paste -sd' ')" "" "... and nothing is missing"
		is "$(jq -r '[.devices[] | select(.suspended) | .uuid] | join(" ")' <<<"$whole")" MEMTOP-suspended \
			"... a suspended device is seen"
	done
	is_num "$(jq '[.links[] | select(.in_flight == null | not)] | length' <<<"$whole")" '>' 0 "... and I/O in flight"
	while read -r span name; do
		[[ $name != nothing-* ]] || continue
		is "$(problem "$name")" "" "without $name"
	done <"$OUT_DIR/wanted"
	judge_views
}

# check_of NAME [OPTION...]: the status of a check of the sample without that name
check_of() {
	local status=0 name=$1
	shift
	.output/verity-memtop check "$@" --replay "$OUT_DIR/$name.record" >"$OUT_DIR/check" 2>&1 || status=$?
	echo $status
}

# shown NAME COLUMN: its value for the device with error correction
shown() {
	.output/verity-memtop report --replay "$OUT_DIR/$1.record" --no-totals -H -o "$2" fec-0 2>/dev/null | xargs
}

judge_views() {
	local whole name
	whole=$(check_of nothing-once)
	isnt "$whole" 3 "with nothing missing a check is not UNKNOWN"
	for name in dm_verity_fec.rs_pool kmem_cache.size mapped_device.flags dm_table.devices hash_cell.uuid \
		dm_bufio_client.cache hash_cell.new_map; do
		is "$(check_of $name)" "$whole" "... nor is it without $name, on which none of its limits depends" ||
			diag "$(cat "$OUT_DIR/check")"
	done
	is "$(check_of nothing-once --critical corrupted=0)" "$whole" "nor with a limit for corrupted blocks"
	is "$(check_of dm_verity.hash_failed --critical corrupted=0)" 3 "... of which nothing is known without dm_verity.hash_failed"
	for name in wait_queue_head.head task_struct.pid; do
		is "$(check_of $name)" 3 "a check is UNKNOWN without $name, on which a limit depends" ||
			diag "$(cat "$OUT_DIR/check")"
	done
	is "$(shown dm_verity_fec.rs_pool RESERVED)" - "a table has a dash for a sum that is unknown"
	is "$(shown dm_verity.hash_failed CORRUPTED)" - "... a dash for corrupted blocks"
	is "$(shown mapped_device.flags SUSPENDED)" - "... for whether it is suspended"
	is "$(shown dm_bufio_client.cache CACHED)" - "... for cached bytes"
}

# The members that lead to devices: without them there is no report. The types dm_verity
# and dm_bufio are among them: a module without BTF, whose pools must not be left out.
FATAL='rb_node rb_node.__rb_parent_color rb_node.rb_left rb_node.rb_right hash_cell hash_cell.md hash_cell.name_node'
FATAL+=' gendisk gendisk.major gendisk.first_minor mapped_device mapped_device.disk dm_verity dm_bufio_client'
# Names whose loss has no effect: data_start was always 0, no kernel has both names of a
# mempool, and a structure inside another one is found by its member.
FREE='dm_verity.data_start dm_io_request geom'
