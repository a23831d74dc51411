#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What each source file keeps to: constant data, functions that fit a screen, a guard of
# its own, a licence.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}

# --- state ----------------------------------------------------------------
# Objects in writable sections; .data.rel.ro is constant once loaded.
state=$(find cli -name "*.c" | sed "s|^|$BUILD/plain/|; s|c$|o|" | xargs objdump -t |
	awk 'NF < 5 { next }
		$(NF - 2) ~ /^\.(data|bss|tdata|tbss)/ &&
		$(NF - 2) !~ /^\.data\.rel\.ro/ && / O / { print $NF }
		$(NF - 2) == "*COM*" { print $NF }' | LC_ALL=C sort | xargs)
is "$state" "alloc_handler msg_most stop_noted terminal_before" \
	"writable variables are for the level of messages, work without memory, and signal handlers"

# --- size -----------------------------------------------------------------
# A function fits a screen; the body's lines between "{" and "}" are counted.
# shellcheck disable=SC2046 # a word each
is "$(awk 'FNR == 1 { n = 0 }
	/^\{/ { n = 1; start = FNR; next }
	/^\}/ && n { if (FNR - start > 62) print FILENAME ":" start; n = 0 }' \
	$(find cli -name '*.c'))" "" "no function is longer than a screen"

# --- headers --------------------------------------------------------------
is "$(git ls-files '*.h' | grep -v '^vmlinux-headers/' | xargs sed -nE 's/^#ifndef ([A-Z0-9_]+_H)$/\1/p' | sort | uniq -d)" "" \
	"no two headers have the same guard"

# --- licence --------------------------------------------------------------
for file in $(git ls-files cli bpf tests kernel man Makefile .ci |
	grep -vE '(^|/)(golden|screens|recordings|metrics|patches|config|corpus)/|^tests/vm/splats$|\.(list|md|json|patch|config)$'); do
	head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0' ||
		lacking="${lacking:-} $file"
done
is "${lacking:-}" "" "each source names its licence"

done_testing
