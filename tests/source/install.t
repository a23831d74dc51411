#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The installed program: its places and file modes, whatever the names of the
# directories; that uninstalling removes it and nothing else; and the installed files
# without root, as far as possible.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

unset MAKEFLAGS MFLAGS MAKELEVEL
ROOT=$TAP_TMP/root
TOOL=$ROOT/usr/sbin/verity-memtop

ok "make install" make install DESTDIR="$ROOT" prefix=/usr
is "$(cd "$ROOT" && find . -type f ! -path '*/doc/*' ! -path '*/systemd/*' ! -path '*/share/[bzf]*' | LC_ALL=C sort | xargs)" \
	"./usr/sbin/verity-memtop $(cd man && printf '%s\n' ./* | sed 's:\./\(.*\.\(.\)\)$:./usr/share/man/man\2/\1:' | LC_ALL=C sort | xargs)" \
	"a program and its pages"
is "$(cd "$ROOT/usr/share" && find bash-completion zsh fish -type f | LC_ALL=C sort | xargs)" \
	"bash-completion/completions/verity-memtop fish/vendor_completions.d/verity-memtop.fish zsh/site-functions/_verity-memtop" \
	"completions, where the shells look"
is "$(find "$ROOT" -name '*.service' -o -name '*.socket' -o -name '*.timer' | wc -l)" 5 "units for systemd"
is "$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$ROOT"/usr/lib/systemd/system/*.service | sort -u)" /usr/sbin/verity-memtop \
	"... which start the program that is there"
is "$(cd "$ROOT/usr/share/doc/verity-memtop/monitoring" && echo *)" "alertmanager.yml dashboard.json nagios.cfg nginx.conf on-stall prometheus.yml rules.yml" \
	"rules and examples"
ok "the schema is there" \
	test -f "$ROOT/usr/share/doc/verity-memtop/docs/report.schema.json"
ok "doctor's, too" \
	test -f "$ROOT/usr/share/doc/verity-memtop/docs/doctor.schema.json"

# ---- modes -------------------------------------------------------------------

# modes DIRECTORY: of all files in it, with their names
modes() {
	(cd "$1" && find . -mindepth 1 -printf '%m %P\n' | LC_ALL=C sort)
}
is "$(stat -c %a "$TOOL")" 755 "the program's mode"
is "$(find "$ROOT" -mindepth 1 -type d ! -perm 755)" "" "directories can be passed by all"
is "$(find "$ROOT" -type f ! -perm 755 ! -perm 644)" "" "files can be read by all, and written by their owner"
for file in monitoring/* docs/*; do
	copy=$(find "$ROOT" -path "*/${file%/*}/${file##*/}" -type f)
	is "$(test -x "$copy" && echo yes)" "$(test -x "$file" && echo yes)" "$file can be run there if it can be here"
done
is "$(sed -n 's|.*runbook_url: file://\(.*\)#.*|\1|p' "$ROOT/usr/share/doc/verity-memtop/monitoring/rules.yml" | sort -u)" \
	/usr/share/doc/verity-memtop/docs/monitoring.md "the alerts lead to the installed documentation"
is "$(grep -vc runbook_url "$ROOT/usr/share/doc/verity-memtop/monitoring/rules.yml")" "$(grep -vc runbook_url monitoring/rules.yml)" "... and nothing else is changed"
is "$(find "$ROOT" -type f -perm 755 | wc -l)" 2 "that is the program, and the example of a command"
for mask in 077 000; do
	# shellcheck disable=SC2016 # for the inner shell
	ok "make install, with umask $mask" bash -c 'umask "$0" && make install DESTDIR="$1" prefix=/usr' $mask "$TAP_TMP/mask$mask"
	ok "... gives the same modes" diff <(modes "$ROOT") <(modes "$TAP_TMP/mask$mask")
done

# ---- the installed command for watch -----------------------------------------

hook=$ROOT/usr/share/doc/verity-memtop/monitoring/on-stall
ON_STALL_DIR=$TAP_TMP/events ON_STALL_TELL="cat >>$TAP_TMP/told" status_is 6 "the installed program runs the installed command" \
	"$TOOL" watch --replay tests/recordings/deadlock --exec "$hook"
is "$ERR" "" "... which has no complaint"
like "$(cat "$TAP_TMP/told")" "^verity-memtop on [^:]*: .* for recheck.page of " "... and reports the recorded findings"

# ---- without privileges ------------------------------------------------------

ok "version" "$TOOL" version
is "${OUT%%$'\n'*}" "verity-memtop $(packaging/version "$(sed -n 's/^NUMBER := //p' Makefile)")" "is this tree's"
like "$OUT" $'\nsources: tracepoints stock\nlibbpf [1-9][0-9.]+\n' "... and lists the built-in parts"

