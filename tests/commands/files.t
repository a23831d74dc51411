#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The files that the tool writes: complete whenever it is killed or the disk is full, no
# temporary file left, no symbolic link of others followed, readable only by their
# owner.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/asan/memtop-fixture
# the build that can take a preloaded library
PLAIN=$BUILD/plain/memtop-fixture
FAIL=$BUILD/fail.so
export MEMTOP_FIXTURE=traced
umask 022

# with VARIABLE=VALUE... -- ARGUMENT...: runs the tool, in which one call fails
with() {
	local variables=()
	while [ "$1" != -- ]; do
		variables+=("$1")
		shift
	done
	shift
	# in a separate shell, which prints that the tool was killed
	bash -c '"$@"; exit' - env "${variables[@]}" LD_PRELOAD="$FAIL" "$PLAIN" "$@" 2>"$TAP_TMP/stderr"
}
names() {
	(cd "$1" && find . -mindepth 1 | LC_ALL=C sort | sed 's:^\./::' | xargs)
}

# --- metrics in a file, killed before each of its calls ---------------------------
DIR=$TAP_TMP/textfile
PROM=$DIR/memtop.prom
LAST=dmverity_exporter_build_info
for no_tmpfile in "" 1; do
	how=${no_tmpfile:+, without files that have no name}
	kills=0 wrong='' left=0
	for ((call = 1; call < 100; call++)); do
		rm -rf "$DIR"
		mkdir "$DIR"
		echo old >"$PROM"
		with ${no_tmpfile:+FAIL_NO_TMPFILE=1} KILL_CALL=$call -- export --textfile "$PROM"
		status=$?
		[ $status != 0 ] || break
		[ $status = 137 ] || wrong+=" $call: status $status"
		kills=$((kills + 1))
		[ "$(cat "$PROM")" = old ] || wrong+=" $call: not old"
		[ "$(names "$DIR")" = memtop.prom ] || left=$((left + 1))
		# readers of the directory select *.prom
		[ "$(cd "$DIR" && echo *)" = memtop.prom ] || wrong+=" $call: a second file"
		"$PLAIN" export --textfile "$PROM" || wrong+=" $call: not written"
		grep -q "^$LAST" "$PROM" || wrong+=" $call: not replaced"
		[ "$(names "$DIR")" = memtop.prom ] || wrong+=" $call: $(names "$DIR") are left"
	done
	is "$wrong" "" "killed anywhere, the file is the old one, and the next run leaves nothing else$how"
	is_num $kills '>=' 5 "... before each of $kills calls$how"
	if [ -z "$no_tmpfile" ]; then
		is_num $left '<=' 1 "... and once at most there is a file for the next run to remove"
	fi
done

# Only leftovers are removed: our own by their name, and no longer being written.
rm -rf "$DIR"
mkdir "$DIR"
touch "$DIR/.verity-memtop-0123abcd.tmp" "$DIR/.verity-memtop-feedbeef.tmp" \
	"$DIR/.verity-memtop-0123abc.tmp" "$DIR/.verity-memtop-0123abcd.tmp~" \
	"$DIR/memtop.prom.backup" "$DIR/.verity-memtop-0123ABCD.tmp"
ln -s none "$DIR/.verity-memtop-00000000.tmp"
mkfifo "$DIR/.verity-memtop-00000001.tmp"
exec {lock}>"$DIR/.verity-memtop-feedbeef.tmp"
ok "(a file that is being written)" flock "$lock"
ok "a run in a directory of other files" "$TOOL" export --textfile "$PROM"
is "$(names "$DIR")" ".verity-memtop-00000000.tmp .verity-memtop-00000001.tmp .verity-memtop-0123ABCD.tmp .verity-memtop-0123abc.tmp .verity-memtop-0123abcd.tmp~ .verity-memtop-feedbeef.tmp memtop.prom memtop.prom.backup" \
	"... removes the one that no process writes"
exec {lock}>&-
ok "when it is given up" "$TOOL" export --textfile "$PROM"
not_ok "... the other one goes, too" test -e "$DIR/.verity-memtop-feedbeef.tmp"

