# SPDX-License-Identifier: GPL-2.0-only
# Test helpers that print TAP for prove. Source from bash, end with done_testing.
#
#   ok NAME COMMAND...         passes if the command succeeds
#   not_ok NAME COMMAND...     passes if it fails (with a status below 120)
#   status_is WANT NAME COMMAND...   its exit status; leaves stdout in $OUT,
#                              stderr in $ERR
#   refuses STATUS REGEX ARGUMENT...   passes if $TOOL fails with this status and
#                                      message and prints nothing on stdout
#   is GOT WANT NAME           equal strings
#   isnt GOT UNWANTED NAME
#   is_num GOT OP WANT NAME    integers; OP is one of == != < <= > >=
#   like GOT REGEX NAME        extended regular expression
#   unlike GOT REGEX NAME
#   pass NAME, fail NAME, diag TEXT, bail TEXT
#   done_testing               plan and exit status; a script that ends before
#                              has failed
#   background COMMAND...      runs it in the background, as $!, with no signal ignored
#                              (a shell would make it ignore SIGINT)
#   comes_true COMMAND...      repeats it until it succeeds, for TAP_PATIENCE seconds at
#                              most: a limit for a broken test, not for slow machines.
#                              After it was reached once, the limit is a minute
#
# A NAME that begins with "...", or with a word such as "and", continues the one before
# it, which is printed in front of it, so that a failed test's line alone is clear.
#
# Source it by its path ("$(dirname "$0")/lib/tap.sh"). It changes to the top of the
# tree, and restarts a .t file in the environment that tests/lib/steady sets up.
# shellcheck shell=bash

unset CDPATH
TAP_SELF=$0
[ -e "$TAP_SELF" ] || TAP_SELF=$OLDPWD/$0 # the directory was changed already
TAP_SELF=$(realpath -- "$TAP_SELF")
cd "${BASH_SOURCE[0]%/*}/../.." || exit 1
case $TAP_SELF in
*.t) [ "${STEADY_PID:-}" = $$ ] || exec tests/lib/steady "$BASH" "$TAP_SELF" "$@" ;;
esac

TAP_PATIENCE=${TAP_PATIENCE:-900}
TAP_COUNT=0
TAP_FAILED=0
TAP_DONE=
TAP_SUBJECT="" TAP_NAME=""
OUT='' ERR=''
TAP_TMP=$(mktemp -d)
trap 'tap_exit $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

tap_exit() {
	rm -rf "$TAP_TMP"
	[ -z "$TAP_DONE" ] || exit "$1"
	diag "the script ended (status $1) after $TAP_COUNT tests, before done_testing"
	[ "$1" != 0 ] || exit 1
	exit "$1"
}

diag() {
	printf '%s\n' "$*" | sed 's/^/# /' >&2
}

# The name of a test with that of the test which it continues, in $TAP_NAME.
tap_name() {
	case $1 in
	"... "*) TAP_NAME="$TAP_SUBJECT $1" ;;
	and\ * | or\ * | nor\ * | but\ * | not\ * | is\ * | are\ * | has\ * | names\ * | prints\ * | \
		with\ * | without\ * | it\ * | they\ * | that\ * | which\ * | for\ * | of\ *)
		TAP_NAME="$TAP_SUBJECT ... $1"
		;;
	*)
		TAP_SUBJECT=$1
		TAP_NAME=$1
		;;
	esac
}

pass() {
	TAP_COUNT=$((TAP_COUNT + 1))
	tap_name "$1"
	printf 'ok %d - %s\n' "$TAP_COUNT" "${TAP_NAME//#/\\#}"
}

fail() {
	TAP_COUNT=$((TAP_COUNT + 1))
	TAP_FAILED=$((TAP_FAILED + 1))
	tap_name "$1"
	printf 'not ok %d - %s\n' "$TAP_COUNT" "${TAP_NAME//#/\\#}"
	local frame=0
	while [[ ${BASH_SOURCE[frame]} == */tap.sh ]]; do
		frame=$((frame + 1))
	done
	diag "failed: $TAP_NAME (${BASH_SOURCE[frame]} line ${BASH_LINENO[frame - 1]})"
}

