# SPDX-License-Identifier: GPL-2.0-only
# Commands that must end. Source from bash, in the guest, after tests/lib/tap.sh.
#
#   ends_with STATUS NAME COMMAND...   passes if the command ends with a status that
#                                      this regular expression matches. If it does not
#                                      end, prints where in the kernel each of its tasks
#                                      waits. The command's output goes to the caller's
#                                      stdout.
#
# A command that hangs exceeds any limit, so the limit is far above the time that each
# needs on the slowest machine.
# shellcheck shell=bash

ENDS_LIMIT=900

_ends_show_stacks() {
	local task
	for task in $(pgrep -P "$1") "$1"; do
		diag "task $task: $(tr '\0' ' ' <"/proc/$task/cmdline")"
		diag "$(cat "/proc/$task/stack")"
	done
}

# Builtins only: in an emulated VM, a process that checks takes as long as the command
# that it checks. Nothing is ever written to the pipe.
exec {ENDS_NOTHING}<> <(:)
_ends_lives() {
	local key state
	while read -r key state _; do
		[ "$key" != State: ] || break
	done <"/proc/$1/status"
	[ "$key" = State: ] && [ "$state" != Z ]
} 2>/dev/null

ends_with() {
	local wanted=$1 name=$2 pid status=0 end=$((SECONDS + ENDS_LIMIT))
	shift 2
	"$@" </dev/null 2>"$TAP_TMP/ends-err" &
	pid=$!
	while _ends_lives $pid; do
		if [ "$SECONDS" -ge "$end" ]; then
			fail "$name: it ends" >&"$ENDS_OUT"
			_ends_show_stacks $pid >&"$ENDS_OUT"
			kill -KILL $pid
			return
		fi
		read -r -t 0.1 -u "$ENDS_NOTHING"
	done
	wait $pid || status=$?
	ERR=$(cat "$TAP_TMP/ends-err")
	like "$status" "^$wanted\$" "$name" >&"$ENDS_OUT"
	[[ $status =~ ^$wanted$ ]] || diag "$ERR"
}

# results go to the descriptor that is not the commands' output
exec {ENDS_OUT}>&1
