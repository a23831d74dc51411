# SPDX-License-Identifier: GPL-2.0-only
# What the tests in VMs have in common on the host: a kernel, images of verity devices,
# and a VM that runs a script with them. Source from bash; the shell then ends
# at an error.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Options of tests/vm/run, and the directory of the kernel.
VM=()
KERNEL=

# debian_kernel [OPTION...]: the distribution's kernel, of line $MEMTOP_LINE; options as
# of kernel/fetch-kernel
debian_kernel() {
	KERNEL=$(kernel/fetch-kernel "$@") || return
	VM+=(--kernel "$KERNEL")
}

# patched_modules [OPTION...]: modules with the series on that kernel, or with another
# series; options as of kernel/build-modules
patched_modules() {
	local modules
	modules=$(kernel/build-modules "$@") || return
	VM+=(--modules "$modules")
}

# test_kernel [OPTION...]: the test kernel, with the series or another one in its tree;
# options as of kernel/build-kernel
test_kernel() {
	KERNEL=$(kernel/build-kernel "$@") || return
	VM+=(--kernel "$KERNEL")
}

# plain_images COUNT SIZE_KIB: verity devices without error correction
plain_images() {
	local images
	images=$(tests/vm/make-images "$@") || return
	VM+=(--env "PLAIN_IMAGES=$images")
}

# fec_images COUNT SIZE_KIB: verity devices with error correction
fec_images() {
	local images
	images=$(tests/vm/make-images --fec "$@") || return
	VM+=(--env "FEC_IMAGES=$images")
}

# run_guest TEST [OPTION...]: run tests/functional/TEST.guest in a VM in place of this
# shell
run_guest() {
	local test=$1
	shift
	exec tests/vm/run "${VM[@]}" "$@" -- bash "tests/functional/$test.guest"
}