# --- a full disk ----------------------------------------------------------------
for no_tmpfile in "" 1; do
	rm -rf "$DIR"
	mkdir "$DIR"
	echo old >"$PROM"
	with ${no_tmpfile:+FAIL_NO_TMPFILE=1} FAIL_WRITE=1 -- export --textfile "$PROM"
	is $? 1 "metrics on a disk that is full"
	like "$(cat "$TAP_TMP/stderr")" "cannot write .*memtop.prom: No space left on device" "... with the reason"
	is "$(cat "$PROM"; names "$DIR")" "old
memtop.prom" "... and leave the old file, and nothing else"
done

REC=$TAP_TMP/rec
"$PLAIN" record --format json -n 3 -d 0 "$TAP_TMP/whole"
for sample in 1 2 3; do
	rm -f "$REC"
	with FAIL_WRITE=$sample -- record --format json -n 3 -d 0 "$REC"
	is $? 1 "a disk that is full in sample $sample of a recording"
	like "$(cat "$TAP_TMP/stderr")" "cannot write $REC: No space left on device" "... is reported"
	if [ $sample = 1 ]; then
		not_ok "... no file stays" test -e "$REC"
		continue
	fi
	ok "... the samples before it are there" cmp "$REC" <(head -n $sample "$TAP_TMP/whole")
	ok "... and can be read" "$TOOL" report --replay "$REC"
	is "$ERR" "" "... without a word"
done
# without a handler, the signal for a file that is too large would end it in the middle
for kib in 1 32 33 63 100; do
	rm -f "$REC"
	(ulimit -f $kib && exec "$PLAIN" record --format json -n 0 -d 0 "$REC") 2>"$TAP_TMP/stderr"
	is $? 1 "a recording that may have $kib KiB"
	like "$(cat "$TAP_TMP/stderr")" "cannot write $REC: File too large" "... is reported"
	[ -e "$REC" ] || continue
	ok "... keeps its whole samples" "$TOOL" report --replay "$REC"
	is "$ERR" "" "... and no part of another one"
done
is_num "$(wc -l <"$REC")" '>' 2 "... of which there are some"
(ulimit -f 1 && MEMTOP_FIXTURE=demo exec "$PLAIN" report >"$TAP_TMP/report") 2>"$TAP_TMP/stderr"
is $? 1 "a report that is too large for its file"
like "$(cat "$TAP_TMP/stderr")" "cannot write to stdout: File too large" "... with a message that names the reason"

# --- stdout that cannot be written to -------------------------------------------
MEMTOP_FIXTURE=demo
PIPE=$TAP_TMP/pipe GONE=$TAP_TMP/gone
mkfifo "$PIPE" "$GONE"
for command in report "report --json" "report --csv" "report --tree" "report --list-columns" advise \
	"advise --json" doctor "doctor --json" "record -" "export --textfile -" "top --batch -n 1" \
	"watch --json --replay tests/recordings/deadlock" "watch --replay tests/recordings/deadlock" \
	help version "report --help"; do
	read -ra words <<<"$command"
	"$TOOL" "${words[@]}" >/dev/full 2>"$TAP_TMP/stderr"
	is $? 1 "'$command' on a disk that is full"
	is "$(tail -n 1 "$TAP_TMP/stderr")" "verity-memtop: cannot write to stdout: No space left on device" "... with a message that names the reason"
	"$TOOL" "${words[@]}" >&- 2>"$TAP_TMP/stderr"
	is $? 1 "'$command' without a stdout"
	is "$(tail -n 1 "$TAP_TMP/stderr")" "verity-memtop: cannot write to stdout: Bad file descriptor" "... with a message that names the reason"
	# a pipe whose reader closed it before anything was written
	bash -c 'exec 3>"$0"; read -r <"$1"; "${@:2}" >&3' "$PIPE" "$GONE" "$TOOL" "${words[@]}" \
		2>"$TAP_TMP/stderr" &
	exec {reader}<"$PIPE"
	exec {reader}<&-
	echo >"$GONE"
	wait $!
	is $? 1 "'$command' whose reader has gone"
	unlike "$(cat "$TAP_TMP/stderr")" stdout "... does not complain"
done
MEMTOP_FIXTURE=traced

