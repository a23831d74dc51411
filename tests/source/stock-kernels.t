#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What stock.bpf.c would read on other kernels: its relocations are resolved with types
# written by hand, because such a kernel is not installed.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
PROGRAM=$BUILD/bpf/stock.bpf.o
# each may be several words, as in the Makefile
read -ra clang <<<"${CLANG:-clang}"
read -ra bpftool <<<"${BPFTOOL:-bpftool}"

# relocate KERNEL: the members that the program reads there, as BTF in JSON, in $OUT
relocate() {
	"${clang[@]}" -g -target bpf -c "tests/kernels/$1.c" -o "$TAP_TMP/kernel.o" ||
		bail "can't compile $1"
	ok "$1: its types are found" "${bpftool[@]}" gen min_core_btf "$TAP_TMP/kernel.o" "$TAP_TMP/found.btf" "$PROGRAM"
	tap_run "${bpftool[@]}" -j btf dump file "$TAP_TMP/found.btf"
}

# members STRUCT: those that are read, with their offsets in bytes
members() {
	jq -r --arg name "$1" '[.types[] | select(.kind == "STRUCT" and .name == $name) | .members[] |
		"\(.name)@\(.bits_offset / 8)"] | join(" ")' <<<"$OUT"
}

relocate later
is "$(members mempool)" "min_nr@4 curr_nr@8 elements@16 pool_data@24 wait@48" \
	"later: a mempool under its new name, where its members are"
is "$(members mempool_s)" "" "later: ... and not under the old one"
is "$(members bio_set)" "bio_pool@16 bvec_pool@88" "later: a bio set without pools for integrity payloads"
is "$(members dm_verity_fec)" \
	"dev@0 data_bufio@8 bufio@16 fio_pool@32 rs_pool@104 prealloc_pool@176 output_pool@248" \
	"later: the pool of error correction's state, and no extra buffers"
is "$(members wait_queue_head)" "head@8" "later: waiting tasks"

relocate early
is "$(members dm_bufio_client)" \
	"block_size@8 n_buffers@48 slab_buffer@64 slab_cache@72 dm_io@80 reserved_buffers@88 need_reserved_buffers@104" \
	"early: the number of buffers is in the client"

# a wrong offset is found
sed 's/int lock;/long lock;/' tests/kernels/later.c >"$TAP_TMP/other.c"
"${clang[@]}" -g -target bpf -c "$TAP_TMP/other.c" -o "$TAP_TMP/kernel.o"
"${bpftool[@]}" gen min_core_btf "$TAP_TMP/kernel.o" "$TAP_TMP/found.btf" "$PROGRAM"
tap_run "${bpftool[@]}" -j btf dump file "$TAP_TMP/found.btf"
like "$(members mempool)" '^min_nr@8 ' "a member that lies elsewhere is found there"

done_testing
