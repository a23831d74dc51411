#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The installed program: where it goes, that it goes again, and what it says
# without rights, which is all that can be seen of it without root.

set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

unset MAKEFLAGS MFLAGS MAKELEVEL
ROOT=$TAP_TMP/root
TOOL=$ROOT/usr/sbin/verity-memtop

ok "make install" make install DESTDIR="$ROOT" prefix=/usr
is "$(cd "$ROOT" && find . -type f ! -path '*/doc/*' ! -path '*/systemd/*' | LC_ALL=C sort | xargs)" \
	"./usr/sbin/verity-memtop ./usr/share/man/man8/verity-memtop.8" \
	"a program and its page"
is "$(find "$ROOT" -name '*.service' -o -name '*.socket' -o -name '*.timer' | wc -l)" 5 "units for systemd"
is "$(sed -n 's/^ExecStart=\([^ ]*\) .*/\1/p' "$ROOT"/usr/lib/systemd/system/*.service | sort -u)" /usr/sbin/verity-memtop \
	"... which start the program that is there"
is "$(cd "$ROOT/usr/share/doc/verity-memtop/monitoring" && echo *)" "alertmanager.yml dashboard.json nagios.cfg on-stall prometheus.yml rules.yml" \
	"rules and examples"
ok "the schema is there" \
	test -f "$ROOT/usr/share/doc/verity-memtop/report.schema.json"
ok "doctor's, too" \
	test -f "$ROOT/usr/share/doc/verity-memtop/doctor.schema.json"
is "$(stat -c %a "$TOOL")" 755 "the program's mode"

ok "version" "$TOOL" version
like "$OUT" '^verity-memtop [0-9]+\.[0-9]+\.[0-9]+$' "is a version"

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
	status_is 3 "'$how' without rights gives 3" powerless "$TOOL" $how
	is "$OUT" "" "and prints nothing"
	like "$ERR" "CAP_SYS_ADMIN" "and says which are needed"
done
"$TOOL" doctor --json >"$TAP_TMP/doctor"
ok "doctor, on this machine, keeps to its schema" tests/check-json "$TAP_TMP/doctor"
powerless "$TOOL" doctor >"$TAP_TMP/doctor" 2>"$TAP_TMP/stderr"
is_num "$?" '>=' 3 "without rights it finds that nothing is possible"
like "$(cat "$TAP_TMP/doctor")" "lacks .*cap-bpf cap-perfmon" "and names the rights"
is "$(cat "$TAP_TMP/stderr")" "" "and has no other complaint"
status_is 2 "a wrong column without rights gives 2" \
	powerless "$TOOL" report -o nosuch
status_is 0 "help needs no rights" powerless "$TOOL" help report

ok "make uninstall" make uninstall DESTDIR="$ROOT" prefix=/usr
is "$(find "$ROOT" -type f)" "" "leaves nothing"

done_testing