# --- access to the files ----------------------------------------------------------
mkdir "$TAP_TMP/own"
ok "a recording" "$TOOL" record "$TAP_TMP/own/rec"
is "$(stat -c %a "$TAP_TMP/own/rec")" 600 "... is its user's alone"
chmod 640 "$TAP_TMP/own/rec"
ok "... replaced" "$TOOL" record "$TAP_TMP/own/rec"
is "$(stat -c %a "$TAP_TMP/own/rec")" 640 "... it has the mode that it was given"
(umask 077 && exec "$TOOL" export --textfile "$TAP_TMP/own/x.prom")
is "$(stat -c %a "$TAP_TMP/own/x.prom")" 644 "metrics are for all to read"

# --- traps in a directory that others can write to ----------------------------------
SHARED=$TAP_TMP/shared
for mode in 1777 0777 0757; do
	rm -rf "$SHARED"
	mkdir "$SHARED"
	chmod $mode "$SHARED"
	echo precious >"$TAP_TMP/precious"
	ln -s "$TAP_TMP/precious" "$SHARED/link"
	ln -s "$TAP_TMP/new" "$SHARED/dangling"
	ln "$TAP_TMP/precious" "$SHARED/second-name"
	mkfifo "$SHARED/fifo"
	ln -s "$TAP_TMP/own" "$SHARED/directory"
	for name in link dangling second-name fifo; do
		refuses 1 "cannot write $SHARED/$name: other users can write to its directory" \
			record "$SHARED/$name"
	done
	refuses 1 "cannot write $SHARED/directory/x: 'directory' is a symbolic link" \
		record "$SHARED/directory/x"
	refuses 1 "cannot write $SHARED/directory/x: 'directory' is a symbolic link" \
		export --textfile "$SHARED/directory/x"
	is "$(cat "$TAP_TMP/precious")" precious "mode $mode: what the links are to is as it was"
	not_ok "... and nothing is made" test -e "$TAP_TMP/new"
	ok "... a new file is" "$TOOL" record "$SHARED/rec"
	ok "... and made again" "$TOOL" record "$SHARED/rec"
	ok "... also below a directory of the user's own" bash -c "mkdir '$SHARED/sub' && '$TOOL' record '$SHARED/sub/rec'"
done
if [ "$(id -u)" = 0 ]; then
	rm -rf "$SHARED"
	mkdir "$SHARED"
	echo theirs >"$SHARED/theirs"
	ln -s "$TAP_TMP/precious" "$SHARED/link"
	ln -s "$TAP_TMP/own" "$SHARED/directory"
	chown -h 65534 "$SHARED" "$SHARED"/*
	for name in theirs link; do
		refuses 1 "cannot write $SHARED/$name: other users" record "$SHARED/$name"
	done
	refuses 1 "'directory' is a symbolic link" record "$SHARED/directory/x"
	is "$(cat "$SHARED/theirs" "$TAP_TMP/precious")" "theirs
precious" "another user's directory has no traps either"
fi
# In the user's own directory, links are followed, because the user made them.
ln -s target "$TAP_TMP/own/link"
ok "a link of one's own" "$TOOL" record "$TAP_TMP/own/link"
ok "... is followed" "$TOOL" report --replay "$TAP_TMP/own/target"
ln -s own "$TAP_TMP/to-own"
ok "... to a directory, too" "$TOOL" record "$TAP_TMP/to-own/rec"
mkfifo "$TAP_TMP/own/fifo"
"$TOOL" report --replay "$TAP_TMP/own/fifo" >"$TAP_TMP/out-fifo" &
ok "a FIFO of one's own" "$TOOL" record "$TAP_TMP/own/fifo"
wait $!
is $? 0 "... is read at its other end"
is "$("$TOOL" record --format json /dev/stdout | wc -l)" 2 "/dev/stdout, a pipe"
"$TOOL" record /dev/stdout >"$TAP_TMP/stdout"
ok "... or a file" "$TOOL" report --replay "$TAP_TMP/stdout"

# Names that cannot be a file.
refuses 1 "cannot write '': No such file" record ''
refuses 1 "cannot write '$SHARED/': Is a directory" record "$SHARED/"
refuses 1 "cannot write $SHARED/..: Is a directory" record "$SHARED/.."
refuses 1 "File name too long" record "$(printf 'x%.0s' {1..300})/rec"
refuses 1 "File name too long" record "$(printf 'x%.0s' {1..300})"
ok "slashes and dots do not change the target" "$TOOL" record "$TAP_TMP//./own/../own//./rec"

done_testing
