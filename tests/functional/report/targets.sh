# SPDX-License-Identifier: GPL-2.0-only
# The reserves of each target type, on an unmodified Debian kernel. Sourced by
# targets*.t and by tests/vm/targets.
# shellcheck shell=bash
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../../.."

# targets_on LINE [DIRECTORY]: leaves the table of the page in DIRECTORY
targets_on() {
	local kernel
	local -a options=()
	kernel=$(MEMTOP_LINE=$1 kernel/fetch-kernel)
	[ -z "${2-}" ] || options+=(--out "$2")
	# 6.1 knows only the second name of the option
	tests/vm/run --kernel "$kernel" --mem 1536 --timeout 1800 --append "slab_nomerge slab_debug=F slub_debug=F" \
		"${options[@]}" --env SOURCE=stock -- bash tests/functional/report/targets.guest
}
