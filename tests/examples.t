#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every command that README.md and docs/ show in an indented block works. Where a fenced
# block with its output follows, the output is the same. README keeps to its size.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/lib/tap.sh"
BUILD=${BUILD:-.output}
# shellcheck source=tests/lib/examples.sh
. tests/lib/examples.sh

# squeeze: text without its layout
squeeze() {
	tr -s ' \n' '  ' | sed 's/ $//'
}

# examples FILE: each command of an indented block, after "run ", and each fenced block
# that follows one, after "out "
examples() {
	awk '
		/^```/ { if (fenced) { if (command && block !~ /\[\.\.\.\]/) print "out " block; block = ""; command = 0 }
			fenced = !fenced; next }
		fenced { block = block " " $0; next }
		/^    / { sub(/^    /, ""); print "run " $0; command = 1; next }
		/./ { command = 0 }' "$1"
}

commands=0 outputs=0
for file in README.md docs/*.md kernel/README.md; do
	while read -r kind line; do
		case $kind$line in
		"runverity-memtop"*)
			example "$line" "$file"
			shown=$line
			commands=$((commands + 1))
			;;
		"runmake "*)
			target=${line%%  *} target=${target%% FRESH=*}
			# shellcheck disable=SC2086 # a word each
			ok "$file: $line" make -n ${target#make}
			;;
		"out"*)
			[ -n "${shown-}" ] || continue
			is "$(drawn "$shown" | squeeze)" "$(squeeze <<<"$line")" "$file: ... the output is as shown"
			outputs=$((outputs + 1))
			;;
		*) shown='' ;;
		esac
	done < <(examples "$file")
done
# the examples of the help texts
while read -r line; do
	example "${line//FILE/tests/recordings/deadlock}" help
	commands=$((commands + 1))
done < <(for command in report top record watch check advise diff bench doctor export help version; do
	"$BUILD/plain/memtop-fixture" help $command | sed -n '/^Examples:/,$s/^  verity-memtop/verity-memtop/p'
done)
is_num $commands '>' 40 "commands were found"
is_num $outputs '>=' 2 "outputs were found"

# ---- README ------------------------------------------------------------------

is_num "$(wc -l <README.md)" '<=' 120 "README has at most 120 lines"
is "$(head -n 24 README.md | LC_ALL=C.UTF-8 grep -nE '^.{81}')" "" "its first screen fits 80 columns"
for word in 'RESERVED = CORE + RECHECK + HASH + FEC + OTHER' BIOVEC 'Safe:' read-only --replay 'patched modules'; do
	ok "its first screen has: $word" grep -qF -- "$word" <(head -n 24 README.md)
done
ok "... and three commands" test "$(head -n 24 README.md | grep -c '^    verity-memtop')" = 3
for command in 'make demo' 'make test'; do
	ok "it has: $command" grep -q "^    $command" README.md
done
is "$(grep -c '^<!-- /\?kernels -->$' README.md)" 2 "the table of kernels is marked"
while read -r target; do
	ok "its link leads somewhere: $target" test -e "$target"
done < <(grep -o '](\([^)#]*\)' README.md | sed 's/](//')

done_testing
