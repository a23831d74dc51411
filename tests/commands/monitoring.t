#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The files for monitoring, as far as they can be tested without a kernel: rules with
# promtool's unit tests, examples, Nagios, the documentation, and units for systemd.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
TOOL=$BUILD/plain/memtop-fixture
PROGRAMS=$(kernel/fetch-monitoring) || bail "there is no Prometheus"

# ---- rules -------------------------------------------------------------------

cp monitoring/rules.yml tests/monitoring/rules-*.test.yml "$TAP_TMP"
ok "the rules are rules" "$PROGRAMS/promtool" check rules monitoring/rules.yml
rules_hold() {
	(cd "$TAP_TMP" && GOGC=off "$PROGRAMS/promtool" test rules rules-*.test.yml)
}
ok "each fires where it has to, and not elsewhere" rules_hold
# wrong rules fail these tests
for change in 's/dmverity_deadlock > 0/dmverity_deadlock > 1/' 's/possible_deadlock > 0/possible_deadlock > 2/' 's/wait_seconds > 10/wait_seconds > 8/' \
	's/wait_seconds > 10/wait_seconds > 60/' 's/for: 10m/for: 1m/' 's/< 0[.]25/< 0/' 's/< 0[.]25/< 0.3/' 's/> 0.01/> 0.1/' 's/> 0.01/> 0.001/' 's/corrupted > 0/corrupted > 1/' 's/30d/30m/' \
	's/group_left (name)/group_left (uuid)/' 's/topk by (job, instance, device) (1, dmverity_device_info)/dmverity_device_info/' \
	's/pools{slot="live"}) > 0/pools{slot="live"}) > 6/' 's/pools{slot="live"}/pools/' 's/up{.*} == 0/up == 0/' 's/success == 0/success == 1/' 's/success == 1/success == 0/' 's/unless on (job, instance, name)/unless on (job, instance, device)/' \
	's/unless on (job, instance, device) dmverity_deadlock > 0//' 's/verity(,/crypt(,/' 's/[[]1h[]]/[5m]/' 's/max by (job, instance, name)//' \
	's/left_out > 0/left_out > 5/' 's/\[10m\])) > 0/[10m])) > 99/' 's/> 600/> 6000/' 's/for: 15s/for: 0s/' \
	's/keep_firing_for: 1m/keep_firing_for: 1s/' 's/_deadlock > 0)/_deadlock > 1)/' 's/or 0 [*] count/or 1 * count/' 's/count by (job) (dmverity_scrape_success == 1)/count by (job) (dmverity_scrape_success)/'; do
	sed "$change" monitoring/rules.yml >"$TAP_TMP/rules.yml"
	isnt "$(cat "$TAP_TMP/rules.yml")" "$(cat monitoring/rules.yml)" "with $change there is a difference"
	not_ok "... which the tests notice" rules_hold
done
alerts=$(sed -n 's/.*- alert: //p' monitoring/rules.yml)
for alert in $alerts; do
	ok "$alert has a test" grep -q "$alert" tests/monitoring/rules-seconds.test.yml tests/monitoring/rules-minutes.test.yml
	ok "... and a section" grep -qix "### $alert" docs/monitoring.md
done
is "$(sed -n 's|.*runbook_url: file:///.*/docs/monitoring[.]md#||p' monitoring/rules.yml | sort)" \
	"$(tr '[:upper:]' '[:lower:]' <<<"$alerts" | sort)" "each alert leads to its section"

# ---- examples ----------------------------------------------------------------

ok "Prometheus' configuration" "$PROGRAMS/promtool" check config monitoring/prometheus.yml
ok "Alertmanager's" "$PROGRAMS/amtool" check-config monitoring/alertmanager.yml
routed() {
	"$PROGRAMS/amtool" config routes test --config.file monitoring/alertmanager.yml "$@"
}
is "$(routed alertname=DmVerityStackDeadlock severity=critical)" pager "a deadlock goes to the pager"
is "$(routed alertname=DmVerityPoolLow severity=warning)" tickets "a low pool does not"
ok "the dashboard is JSON" jq -e '.panels | length > 5' monitoring/dashboard.json

