#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The script of advise --script, with a dmsetup that only notes what it is called for: each
# table is loaded with the value that it shall have, also when others fail, and undo restores
# the former values. With real devices: tests/functional/report/advice.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/plain/memtop-fixture
export LC_ALL=C.UTF-8
PARAMETER=$TAP_TMP/parameter
NOTES=$TAP_TMP/notes
export PARAMETER NOTES

# A load is noted as its device and the value that the parameter has then.
mkdir "$TAP_TMP/bin"
cat >"$TAP_TMP/bin/dmsetup" <<'END'
#!/bin/bash
case $1 in
table) echo "table of ${*:2}" ;;
info) ;;
load)
	cat >/dev/null
	[ "${*: -1}" != "${FAILS-}" ] || exit 1
	echo "${*: -1} $(cat "$PARAMETER")" >>"$NOTES"
	;;
resume) [ "$(tail -n 1 "$NOTES" | cut -d' ' -f1)" = "${*: -1}" ] ;;
*) exit 1 ;;
esac
END
chmod +x "$TAP_TMP/bin/dmsetup"

# script FIXTURE OPTION...: makes $SCRIPT, for another parameter than the kernel's
SCRIPT=$TAP_TMP/script
script() {
	local fixture=$1
	shift
	MEMTOP_FIXTURE=$fixture "$TOOL" advise --script "$@" >"$TAP_TMP/original" || return
	grep -q '^parameter=/sys/module/dm_mod/parameters/reserved_bio_based_ios$' "$TAP_TMP/original" || return
	sed "s|^parameter=.*|parameter=$PARAMETER|" "$TAP_TMP/original" >"$SCRIPT"
}
# run [WORD...]: the script
run() {
	: >"$NOTES"
	PATH="$TAP_TMP/bin:$PATH" sh "$SCRIPT" "$@"
}

# ---- set and undone ----------------------------------------------------------

ok "a script for 61 tables" script demo --ios 4
ok "... which a shell understands" sh -n "$SCRIPT"
ok "... and shellcheck does" shellcheck -s sh -e SC2046 "$SCRIPT"
echo 16 >"$PARAMETER"
ok "it runs" run
is "$(cat "$PARAMETER")" 4 "... and has set the parameter"
is "$(LC_ALL=C sort "$NOTES")" "$({ printf 'plain-%d 4\n' {1..59} && echo fec 4 && echo stacked 4; } | LC_ALL=C sort)" \
	"... and loaded each table with it"
ok "it undoes that" run undo
is "$(cat "$PARAMETER")" 16 "... and has restored the parameter"
is "$(cut -d' ' -f2 "$NOTES" | sort | uniq -c | xargs)" "61 16" "... and the size that each table had"
status_is 2 "no other word is taken" run redo
is "$(cat "$NOTES")$(cat "$PARAMETER")" 16 "... and nothing is done"

# a table may have another size than the parameter gives now
ok "a script for tables of several sizes" script states --ios 8
run undo >/dev/null
is "$(tail -n +1 "$NOTES" | cut -d' ' -f2 | sort -nu | xargs)" \
	"$(MEMTOP_FIXTURE=states "$TOOL" advise --json --ios 8 |
		jq -r '.tables[] | select(.reload_line != null and .reload) | .least' | sort -nu | xargs)" "each gets back its own"

# ---- failures ----------------------------------------------------------------

script demo --ios 4
echo 16 >"$PARAMETER"
: >"$NOTES"
status_is 1 "one table cannot be loaded" env FAILS=plain-7 bash -c \
	'PATH="$0:$PATH" sh "$1"' "$TAP_TMP/bin" "$SCRIPT"
like "$ERR" 'cannot load the table of plain-7 \(254:6\) again; it keeps its reserves' "... which is reported"
is "$(grep -c ' 4$' "$NOTES")" 60 "... and the others are loaded"
PARAMETER=$TAP_TMP/no/parameter
script demo --ios 4
status_is 1 "a parameter that cannot be written ends it" run
is "$(cat "$NOTES")" "" "... before anything is loaded"
PARAMETER=$TAP_TMP/parameter

# ---- names, values, systems --------------------------------------------------

ok "a script for names of any characters" script hostile --ios 4
ok "... which a shell understands" sh -n "$SCRIPT"
ok "... and which runs" run
is "$(cut -d' ' -f2 "$NOTES" | sort -u)" 4 "... on all of them"
unlike "$(cat "$SCRIPT")" $'\x1b|\xe2\x80\xae' "no name is in it as it is"
status_is 1 "there is none without a value" env MEMTOP_FIXTURE=none "$TOOL" advise --script \
	--replay tests/recordings/deadlock
like "$ERR" 'no value is known to be enough; --ios names one' "... which is reported"
status_is 1 "there is none without a value to restore" env MEMTOP_FIXTURE=unknowns "$TOOL" advise --script
like "$ERR" 'a script could not restore it' "... which is reported"
refuses 2 "--script does not go with --json" advise --script --json

for system in debian:modprobe.d fedora:grubby ostree:rpm-ostree flatcar:linux_append \
	bottlerocket:apiclient android:BOARD_BOOTCONFIG; do
	MEMTOP_FIXTURE=one "$TOOL" advise --system "${system%:*}" >"$TAP_TMP/text"
	ok "how to set it on ${system%:*}" grep -q "${system#*:}" "$TAP_TMP/text"
	MEMTOP_FIXTURE=one "$TOOL" advise --system "${system%:*}" --json >"$TAP_TMP/json"
	is "$(jq -r .lines.system "$TAP_TMP/json")" "${system%:*}" "... in JSON"
	is "$(jq -r '.lines.steps[].lines' "$TAP_TMP/json" | sed '/^$/d')" \
		"$(sed -n '/^From the next boot/,/^Until then/p' "$TAP_TMP/text" | sed -n 's/^  //p')" "... the same lines"
	unlike "$(cat "$TAP_TMP/json")" '@' "... with the value"
	MEMTOP_FIXTURE=one "$TOOL" advise --system "${system%:*}" --script >"$TAP_TMP/script"
	ok "... in the comments of a script" grep -q "^#.*${system#*:}" "$TAP_TMP/script"
done
refuses 2 "--system: 'gentoo' is not one of" advise --system gentoo

done_testing
