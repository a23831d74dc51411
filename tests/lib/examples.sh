# SPDX-License-Identifier: GPL-2.0-only
# Runs the commands that documents show. Source after tap.sh.
#
#   example LINE FILE   FILE shows the command line LINE: runs the command line LINE.
#                       verity-memtop is then the tool on made-up samples
#   drawn LINE     prints its output on a terminal of 80 columns
#
# Endless commands are stopped. Of bench and a server only the options are checked,
# because every option before --help is parsed. The last status may be 6 (watch found a
# stall), for diff also 1 (the samples differ). Names and paths in the documents are
# replaced by those in the samples.
# shellcheck shell=bash

EXAMPLES_BIN=$TAP_TMP/bin
mkdir "$EXAMPLES_BIN" "$TAP_TMP/work"
ln -s "$PWD/tests" "$TAP_TMP/work/tests" # output files of examples are written beside it
cat >"$EXAMPLES_BIN/verity-memtop" <<END
#!/bin/bash
tool=$PWD/${BUILD:-.output}/plain/memtop-fixture
END
cat >>"$EXAMPLES_BIN/verity-memtop" <<'END'
MEMTOP_FIXTURE=demo
more=()
case " $* " in
*" --help "* | *" --list-columns "*) ;;
*" --journal "* | *" --syslog "*) more=(--help) ;;
*) case ${1-} in
	"" | top) more=(--batch -n 1) ;;
	bench) more=(--help) ;;
	check) MEMTOP_FIXTURE=calm ;;
	export) [[ " $* " = *" --textfile "* ]] || more=(--help) ;;
	record) [[ " $* " = *" --replay "* ]] || more=(-n 2 -d 0) ;;
	watch) [[ " $* " = *" --replay "* ]] || more=(--for 0.1) ;;
	esac ;;
esac
[ $# -gt 0 ] || set -- top
export MEMTOP_FIXTURE
"$tool" "$@" "${more[@]}" || { status=$?; [ $status = 6 ] || [ "$1$status" = diff1 ] || exit $status; }
END
chmod +x "$EXAMPLES_BIN/verity-memtop"

example() {
	local line=${1%%  #*}
	line=$(sed 's/com\.android\.\*/plain-*/g; s/com\.android\.adbd/plain-1/g' <<<"$line")
	line=${line//\/run\/trouble/$TAP_TMP\/trouble}
	line=${line//\/var\/lib\/memtop/$TAP_TMP\/ring}
	line=${line// -t 10m/ --sample 1} # samples made up are a ns apart
	line=${line//phone.record/tests\/recordings\/deadlock}
	PATH="$EXAMPLES_BIN:$PATH" ok "$2: $1" bash -o pipefail -c "cd '$TAP_TMP/work' && $line"
}

# drawn LINE: prints the output of the command line LINE on a terminal of 80 columns
drawn() {
	local line=${1%%  #*}
	NO_COLOR=1 PATH="$EXAMPLES_BIN:$PATH" tests/lib/in-pty --size 80x50 --until '' --output "$TAP_TMP/drawn" \
		bash -c "$line" >/dev/null
	tr -d '\r' <"$TAP_TMP/drawn"
}
