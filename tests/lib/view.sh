# SPDX-License-Identifier: GPL-2.0-only
# Runs the live view on a terminal of tmux, for tests that have sourced tap.sh. Commands
# go to one tmux client over a pipe, so reading a screen starts no process.
#
#   view SIZE COMMAND...       runs it on a new terminal of COLUMNSxLINES; what it
#                              writes to stderr goes to $TAP_TMP/stderr. VIEW_TERM, if it
#                              is set, is TERM there; MEMTOP_*, LC_ALL and NO_COLOR are
#                              passed on
#   keys KEY...                sends them, with the arguments of send-keys; keys -l
#                              TEXT, keys -H BYTE...
#   screen                     stores the screen in $SCREEN
#   shows REGEX NAME           passes if the screen soon matches
#   hides REGEX NAME           ... if it soon does not match
#   is_at WORD NAME            ... if the cursor's line soon begins with this name;
#                              without colours the cursor is reversed
#   looks_like FILE NAME       ... if the screen soon equals tests/screens/FILE.
#                              GOLDEN_UPDATE=1 writes the file
#   resize SIZE                resizes the terminal
#   hang_up                    closes the terminal
#   ended STATUS NAME          passes if the command soon ends with that status
# shellcheck shell=bash

SCREEN=''
VIEW_ANSWER=''
export TMUX_TMPDIR=$TAP_TMP
unset TMUX

# mux ARGUMENT...: runs a tmux command; its output is in $VIEW_ANSWER
mux() {
	local line='' word
	for word; do
		line+="'${word//\'/\'\\\'\'}' "
	done
	printf '%s\n' "$line" >&"${VIEW_MUX[1]}" || return
	mux_answer
}

mux_answer() {
	local line
	while IFS= read -r line <&"${VIEW_MUX[0]}"; do
		case $line in
		'%begin '*) VIEW_ANSWER='' ;;
		'%end '*) return 0 ;;
		'%error '*) return 1 ;;
		'%output '* | '%session'* | '%window'* | '%unlinked'* | '%layout'*) ;;
		*) VIEW_ANSWER+=$line$'\n' ;;
		esac
	done
	return 1
}

mux_begin() {
	coproc VIEW_MUX { exec tmux -L screens -f /dev/null -C new-session -s base 'exec sleep 100000' 2>&1; }
	mux_answer || bail "tmux does not start: $VIEW_ANSWER"
	trap 'mux_end; tap_exit $?' EXIT
}

mux_end() {
	local status=$?
	mux kill-server >/dev/null 2>&1
	return $status
}

view() {
	local size=$1 name
	shift
	[ -n "${VIEW_MUX_PID:-}" ] || mux_begin
	mux kill-session -t =view
	rm -f "$TAP_TMP/status" "$TAP_TMP/stderr"
	{
		# the server's variables are those of its start
		for name in "${!MEMTOP_@}" LC_ALL NO_COLOR; do
			if [ -n "${!name+set}" ]; then
				printf 'export %s=%q\n' "$name" "${!name}"
			else
				echo "unset $name"
			fi
		done
		[ -z "${VIEW_TERM:-}" ] || printf 'export TERM=%q\n' "$VIEW_TERM"
		printf 'cd %q\n' "$PWD"
		# the signal is caught rather than ignored, because the command would
		# inherit that
		echo "trap : HUP"
		printf '%q ' "$@"
		printf '2>%q\n' "$TAP_TMP/stderr"
		printf 'echo $? >%q\nmv %q %q\nexec sleep 100000\n' "$TAP_TMP/ends" "$TAP_TMP/ends" "$TAP_TMP/status"
	} >"$TAP_TMP/command"
	mux new-session -d -s view -x "${size%x*}" -y "${size#*x}" "exec bash '$TAP_TMP/command'" ||
		bail "tmux: $VIEW_ANSWER"
}

keys() {
	mux send-keys -t =view: "$@"
}

resize() {
	mux resize-window -t =view: -x "${1%x*}" -y "${1#*x}"
}

hang_up() {
	mux kill-session -t =view
}

screen() {
	SCREEN=''
	mux capture-pane -p "$@" -t =view: && SCREEN=$VIEW_ANSWER
}

view_has() { screen && [[ $SCREEN =~ $1 ]]; }
view_lacks() { screen && [[ ! $SCREEN =~ $1 ]]; }

shows() {
	if comes_true view_has "$1"; then
		pass "$2"
	else
		fail "$2"
		diag "no match for $1 in:" "$SCREEN"
	fi
}

hides() {
	if comes_true view_lacks "$1"; then
		pass "$2"
	else
		fail "$2"
		diag "$1 is in:" "$SCREEN"
	fi
}

# The last line whose first character is reversed, in $VIEW_LINE.
view_cursor() {
	local line rest reversed='' sgr=$'\e\\[([0-9;]*)m'
	VIEW_LINE=''
	screen -e
	while IFS= read -r line; do
		rest=$line
		while [[ $rest =~ ^$sgr ]]; do
			rest=${rest#*m}
			view_reverse "${BASH_REMATCH[1]}"
		done
		[[ -z $reversed || -z $rest ]] || VIEW_LINE=$rest
		while [[ $rest =~ $sgr ]]; do
			rest=${rest#*"${BASH_REMATCH[0]}"}
			view_reverse "${BASH_REMATCH[1]}"
		done
	done <<<"$SCREEN"
}

# Updates $reversed by these escape codes.
view_reverse() {
	local code codes=${1:-0}
	for code in ${codes//;/ }; do
		case $code in
		0 | 27) reversed='' ;;
		7) reversed=1 ;;
		esac
	done
}

view_at() {
	view_cursor
	[[ $VIEW_LINE =~ ^[\ +]*([│├└]|─)*[\ +]*([^\ $'\e']+) && ${BASH_REMATCH[2]} = "$1" ]]
}

is_at() {
	if comes_true view_at "$1"; then
		pass "$2"
	else
		fail "$2"
		screen
		diag "wanted $1 in:" "$SCREEN"
	fi
}

view_is() {
	screen && [ "$SCREEN" = "$VIEW_WANTED" ]
}

looks_like() {
	local file=tests/screens/$1
	if [ -n "${GOLDEN_UPDATE:-}" ]; then
		sleep 2
		screen
		printf '%s' "$SCREEN" >"$file"
	fi
	VIEW_WANTED=$(cat "$file" && echo .)
	VIEW_WANTED=${VIEW_WANTED%.}
	if comes_true view_is; then
		pass "$2"
	else
		fail "$2"
		diag "$(diff -u "$file" - <<<"${SCREEN%$'\n'}")"
	fi
}

ended() {
	comes_true test -e "$TAP_TMP/status"
	is "$(cat "$TAP_TMP/status" 2>&1)" "$1" "$2"
}
