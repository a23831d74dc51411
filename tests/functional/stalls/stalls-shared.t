#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only
# Deadlocks of stacked devices that share reserves, on the test kernel with the
# experiments, which permit sharing. With RECORDINGS=DIR recordings are left there.
# shellcheck source=tests/vm/host.sh
. "$(dirname "$0")/../../vm/host.sh"

test_kernel --series kernel/experiments/6.12
plain_images 2 1024
fec_images 1 256

# an image with a file system that has the tool and all libraries that it is linked with
tool=.output/tool-image
rm -rf "$tool"
mkdir -p "$tool/root/"{proc,sys,dev}
cp -L .output/verity-memtop "$tool/root/"
ldd .output/verity-memtop | grep -o '/[^ ]*' | xargs cp -L --parents -t "$tool/root"
mkfs.ext4 -q -b 4096 -d "$tool/root" "$tool/fs" 24M
images=$(tests/vm/make-images --prefix t --data "$tool/fs" --dir "$tool/images" 1 24576)

run_guest stalls/stalls-shared --mem 1024 --append slab_nomerge ${RECORDINGS:+--out "$RECORDINGS"} \
	--env "TOOL_IMAGES=$images"
