# SPDX-License-Identifier: GPL-2.0-only
# What a command costs on a recording. Source from bash, with the program in $TOOL.
# shellcheck shell=bash

# count COMMAND...: how many instructions it executes, in all of its processes; cachegrind
# without a cache takes a third of callgrind's time
count() {
	valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
		awk '/ I +refs: / { gsub(",", "", $NF); nr += $NF } END { printf "%.0f\n", nr }'
}

# instructions RECORDING WORD...: how many a command of the tool executes
instructions() {
	count "$TOOL" "${@:2}" --replay "$1"
}

# memory RECORDING WORD...: the peak memory of a command, in bytes
memory() {
	python3 -c 'import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)' "$TOOL" "${@:2}" --replay "$1"
}
