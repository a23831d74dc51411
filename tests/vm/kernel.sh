# SPDX-License-Identifier: GPL-2.0-only
# A kernel by name, for scripts that boot one; source from bash.
#
# A name is [ARCHITECTURE/]LINE[/FLAVOUR], as amd64/6.12, 6.1 or arm64/7.2/16k; without
# ARCHITECTURE it is the machine's.
# shellcheck shell=bash

# use_kernel NAME: sets KERNEL_ARCH and KERNEL_LINE; KERNEL, the directory; and
# KERNEL_OPTIONS, what tests/vm/run needs besides for another architecture. MEMTOP_ARCH
# and MEMTOP_LINE are set for the scripts of kernel/.
# shellcheck disable=SC2034 # the caller's
use_kernel() {
	local name=$1 own flavour
	own=$(dpkg --print-architecture)
	[[ $name = [a-z]*/* ]] || name=$own/$name
	IFS=/ read -r KERNEL_ARCH KERNEL_LINE flavour <<<"$name"
	KERNEL_OPTIONS=()
	unset MEMTOP_ARCH
	if [ "$KERNEL_ARCH" != "$own" ]; then
		export MEMTOP_ARCH=$KERNEL_ARCH
		KERNEL_OPTIONS+=(--guest-root "$(kernel/fetch-"$KERNEL_ARCH")"
			--env "BUILD=.output/$KERNEL_ARCH" --env "MEMTOP=.output/$KERNEL_ARCH/verity-memtop") || return
	fi
	export MEMTOP_LINE=$KERNEL_LINE
	KERNEL=$(kernel/fetch-kernel ${flavour:+--flavour "$flavour"})
}