# ---- without Prometheus --------------------------------------------------------

# the rest of a minimal Nagios configuration
mkdir "$TAP_TMP/nagios"
cat >"$TAP_TMP/nagios/host.cfg" <<-'END'
	define timeperiod {
		timeperiod_name	24x7
		alias	always
	}
	define command {
		command_name	nothing
		command_line	/bin/true
	}
	define contact {
		contact_name	somebody
		service_notification_period	24x7
		host_notification_period	24x7
		service_notification_commands	nothing
		host_notification_commands	nothing
	}
	define host {
		host_name	localhost
		address	127.0.0.1
		max_check_attempts	1
		check_command	nothing
		check_period	24x7
		contacts	somebody
	}
	define service {
		name	generic-service
		register	0
		max_check_attempts	3
		check_interval	5
		retry_interval	1
		check_period	24x7
		notification_period	24x7
		notification_interval	60
		contacts	somebody
	}
END
cat >"$TAP_TMP/nagios/nagios.cfg" <<-END
	log_file=$TAP_TMP/nagios/log
	temp_path=$TAP_TMP/nagios
	check_result_path=$TAP_TMP/nagios
	object_cache_file=$TAP_TMP/nagios/cache
	nagios_user=$(id -un)
	nagios_group=$(id -gn)
	illegal_macro_output_chars=\`~\$&|'"<>
	cfg_file=$TAP_TMP/nagios/host.cfg
	cfg_file=$TAP_TMP/nagios/example.cfg
END
nagios_takes() {
	"$PROGRAMS/nagios4" -v "$TAP_TMP/nagios/nagios.cfg"
}
cp monitoring/nagios.cfg "$TAP_TMP/nagios/example.cfg"
ok "Nagios takes its configuration" nagios_takes
like "$OUT" 'Checked 1 services.*Total Warnings: 0.*Total Errors: *0' "... with a service, and without a warning"
sed -i 's/check_command.*verity/&x/' "$TAP_TMP/nagios/example.cfg"
not_ok "... (a wrong configuration is refused)" nagios_takes
line=$(sed -n 's:^[[:space:]]*command_line[[:space:]]*/usr/bin/sudo -n ::p' monitoring/nagios.cfg)
is "$(sed -n 's/^#  *nagios ALL=(root) NOPASSWD: //p' monitoring/nagios.cfg | tr -d '\\')" "$line" "sudo lets it run that, and no more"
read -ra words <<<"$line"
check_of() {
	MEMTOP_FIXTURE=$1 "$TOOL" "${words[@]:1}"
}
status_is 0 "what Nagios runs is OK where all is well" check_of calm
status_is 0 "... with a wait that is short" check_of moving
status_is 2 "... CRITICAL at a deadlock" check_of deadlock
status_is 2 "... or at a corrupted device" check_of corrupt

# hook WORD...: runs on-stall as the watch does
hook() {
	env -i ON_STALL_DIR="$TAP_TMP/events" ON_STALL_TELL="cat >>$TAP_TMP/told" "$@" monitoring/on-stall
}
told() {
	tail -n 1 "$TAP_TMP/told" | sed "s/ on $(uname -n):/ on HOST:/"
}
echo '{"a":1}' | hook VERITY_MEMTOP_EVENT=deadlock VERITY_MEMTOP_SEQ=7 VERITY_MEMTOP_ROLE=recheck.page \
	VERITY_MEMTOP_NAME=bottom VERITY_MEMTOP_COMM=kworker VERITY_MEMTOP_PID=57 VERITY_MEMTOP_AGE_NS=13000000000 \
	VERITY_MEMTOP_CAUSE=deadlock
is "$?" 0 "the example of a command for --exec"
is "$(told)" "verity-memtop on HOST: deadlock: kworker (57), for recheck.page of bottom, 13 s, cause: deadlock" "... prints the known values"
is "$(cat "$TAP_TMP"/events/*.7.deadlock.json)" '{"a":1}' "... and keeps the evidence"
hook VERITY_MEMTOP_EVENT=clear VERITY_MEMTOP_SEQ=8 VERITY_MEMTOP_ROLE=core.io </dev/null
is "$(told)" "verity-memtop on HOST: is over: a task (?), for core.io of an unknown device, an unknown time" "unknown values are printed as unknown"
hostile=$'a\e[31m\nb\r\tc\a\xc2\x9bd\xe2\x80\xae\x7f"$(id)'
lines=$(wc -l <"$TAP_TMP/told")
hook VERITY_MEMTOP_EVENT=stall VERITY_MEMTOP_SEQ=8 VERITY_MEMTOP_ROLE="$hostile" VERITY_MEMTOP_NAME="$hostile" \
	VERITY_MEMTOP_COMM="$hostile" </dev/null
is "$(($(wc -l <"$TAP_TMP/told") - lines))" 1 "names with newlines are printed on one line"
is "$(tail -n 1 "$TAP_TMP/told" | LC_ALL=C tr -d ' -~\n' | od -An -c)" "" "... without any control character or byte beyond ASCII"
is "$(told | grep -oF 'a^[[31m?b^M?c^G')" $'a^[[31m?b^M?c^G\na^[[31m?b^M?c^G\na^[[31m?b^M?c^G' "... but with their types"
touch "$TAP_TMP/events/"{1..120}.old
hook VERITY_MEMTOP_EVENT=clear VERITY_MEMTOP_SEQ=9 VERITY_MEMTOP_ROLE=core.io </dev/null
is "$(find "$TAP_TMP/events" -type f | wc -l)" 100 "it keeps no more than a hundred"
ok "... the last one of them" compgen -G "$TAP_TMP/events/*.9.clear.json"
: >"$TAP_TMP/told"
MEMTOP_FIXTURE=deadlock ON_STALL_DIR=$TAP_TMP/events ON_STALL_TELL="cat >>$TAP_TMP/told" \
	"$TOOL" watch -n 1 --exec monitoring/on-stall >/dev/null 2>&1
# which may end before it does
comes_true test -s "$TAP_TMP/told"
like "$(told)" '^verity-memtop on HOST: deadlock: .* of bottom, ' "a watch runs it"

# ---- names -------------------------------------------------------------------

# all metrics: with and without counters, which only a server has
metrics_of() {
	sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$@" | sort -u
}
# serve FILE [OPTION...]: one page of a server with these options
serve() {
	local file=$1 server
	shift
	: >"$TAP_TMP/stderr"
	MEMTOP_FIXTURE=traced "$TOOL" export --web.listen-address 127.0.0.1:0 "$@" 2>"$TAP_TMP/stderr" &
	server=$!
	comes_true grep -q 'serving' "$TAP_TMP/stderr"
	python3 -c 'import sys, urllib.request
sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())' \
		"$(sed -n 's/.* at //p' "$TAP_TMP/stderr")" >"$file"
	kill $server
	wait $server
}
serve "$TAP_TMP/metrics.device" --detail device
serve "$TAP_TMP/metrics.role"
serve "$TAP_TMP/metrics.pool" --detail pool
for detail in device role pool; do
	ok "promtool accepts the page of $detail" "$PROGRAMS/promtool" check metrics <"$TAP_TMP/metrics.$detail"
	is "$OUT$ERR" "" "... without a word"
	series_of() {
		grep -v '^#' "$1" | cut -d' ' -f1 | sort
	}
	[ $detail = device ] || is "$(comm -23 <(series_of "$TAP_TMP/metrics.$less") <(series_of "$TAP_TMP/metrics.$detail"))" "" \
		"... with each series of $less"
	less=$detail
done
metrics_of "$TAP_TMP/metrics.pool" >"$TAP_TMP/there"
is_num "$(wc -l <"$TAP_TMP/there")" '>' 30 "there are metrics"
grep -oE '\b(dmverity_[a-z_]+|process_[a-z_]+_seconds[a-z_]*)\b' docs/metrics.md | sed 's:_bucket$::' | sort -u >"$TAP_TMP/documented"
ok "the documentation has each, and no other" diff "$TAP_TMP/there" "$TAP_TMP/documented"
# metrics_in: those in the text, without what rules record
metrics_in() {
	sed 's/\bjob:[a-z0-9_:]*//g' | grep -ohE '\bdmverity_[a-z_]+' | sort -u
}
metrics_in <monitoring/rules.yml >"$TAP_TMP/used"
metrics_of "$TAP_TMP/metrics.device" >"$TAP_TMP/least"
is "$(comm -23 "$TAP_TMP/used" "$TAP_TMP/least")" "" "the rules need no more than the least detail"
jq -r '.panels[].targets[].expr' monitoring/dashboard.json >"$TAP_TMP/expressions"
metrics_in <"$TAP_TMP/expressions" >"$TAP_TMP/used"
metrics_of "$TAP_TMP/metrics.role" >"$TAP_TMP/default"
is "$(comm -23 "$TAP_TMP/used" "$TAP_TMP/default")" "" "the dashboard needs no more than the default"
sed -n 's/^ *- record: //p' monitoring/rules.yml | sort >"$TAP_TMP/recorded"
is "$(grep -ohE '\b(job|dmverity):[a-z0-9_:]*' "$TAP_TMP/expressions" | sort -u | comm -23 - "$TAP_TMP/recorded")" "" \
	"... and the rules record what it takes from them"
# the numbers of series in the documentation
read -r few many < <(sed -n 's/.*A plain verity device.* has \([0-9]*\) time series, and with `--detail pool` it has \([0-9]*\)[.].*/\1 \2/p' docs/metrics.md)
series_of_device() {
	grep -c 'device="dm-0"' "$TAP_TMP/metrics.$1"
}
is "$(series_of_device device) $(series_of_device role) $(series_of_device pool)" "$few $few $many" \
	"a plain device has as many series as documented"
is_num "$(series_of_device role)" '<=' 25 "... which by default are at most 25"
# with two tables, or with error correction; a file lacks six counters
for device in states:dm-0 counted:dm-59; do
	is_num "$(MEMTOP_FIXTURE=${device%:*} "$TOOL" export --textfile - | grep -c "device=\"${device#*:}\"")" '<=' 19 "... nor has $device more"
done
# the table of sizes: the series to the number, the sizes to the KiB
tests/export-sizes >"$TAP_TMP/sizes" || bail "tests/export-sizes failed"
sizes_of() {
	sed -n 's/^| `\(device\|role\|pool\)` |/\1 /p' "$@" | tr -d '|,'
}
sizes_of docs/monitoring.md >"$TAP_TMP/documented-sizes"
is "$(cut -d' ' -f1-3 "$TAP_TMP/documented-sizes")" "$(sizes_of "$TAP_TMP/sizes" | cut -d' ' -f1-3)" "the series at 61 devices are documented"
while read -r detail _ _ size _ _ _ documented; do
	is_num $((size - documented)) '<=' 1 "the size of a page with $detail is documented ($size KiB)"
	is_num $((documented - size)) '<=' 1 "... to the KiB"
done < <(paste -d' ' <(sizes_of "$TAP_TMP/sizes") "$TAP_TMP/documented-sizes")

# ---- systemd -----------------------------------------------------------------

for unit in systemd/*.service systemd/*.socket systemd/*.timer; do
	sed "s:/usr/local/sbin/verity-memtop:$PWD/$TOOL:" "$unit" >"$TAP_TMP/${unit##*/}"
done
for unit in "$TAP_TMP"/*.service "$TAP_TMP"/*.socket "$TAP_TMP"/*.timer; do
	ok "${unit##*/} is one" systemd-analyze verify --man=no "$unit"
	is "$ERR" "" "... without a word"
done
# 10 is fully exposed, 0 is fully sandboxed; the rest is the privileges that the start needs
for unit in "$TAP_TMP"/*.service; do
	ok "${unit##*/} is exposed to no more than 2.0" \
		systemd-analyze security --offline=true --threshold=20 --no-pager "$unit"
	diag "$(tail -n 1 <<<"$OUT")"
done
sed -i '/^Protect\|^Restrict\|^SystemCall/d' "$TAP_TMP/verity-memtop-export.service"
not_ok "... which is reported of none" \
	systemd-analyze security --offline=true --threshold=20 --no-pager "$TAP_TMP/verity-memtop-export.service"

done_testing
