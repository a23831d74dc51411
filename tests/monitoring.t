#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What is there for monitoring, as far as that needs no kernel: rules by
# promtool's unit tests, examples, what the documentation says, units for systemd.

set -u
cd "$(dirname "$0")/.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

BUILD=${BUILD:-.output}
TOOL=$BUILD/plain/memtop-fixture
PROGRAMS=$(kernel/fetch-monitoring) || bail "there is no Prometheus"

# ---- rules -------------------------------------------------------------------

cp monitoring/rules.yml tests/monitoring/rules.test.yml "$TAP_TMP"
ok "the rules are rules" "$PROGRAMS/promtool" check rules monitoring/rules.yml
rules_hold() {
	(cd "$TAP_TMP" && "$PROGRAMS/promtool" test rules rules.test.yml)
}
ok "each fires where it has to, and not elsewhere" rules_hold
# that the tests would notice
for change in 's/dmverity_deadlock > 0/dmverity_deadlock > 1/' 's/wait_seconds > 10/wait_seconds > 8/' \
	's/wait_seconds > 10/wait_seconds > 60/' 's/for: 10m/for: 1m/' 's/0\.25 \*/0 */' 's/ratio > 0.05/ratio > 0.02/' \
	's/pools{slot="live"}) > 0/pools{slot="live"}) > 6/' 's/pools{slot="live"}/pools/' 's/up{.*} == 0/up == 0/' 's/success == 0/success == 1/' \
	's/left_out > 0/left_out > 5/' 's/\[10m\])) > 0/[10m])) > 99/' 's/> 600/> 6000/' 's/for: 15s/for: 0s/' \
	's/keep_firing_for: 1m/keep_firing_for: 1s/'; do
	sed "$change" monitoring/rules.yml >"$TAP_TMP/rules.yml"
	isnt "$(cat "$TAP_TMP/rules.yml")" "$(cat monitoring/rules.yml)" "with $change there is a difference"
	not_ok "... which the tests notice" rules_hold
done
alerts=$(sed -n 's/.*- alert: //p' monitoring/rules.yml)
for alert in $alerts; do
	ok "$alert has a test" grep -q "$alert" tests/monitoring/rules.test.yml
	ok "... and a section" grep -qix "### $alert" docs/monitoring.md
done
is "$(sed -n 's/.*#//p' <<<"$(grep runbook: monitoring/rules.yml)" | sort)" \
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

# ---- names -------------------------------------------------------------------

# what there is: with and without counters, which only a server has
metrics_of() {
	sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' "$@" | sort -u
}
MEMTOP_FIXTURE=traced "$TOOL" export --web.listen-address 127.0.0.1:0 2>"$TAP_TMP/stderr" &
server=$!
for _ in {1..100}; do
	grep -q 'serving' "$TAP_TMP/stderr" && break
	sleep 0.1
done
python3 -c 'import sys, urllib.request
sys.stdout.write(urllib.request.urlopen(sys.argv[1]).read().decode())' \
	"$(sed -n 's/.* at //p' "$TAP_TMP/stderr")" >"$TAP_TMP/metrics"
kill $server
wait $server
ok "promtool likes what is served" "$PROGRAMS/promtool" check metrics <"$TAP_TMP/metrics"
is "$OUT$ERR" "" "... without a word"
metrics_of "$TAP_TMP/metrics" >"$TAP_TMP/there"
is_num "$(wc -l <"$TAP_TMP/there")" '>' 30 "there are metrics"
grep -oE '\b(dmverity_[a-z_]+|process_[a-z_]+_seconds[a-z_]*)\b' docs/metrics.md | sort -u >"$TAP_TMP/documented"
ok "the documentation has each, and no other" diff "$TAP_TMP/there" "$TAP_TMP/documented"
grep -ohE '\bdmverity_[a-z_]+' monitoring/rules.yml monitoring/dashboard.json | sort -u >"$TAP_TMP/used"
is "$(comm -23 "$TAP_TMP/used" "$TAP_TMP/there")" "" "rules and dashboard use none that is not there"
# what the documentation says of how many there are
is "$(grep -c 'device="dm-0"' "$TAP_TMP/metrics")" \
	"$(sed -n 's/.*A plain verity device has \([0-9]*\) series.*/\1/p' docs/metrics.md)" "a plain device has as many series as it says"

# ---- systemd -----------------------------------------------------------------

for unit in systemd/*.service systemd/*.socket systemd/*.timer; do
	sed "s:/usr/local/sbin/verity-memtop:$PWD/$TOOL:" "$unit" >"$TAP_TMP/${unit##*/}"
done
for unit in "$TAP_TMP"/*.service "$TAP_TMP"/*.socket "$TAP_TMP"/*.timer; do
	ok "${unit##*/} is one" systemd-analyze verify --man=no "$unit"
	is "$ERR" "" "... without a word"
done
# 10 is wide open, 0 shut; what is left is the rights that it begins with
for unit in "$TAP_TMP"/*.service; do
	ok "${unit##*/} is exposed to no more than 2.5" \
		systemd-analyze security --offline=true --threshold=25 --no-pager "$unit"
	diag "$(tail -n 1 <<<"$OUT")"
done
sed -i '/^Protect\|^Restrict\|^SystemCall/d' "$TAP_TMP/verity-memtop-export.service"
not_ok "... which is not said of any" \
	systemd-analyze security --offline=true --threshold=25 --no-pager "$TAP_TMP/verity-memtop-export.service"

done_testing
