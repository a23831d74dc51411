#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Who may use what: data goes from collect to model to views, libraries are
# used where they belong, only views write to stdout, state is not global.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"

BUILD=${BUILD:-.output}

# nowhere PATTERN NAME PATH...: no line below PATHs matches
nowhere() {
	local pattern=$1 name=$2 found
	shift 2
	found=$(grep -rnE --include='*.[ch]' "$pattern" "$@")
	is "$found" "" "$name"
}

# outside DIRECTORY [PATH...]: the sources of the tool that are in none of them
outside() {
	local path
	local -a but=()
	for path; do
		but+=(! -path "cli/$path*")
	done
	find cli -name '*.[ch]' "${but[@]}"
}

# --- libraries ------------------------------------------------------------
# shellcheck disable=SC2046 # a word each
{
	nowhere '#include .*(bpf/|libdevmapper|linux/dm-ioctl|\.skel\.h)' \
		"only collect uses libbpf and libdevmapper, and of the bench what makes devices" \
		$(outside collect/ bench/devices.c)
	nowhere '#include .*libcryptsetup' "only the bench makes verity devices" \
		$(outside bench/crypt.h)
	nowhere '#include .*blkid' "one file looks at what is on devices" $(outside bench/backing.c)
	nowhere '#include .*libsmartcols' "only views use libsmartcols" $(outside views/)
	nowhere '#include .*json-c' "JSON is written and read by util" cli
	nowhere '#include <(n?curses|term|termios)' \
		"only one file knows the terminal" $(outside views/terminal)
	nowhere '"/(sys|proc)/' \
		"only collect reads /sys and /proc, of the bench what changes something there, and what gives a file its name" \
		$(outside collect/ bench/parameter.c bench/pressure.c serve/textfile.c)
	nowhere '\b(v?printf|puts|putchar) *\(|[(, ]stdout[,)]|STDOUT_FILENO' \
		"only views know stdout, and what gives another program one" \
		$(outside views/ bench/child.c)
}

# --- direction ------------------------------------------------------------
nowhere '#include "(model|collect|serve|views|fields|options)' \
	"util uses nothing of the others" cli/util
nowhere '#include "(collect|serve|views|fields|options|report)' \
	"the model uses util only" cli/model
nowhere '#include "(model|collect|views|fields|options|report)' \
	"who serves what was made knows nothing of it" cli/serve
# shellcheck disable=SC2046 # a word each
nowhere '#include <(microhttpd|systemd/)' \
	"libraries for services are used only there" $(outside serve)
# shellcheck disable=SC2046 # a word each
nowhere '\bdlopen\(' "one file loads libraries" $(outside util/library)
nowhere '#include "(views|fields|options|report)' \
	"collect uses the model's sample and util only" cli/collect
nowhere '#include "model/(snapshot|select|roles|quantity)' \
	"collect derives nothing" cli/collect
nowhere '#include ("collect/(collect|dm_|map_read|pool_s|slab_|sysfs_)|<bpf/|<libdev)' \
	"recordings are read and written, and copies of maps used, without a kernel" \
	cli/collect/record* cli/collect/*_maps.* cli/collect/map_copy.*
nowhere '#include "(collect|serve|report\.h)' "views do not collect, nor serve" cli/views
nowhere '#include "(views|collect|serve|options|report)' \
	"fields use the model and util" cli/fields.h cli/fields.c \
	cli/field_choice.c

nowhere '#include "(bench\.h|views|collect|options|report|fields|model/(snapshot|stack|select))' \
	"the bench's parts use the model's figures and util" cli/bench
# shellcheck disable=SC2046 # a word each
nowhere '#include "bench/' "only the command bench uses what changes the machine" \
	$(outside bench)

# --- state ----------------------------------------------------------------
# Objects in writable sections; .data.rel.ro is constant once loaded.
state=$(objdump -t "$BUILD"/plain/cli/*.o "$BUILD"/plain/cli/*/*.o |
	awk 'NF < 5 { next }
		$(NF - 2) ~ /^\.(data|bss|tdata|tbss)/ &&
		$(NF - 2) !~ /^\.data\.rel\.ro/ && / O / { print $NF }
		$(NF - 2) == "*COM*" { print $NF }' | LC_ALL=C sort | xargs)
is "$state" "alloc_handler msg_most stop_noted terminal_before" \
	"no writable variable but the level of messages, what is done without memory, and what signal handlers need"

# --- size -----------------------------------------------------------------
# A function fits a screen; the body's lines between "{" and "}" are counted.
# shellcheck disable=SC2046 # a word each
is "$(awk 'FNR == 1 { n = 0 }
	/^\{/ { n = 1; start = FNR; next }
	/^\}/ && n { if (FNR - start > 62) print FILENAME ":" start; n = 0 }' \
	$(find cli -name '*.c'))" "" "no function is longer than a screen"

# --- licence --------------------------------------------------------------
for file in $(git ls-files cli bpf tests kernel man Makefile .ci |
	grep -vE '(^|/)(golden|screens|recordings|metrics|patches|config|corpus)/|^tests/vm/splats$|\.(list|md|json|patch|config)$'); do
	head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0' ||
		lacking="${lacking:-} $file"
done
is "${lacking:-}" "" "each source names its licence"

done_testing
