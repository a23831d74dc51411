#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every command that README.md and docs/ show in an indented block works. Where a fenced
# block with its output follows, the output is the same. README keeps to its size.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"
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

# ---- tasks of a newcomer ---------------------------------------------------------
# Each is done with the command that a page shows, and answered by its output.

page() {
	case $1 in
	*.[78]) sed 's/\\-/-/g; s/\\e$/\\/; s/\\(aq/'"'"'/g' "man/$1" ;;
	help-*) "$BUILD/plain/memtop-fixture" help "${1#help-}" ;;
	*) cat "$1" ;;
	esac
}
# task NAME PAGE SHOWN COMMAND... -- REGEX: PAGE has SHOWN, and COMMAND prints the answer
task() {
	local name=$1 shown=$2 text=$3 command=()
	shift 3
	while [ "$1" != -- ]; do
		command+=("$1")
		shift
	done
	ok "$name: $shown has '$text'" grep -qF -- "$text" <(page "$shown")
	like "$(PATH="$EXAMPLES_BIN:$PATH" LC_ALL=C "${command[@]}" 2>&1)" "$2" "... and the answer is found"
}
task "find the device with most bio vectors" verity-memtop-columns.7 'BIOVEC' \
	verity-memtop report --sort BIOVEC -o NAME,BIOVEC -- '^NAME +BIOVEC[[:space:]]+fec +256KiB'
task "add up a row" README.md 'RESERVED = CORE + RECHECK + HASH + FEC + OTHER' \
	bash -c 'verity-memtop report --replay tests/recordings/repairs --csv -o RESERVED,CORE,RECHECK,HASH,FEC,OTHER |
		awk -F, "NR > 1 && \$1 == \$2 + \$3 + \$4 + \$5 + \$6 { right++ } END { print right, NR - 1 }"' -- '^3 3$'
task "try it without root" README.md 'verity-memtop report --replay tests/recordings/repairs' \
	env -u MEMTOP_FIXTURE verity-memtop report --replay tests/recordings/repairs -- 'total \(3\) +598KiB'
task "set up the alerts" docs/monitoring.md 'rules.yml' \
	grep -c 'alert: ' monitoring/rules.yml -- '^[1-9]'
task "find out what status 3 of check means" verity-memtop-check.8 'the check itself failed' \
	bash -c 'verity-memtop check --replay /nosuch; echo "status $?"' -- 'UNKNOWN: .*status 3$'
task "list the samples of a recording" docs/record.md '--list-samples' \
	verity-memtop report --replay tests/recordings/deadlock --list-samples -- ' 2 -  +25s .*deadlock: bottom'
task "see what had happened up to a sample" verity-memtop-watch.8 'watch --sample 2' \
	verity-memtop watch --sample 2 --replay tests/recordings/deadlock -- 'deadlock: bottom'
task "find out what needs the modules" verity-memtop-columns.7 'These columns need the patched modules' \
	env MEMTOP_FACTS_MISSING=pool-events verity-memtop doctor -- 'pool-events +missing.*README.md'
task "name the holder in a deadlock" README.md 'verity-memtop watch --replay tests/recordings/deadlock' \
	verity-memtop watch --replay tests/recordings/deadlock -- 'held by kworker/1:1H\[83\] for top'
task "see what a change of the parameter saves" verity-memtop-advise.8 'verity-memtop diff' \
	bash -c 'cd "$1" && verity-memtop record before && verity-memtop diff before now && echo none' - "$TAP_TMP" -- 'none$'
task "find out why a value is a dash" verity-memtop-report.8 'A value can be unknown for these reasons:' \
	verity-memtop report -o NAME,KNOWN,UNKNOWN -- 'KNOWN UNKNOWN'

task "list the largest three devices as CSV" verity-memtop-report.8 'verity-memtop report --csv -s RESERVED -o NAME,RESERVED' \
	bash -c 'verity-memtop report --csv -s RESERVED -o NAME,RESERVED | head -n 4' -- $'^NAME,RESERVED\nfec,[0-9]+\n[^\n]+\n[^\n]+$'
task "choose the parameter and make it permanent" verity-memtop-advise.8 '/etc/modprobe.d/verity-memtop.conf' \
	verity-memtop advise -- '/etc/modprobe.d/verity-memtop.conf.*options dm_mod reserved_bio_based_ios=[0-9]+'
task "look at a time of the day" docs/record.md '--at 14:03' \
	bash -c 'cd "$1" && verity-memtop record day && verity-memtop report --replay day --at 23:59:59' - "$TAP_TMP" -- 'total \([0-9]+\)'
task "use the exit status in a script" verity-memtop-check.8 'verity-memtop check >/dev/null || echo "status $?"' \
	bash -c 'verity-memtop check --replay /nosuch >/dev/null || echo "status $?"' -- 'status 3$'
task "keep the modules over a kernel update" README.md 'and again for each new kernel' \
	cat packaging/dkms/lines -- '6\.12'

# ---- README ------------------------------------------------------------------

is_num "$(wc -l <README.md)" '<=' 120 "README has at most 120 lines"
is "$(head -n 24 README.md | LC_ALL=C.UTF-8 grep -nE '^.{81}')" "" "its first screen fits 80 columns"
for word in 'RESERVED = CORE + RECHECK + HASH + FEC + OTHER' BIOVEC 'Safe:' read-only --replay 'patched modules'; do
	ok "its first screen has: $word" grep -qF -- "$word" <(head -n 24 README.md)
done
ok "... and three commands" test "$(head -n 24 README.md | grep -c '^    verity-memtop')" = 3
for text in 'viewing is read-only' 'Only `bench` makes devices and writes to them' 'replaces three kernel modules' \
	'made on a kernel with an experimental patch' 'Linux gives each device its own page, and then the same steps did not deadlock'; do
	ok "README has: $text" grep -qF -- "$text" README.md
done
for command in 'make demo' 'make test'; do
	ok "it has: $command" grep -q "^    $command" README.md
done
is "$(grep -c '^<!-- /\?kernels -->$' README.md)" 2 "the table of kernels is marked"

# ---- links and pictures --------------------------------------------------------

for file in README.md CONTRIBUTING.md SECURITY.md docs/*.md kernel/README.md; do
	while read -r target; do
		ok "$file: its link leads to a file: $target" test -e "$(dirname "$file")/$target"
	done < <(grep -o '](\([^)#:]*\)[)#]' "$file" | sed 's/](//; s/[)#]$//' | grep . | sort -u)
done
for picture in docs/*.svg; do
	like "$(grep -hF -B 4 "](${picture#docs/})" docs/*.md)" $'(^|\n)\\*\\*[^\n]+\\*\\*\n' \
		"a page shows ${picture#docs/}, with a caption"
done

done_testing
