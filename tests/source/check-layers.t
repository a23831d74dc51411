#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Which folder of cli/ may use which, where libraries are used, which files write to
# stdout.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}

# nowhere PATTERN NAME [EXCEPT...]: no source outside of cli/EXCEPT has such a line
nowhere() {
	local pattern=$1 name=$2 path
	local -a but=()
	shift 2
	for path; do
		but+=(! -path "cli/$path*")
	done
	is "$(find cli -name '*.[ch]' "${but[@]}" -exec grep -nE "$pattern" /dev/null {} +)" "" "$name"
}

# --- direction ------------------------------------------------------------
# Each folder, and the others that it may use.
declare -A uses=(
	[base]='' [system]='base' [sample]='base'
	[recording]='base system sample' [decode]='base sample'
	[kernel]='base system sample decode'
	[stall]='base sample' [model]='base sample stall' [fields]='base sample model'
	[options]='base sample stall model'
	[stream]='base system sample recording kernel stall model options'
	[bench]='base system sample model options stream'
	[views]='base system sample stall model fields options'
	[top]='base system sample stall model fields views'
	[commands]='base system sample recording kernel stall model fields bench options stream views top'
)
for folder in cli/*/; do
	folder=$(basename "$folder")
	may=" ${uses[$folder]-nothing} $folder "
	bad=$(grep -rnoE --include='*.[ch]' '#include "[a-z]+/' "cli/$folder" |
		while IFS=: read -r file line what; do
			what=${what#*\"}
			[[ $may == *" ${what%/} "* ]] || echo "$file:$line uses $what"
		done)
	is "$bad" "" "$folder uses${uses[$folder]:+ }${uses[$folder]-: it is not known here}"
done
nowhere '#include "bench/' "only the command bench uses what changes the machine" \
	bench/ commands/bench.c

# Pairs of files of which the first uses the second: by #include, where a file and its
# header count as one, and by symbols, because several files may share a header.
includes() {
	grep -roE '#include "[a-z]+/[a-z0-9_]+' cli |
		sed -nE 's|^cli/(.*)\.[ch]:#include "(.*)|\1 \2|p'
}
calls() {
	find cli -name '*.c' | sed "s|^|$BUILD/plain/|; s|c$|o|" | xargs nm -PA |
		sed "s|^$BUILD/plain/cli/||; s|\.o: | |" |
		awk '{ symbol[NR] = $2; file[NR] = $1; wanted[NR] = $3 == "U" }
			$3 ~ /^[A-TV-Z]$/ { from[$2] = $1 }
			END { for (i = 1; i <= NR; i++)
				if (wanted[i] && symbol[i] in from) print file[i], from[symbol[i]] }'
}
for way in includes calls; do
	is "$("$way" | sort -u | tsort 2>&1 >/dev/null | sed 's/^tsort: //' | xargs)" "" \
		"by its $way no file uses one that uses it"
done

nowhere '\b(collector_(open|read|renew|close|read_stacks)|record_(open|read|close)) *\(' \
	"samples come from the stream" stream/stream. kernel/ recording/record
nowhere '"(tracepoints|stock|decode)"' "the words of a sample's enums are in one table" \
	sample/words

# --- libraries ------------------------------------------------------------
nowhere '#include .*(bpf/|\.skel\.h)' "only kernel/ uses libbpf" kernel/
nowhere '#include .*linux/dm-ioctl' "only kernel/ queries device-mapper; the bench has the directory of its nodes" \
	kernel/dm_ bench/devices.c
nowhere '#include .*libdevmapper' "only the bench makes snapshots" bench/devmapper.h
nowhere '#include .*libcryptsetup' "only the bench makes verity devices" bench/crypt.h
nowhere '#include <blkid' "only the bench searches devices for signatures" bench/blkid.h
nowhere '#include .*json-c' "JSON is written and read by base/"
nowhere '#include <(n?curses|term|termios)' "only one file knows the terminal" top/terminal
nowhere '#include <(microhttpd|systemd/)' "libraries for services are used only there" system/
nowhere '\bdlopen\(' "one file loads libraries" system/library
nowhere '"/(sys|proc)/' \
	"only kernel/ reads /sys and /proc, and what changes something there, resolves a path or names a file" \
	kernel/ stream/device_path bench/parameter.c bench/pressure.c system/textfile.c
nowhere '\b(v?printf|puts|putchar) *\(|[(, ]stdout[,)]|STDOUT_FILENO' \
	"only views and the terminal know stdout, a recording written there, and what gives another program one" \
	views/ top/terminal recording/file.c bench/child.c

done_testing