bail() {
	printf 'Bail out! %s\n' "$*"
	exit 1
}

tap_run() {
	TAP_STATUS=0
	"$@" >"$TAP_TMP/out" 2>"$TAP_TMP/err" || TAP_STATUS=$?
	OUT=$(tr -d '\0' <"$TAP_TMP/out")
	ERR=$(tr -d '\0' <"$TAP_TMP/err")
}

tap_show() {
	[ -z "$OUT" ] || diag "$(printf 'stdout: %s\n' "$OUT" | tail -n 40)"
	[ -z "$ERR" ] || diag "$(printf 'stderr: %s\n' "$ERR" | tail -n 40)"
}

ok() {
	local name=$1
	shift
	tap_run "$@"
	if [ "$TAP_STATUS" = 0 ]; then
		pass "$name"
	else
		fail "$name"
		diag "status $TAP_STATUS: $*"
		tap_show
	fi
}

not_ok() {
	local name=$1
	shift
	tap_run "$@"
	# a missing, killed or lost command is not the expected failure
	if [ "$TAP_STATUS" != 0 ] && [ "$TAP_STATUS" -lt 120 ]; then
		pass "$name"
	else
		fail "$name"
		diag "status $TAP_STATUS: $*"
		tap_show
	fi
}

status_is() {
	local want=$1 name=$2
	shift 2
	tap_run "$@"
	if [ "$TAP_STATUS" = "$want" ]; then
		pass "$name"
	else
		fail "$name"
		diag "status $TAP_STATUS, wanted $want: $*"
		tap_show
	fi
}

is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3"
		diag "got:    $1"
		diag "wanted: $2"
	fi
}

isnt() {
	if [ "$1" != "$2" ]; then
		pass "$3"
	else
		fail "$3"
		diag "got what should not be: $1"
	fi
}

is_num() {
	local op
	case $2 in
	==) op=-eq ;; !=) op=-ne ;; '<') op=-lt ;; '<=') op=-le ;; '>') op=-gt ;; '>=') op=-ge ;;
	*) bail "is_num does not know '$2'" ;;
	esac
	if [[ $1 =~ ^-?[0-9]+$ && $3 =~ ^-?[0-9]+$ ]] && test "$1" "$op" "$3"; then
		pass "$4"
	else
		fail "$4"
		diag "got:    $1"
		diag "wanted: $2 $3"
	fi
}

like() {
	if [[ $1 =~ $2 ]]; then
		pass "$3"
	else
		fail "$3"
		diag "got:            $1"
		diag "does not match: $2"
	fi
}

unlike() {
	if [[ ! $1 =~ $2 ]]; then
		pass "$3"
	else
		fail "$3"
		diag "got:     $1"
		diag "matches: $2"
	fi
}

background() {
	env --default-signal "$@" &
}

comes_true() {
	local end=$((SECONDS + TAP_PATIENCE))
	# for pauses that start no process
	[ -n "${TAP_PAUSE:-}" ] || { mkfifo "$TAP_TMP/pause" && exec {TAP_PAUSE}<>"$TAP_TMP/pause"; } ||
		bail "no pipe to pause on"
	while ! "$@"; do
		if [ "$SECONDS" -ge "$end" ]; then
			[ "$TAP_PATIENCE" -lt 60 ] || TAP_PATIENCE=60
			return 1
		fi
		read -r -t 0.05 -u "$TAP_PAUSE"
	done
	return 0
}

refuses() {
	local status=$1 message=$2
	shift 2
	status_is "$status" "'$*' exits with $status" "$TOOL" "$@"
	is "$OUT" "" "'$*' leaves stdout empty"
	like "$ERR" "$message" "'$*' prints the reason"
}

done_testing() {
	TAP_DONE=1
	printf '1..%d\n' "$TAP_COUNT"
	[ "$TAP_COUNT" -gt 0 ] || diag "no test was run"
	[ "$TAP_COUNT" -gt 0 ] && [ "$TAP_FAILED" = 0 ]
	exit
}