# Without any capability, in the same or in a new user namespace.
powerless() {
	if [ "$(id -u)" = 0 ]; then
		chmod 755 "$TAP_TMP"
		setpriv --reuid=65534 --regid=65534 --clear-groups \
			--bounding-set=-all "$@"
	else
		"$@"
	fi
}
for how in report "report --json" "report --pools nosuch"; do
	# shellcheck disable=SC2086 # a word each
	status_is 3 "'$how' without privileges gives 3" powerless "$TOOL" $how
	is "$OUT" "" "and prints nothing"
	like "$ERR" "CAP_BPF .*CAP_PERFMON" "and names the missing ones"
done
"$TOOL" doctor --json >"$TAP_TMP/doctor"
ok "doctor, on this machine, keeps to its schema" tests/check-json "$TAP_TMP/doctor"
powerless "$TOOL" doctor >"$TAP_TMP/doctor" 2>"$TAP_TMP/stderr"
is_num "$?" '>=' 3 "without privileges it finds that nothing is possible"
like "$(cat "$TAP_TMP/doctor")" "lacks .*cap-bpf cap-perfmon" "and names the privileges"
is "$(cat "$TAP_TMP/stderr")" "" "and has no other complaint"
status_is 2 "a wrong column without privileges gives 2" \
	powerless "$TOOL" report -o nosuch
status_is 0 "help needs no privileges" powerless "$TOOL" help report

# ---- uninstalling ------------------------------------------------------------

echo mine >"$ROOT/usr/share/doc/verity-memtop/mine"
ok "make uninstall" make uninstall DESTDIR="$ROOT" prefix=/usr
is "$(cd "$ROOT" && find . -type f)" "./usr/share/doc/verity-memtop/mine" "leaves only what it has not installed"

# ---- directories with any name -----------------------------------------------

# Names that a shell, sed, make and systemd would each take for something else. Beside
# them lie files whose names are parts of these.
PLACE=$TAP_TMP/odd
mkdir "$PLACE" "$PLACE/here"
ODD_DEST="$PLACE/-d e\"s't * ; & : | < > ( ) ~ \` ! # ? [a] \\ {b}"
for prefix in '/o p t & | : ; * %n ~ # ( ) ! x' '/o"p' "/o'p" '/o\p'; do
	for word in "$ODD_DEST" "$prefix"; do
		set -f
		for part in $word; do
			[[ $part = */* ]] || echo mine >"$PLACE/here/$part"
		done
		set +f
	done
done
before=$(cd "$PLACE/here" && find . -type f | LC_ALL=C sort)
# in_place TARGET PREFIX: runs make in a directory with these files, without the build
in_place() {
	make -s -C "$PLACE/here" -f "$PWD/Makefile" "$1" DESTDIR="$ODD_DEST" prefix="$2"
}
for name in bpf cli completions docs kernel man monitoring packaging systemd tests vmlinux-headers README.md LICENSE "${BUILD:-.output}"; do
	ln -s "$PWD/$name" "$PLACE/here/${name##*/}"
done
for prefix in '/o p t & | : ; * %n ~ # ( ) ! x' '/o"p' "/o'p" '/o\p'; do
	ok "make install, with prefix $prefix" in_place install "$prefix"
	case $prefix in
	*[\"\'\\]*)
		like "$ERR" "^The units for systemd are left out:" "... warns that the units could not start it"
		is "$(find "$ODD_DEST" -name 'verity-memtop-*' ! -path '*/man/*')" "" "... and has none"
		;;
	*)
		is "$ERR" "" "... has no complaint"
		is "$(find "$ODD_DEST" -name 'verity-memtop-*' ! -path '*/man/*' | wc -l)" 5 "... with units"
		;;
	esac
	ok "... the program is there" cmp "${BUILD:-.output}/plain/verity-memtop" "$ODD_DEST$prefix/sbin/verity-memtop"
	is "$(find "$ODD_DEST" -name verity-memtop -perm 755 -type f | wc -l)" 1 "... and nowhere else"
	ok "make uninstall" in_place uninstall "$prefix"
	is "$(find "$ODD_DEST" -type f)" "" "... leaves nothing"
	is "$(cd "$PLACE/here" && find . -type f | LC_ALL=C sort)" "$before" "... and takes nothing that is called as a word of it"
	rm -r "$ODD_DEST"
done
is "$(cd "$PLACE" && echo *)" "here" "nothing was written elsewhere"

# systemd, run at the directory itself, must be able to start the program of a unit.
place="$TAP_TMP/a b%h:&|c"
ok "make install, to be started there" make install prefix="$place"
cp "$place"/lib/systemd/system/* "$TAP_TMP" # systemd-analyze accepts fewer paths than systemd
for unit in "$TAP_TMP"/*.service; do
	ok "${unit##*/}: systemd finds the program" systemd-analyze verify --man=no "$unit"
	is "$ERR" "" "... without a word"
done
ok "make uninstall" make uninstall prefix="$place"
is "$(find "$place" -type f)" "" "leaves nothing"

done_testing
