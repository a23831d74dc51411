#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# The report compared with an account that shares nothing with the tool, for a mixed set
# of devices, on the test kernel with the series in its tree.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel

# images PREFIX ARGUMENT...: adds one image, and its directory to $dirs
dirs=
images() {
	dirs+=" $(tests/vm/make-images --prefix "$@" 1 256)"
}

# blocks of data, blocks of the tree
for sizes in "512 512" "512 4096" "1024 1024" "2048 1024" "2048 2048" "4096 512" "4096 4096"; do
	read -r data tree <<<"$sizes"
	images "plain-$data-$tree-" --data-block "$data" --hash-block "$tree"
done
for size in 512 1024 2048 4096; do
	images "fec-$size-" --fec --data-block "$size" --hash-block "$size"
done
# parity is read in pieces of 512 bytes for each root where that is a multiple of
# a block, so buffers are large: two pages, three pages
images fec-two- --fec --roots 16
images fec-three- --fec --roots 24
# the allocation size of fec.rs, which the events do not have
run_guest report/oracle --mem 2048 --env "IMAGE_DIRS=$dirs" --env "KERNEL=$KERNEL" \
	--env "COMPARE=--null fec.rs/object_bytes"
