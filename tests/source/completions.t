#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The generated files match the catalogue of options, as "make options" writes them, and
# bash, zsh and fish complete with them: commands, options of a command, values.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}

# ---- generated from the catalogue --------------------------------------------

"$BUILD/print-options" >"$TAP_TMP/catalogue"
is_num "$(grep -c '^command' "$TAP_TMP/catalogue")" '>=' 11 "commands are in the catalogue"
ok "the files are written" completions/generate "$TAP_TMP/catalogue" "$TAP_TMP"
for file in completions/verity-memtop.{bash,zsh,fish} man/*.8; do
	ok "$file is as 'make options' writes it" diff -u "$file" "$TAP_TMP/$file"
done
sed 's/^option\tjobs\t/option\tworkers\t/' "$TAP_TMP/catalogue" >"$TAP_TMP/other"
not_ok "an option without a text is refused" completions/generate "$TAP_TMP/other" "$TAP_TMP/refused"

# ---- shells ------------------------------------------------------------------

mkdir "$TAP_TMP/bin" "$TAP_TMP/functions"
ln -s "$PWD/$BUILD/plain/memtop-fixture" "$TAP_TMP/bin/verity-memtop"
cp completions/verity-memtop.zsh "$TAP_TMP/functions/_verity-memtop"
export PATH="$TAP_TMP/bin:$PATH" HOME=$TAP_TMP LC_ALL=C.UTF-8
echo >"$TAP_TMP/a-recording"

# in_bash WORD...: what bash offers for the last word, one a line
in_bash() {
	# shellcheck disable=SC2016 # for the other shell
	(cd "$TAP_TMP" && bash --norc -c '. "$1"; shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		compopt() { :; } # this has no effect outside of a completion
		_verity_memtop && printf "%s\n" "${COMPREPLY[@]}"' bash "$OLDPWD/completions/verity-memtop.bash" "$@")
}

in_fish() {
	# shellcheck disable=SC2016 # for the other shell
	(cd "$TAP_TMP" && fish --no-config -c 'source $argv[1]; complete -C "$argv[2..]"' \
		"$OLDPWD/completions/verity-memtop.fish" "$@" | cut -f1)
}

# In a separate terminal: prints the list that the tabulator key shows. The
# limit is for a broken test, not for slow machines.
in_zsh() {
	local server=completions-$BASHPID
	(cd "$TAP_TMP" && tmux -f /dev/null -L "$server" new-session -d -x 200 -y 60 \
		"zsh -f -i") || return
	tmux -L "$server" send-keys "fpath=('$TAP_TMP/functions' \$fpath); PS1='% '; autoload -Uz compinit; compinit -u -D; zstyle ':completion:*' menu no; setopt no_auto_menu; LISTMAX=1000; clear; echo begin" Enter
	until grep -q '^begin' <(tmux -L "$server" capture-pane -p); do sleep 0.05; done
	tmux -L "$server" send-keys "$*"
	for _ in {1..1000}; do
		# a key that arrives while zsh is busy may list nothing
		tmux -L "$server" send-keys Tab
		sleep 0.3
		tmux -L "$server" capture-pane -p >"$TAP_TMP/screen"
		grep -qE -- "$WANTED" "$TAP_TMP/screen" && break
	done
	tmux -L "$server" kill-server
	cat "$TAP_TMP/screen"
}

# offers SHELL NAME WANTED UNWANTED WORD...
offers() {
	local shell=$1 name=$2 WANTED=$3 unwanted=$4 got
	shift 4
	got=$("in_$shell" "$@")
	like "$got" "$WANTED" "$shell: $name"
	[ -n "$unwanted" ] || return
	not_ok "$shell: ... and nothing else" grep -qE -- "$unwanted" <<<"$got"
}

for shell in bash fish zsh; do
	ok "$shell reads its file" "$shell" -n "completions/verity-memtop.$shell"
	offers $shell "commands" '(^|[^a-z])report' '^bench' verity-memtop re
	offers $shell "options of a command" '--min-verdict' '--pools' verity-memtop watch --
	offers $shell "words that an option takes" possible_deadlock 'deadlocks' verity-memtop watch --min-verdict ''
	offers $shell "columns" '(^|[^A-Z_])RECHECK' '(^|[^A-Z])NAME' verity-memtop report --columns REC
	offers $shell "files" a-recording '' verity-memtop report --replay a-
	offers $shell "commands to explain" doctor '' verity-memtop help 'do'
done
is "$(in_bash verity-memtop --re)" "--replay" "bash: without a command, options of report"
is "$(in_bash verity-memtop report -o NAME,RECHECK_B)" "NAME,RECHECK_BVEC" "bash: another column of a list"
is "$(in_bash verity-memtop report --source = s)" "stock" "bash: a value after an equals sign"

done_testing
