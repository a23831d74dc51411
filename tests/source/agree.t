#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Views of one recording agree: how long a wait lasts, which device it is for, and which
# reserve is empty. Runs for each sample of each recording in tests/recordings.

set -u
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=tests/lib/tap.sh
. tests/lib/tap.sh

BUILD=${BUILD:-.output}
TOOL=$PWD/$BUILD/asan/memtop-fixture
export LC_ALL=C.UTF-8 MEMTOP_FIXTURE=none

# views RECORDING: prints each contradiction between two views, one a line, and how much
# was compared
views() {
	python3 - "$TOOL" "$1" <<'PYTHON'
import json, re, subprocess, sys

tool, path = sys.argv[1:]
compared = {"ages": 0, "ends": 0, "waiters": 0, "levels": 0, "shared": 0}

def run(*words):
    return subprocess.run([tool, *words, "--replay", path],
                          capture_output=True, text=True, check=False).stdout

def same(what, a, b):
    compared[what] += 1
    if a != b:
        print(f"{what}: {a!r} is not {b!r}")

nr = len(open(path).readlines()) - 1
samples = [json.loads(run("report", "--json", "--sample", str(i + 1)) or "{}")
           for i in range(nr)]
events = [json.loads(line) for line in run("watch", "--json").splitlines()]
lines = run("watch").splitlines()
same("ages", len(events), len(lines))

def pools(sample):
    """The pools of a sample, each once: the entry that lists all of its tasks."""
    by_id = {}
    for device in sample.get("devices", []):
        for pool in device["pools"]:
            old = by_id.get(pool["id"])
            if not old or len(pool["waiters"]) > len(old["waiters"]):
                by_id[pool["id"]] = pool
    return by_id

for event, line in zip(events, lines):
    sample = next(s for s in samples if s.get("boottime_ns") == event["boottime_ns"])
    pool = pools(sample)[event["pool_id"]]
    if event["event"] == "clear":
        # a finished wait was no longer than the longest one
        same("ends", event["age_ns"] <= pool["longest_wait_ns"], True)
        same("ends", pool["waiting"] < 2 and event["waiter"]["pid"] in
             [w["pid"] for w in pool["waiters"]], False)
        continue
    waiter = next(w for w in pool["waiters"] if w["pid"] == event["waiter"]["pid"])
    same("ages", event["age_ns"], event["boottime_ns"] - waiter["since_ns"])
    device = next(d for d in sample["devices"] if d["dev"] == event["dev"])
    same("waiters", event["waiter"]["pid"] in [w["pid"] for p in device["pools"]
                                               for w in p["waiters"]], True)

ended = {}
for number, sample in enumerate(samples, 1):
    if not sample:
        continue
    words = ("--sample", str(number))
    ages = [sample["boottime_ns"] - w["since_ns"] for pool in pools(sample).values()
            for w in pool["waiters"]]
    figure = re.search(r"wait_age=([\d.]+)s", run("check", *words))
    same("ages", float(figure[1]), max(ages, default=0) // 1000000 / 1000)
    for device in sample["devices"]:
        if not device["dev"]:
            continue
        row = run("report", "--csv", "-H", "--no-totals", "-o", "level,waiters",
                  *words, device["dev"]).split(",")
        waiting = [p["waiting"] for p in device["pools"]]
        if device["pools"] and None not in waiting:
            same("waiters", int(row[1]), sum(waiting))
        for pool in device["pools"]:
            if pool["min"] and pool["current"] == 0:
                same("levels", row[0].endswith(f" 0/{pool['min']}"), True)
            same("shared", pool["serves"] > 1, bool(pool["shared_with"]))
    for pool in pools(sample).values():
        ended[pool["role"]] = max(ended.get(pool["role"], 0), pool["longest_wait_ns"] or 0)
# advise names the longest wait of all samples
for role, up_to in re.findall(r"(\S+) (?:of \S+ \S+ )?was exhausted .*, for up to (\S+?)(?:,| \()",
                              run("advise")):
    listed = run("report", "--pools", "-o", "role,longest_wait", "-H").split("\n")
    same("ends", f"{role} {up_to}" in [" ".join(line.split()) for line in listed], True)
for end in (e for e in zip(events, lines) if e[0]["event"] == "clear"):
    if re.search("waited (at least [^ ,]+, at most )?[^ ]+ for", end[1]) is None:
        print(f"no duration in {end[1]}")
print("compared", *(key for key in compared if compared[key]))
PYTHON
}

for recording in tests/recordings/*; do
	name=${recording##*/}
	is "$(views "$recording" | grep -v '^compared')" "" "$name: all views agree"
done
is "$(views tests/recordings/deadlock | tail -n 1)" "compared ages ends waiters levels shared" \
	"all of it is compared"

# --- a reserve that several devices share ----------------------------------------
# The kernel names none of them. Devices whose tasks wait for it or hold an element use it.
DEADLOCK=(--replay tests/recordings/deadlock --sample 2)
row() {
	"$TOOL" report -H --no-totals -o "$1" "${DEADLOCK[@]}" "${@:2}" | tr -s ' ' | sed 's/ $//'
}
is "$(row name,level,waiters bottom)" "bottom recheck.page 0/1 1" "the waiting device is shown alone"
is "$(row name,level,waiters --name 'b*')" "bottom recheck.page 0/1 1" "... by a pattern"
is "$(row name,level,waiters --target verity)" "bottom recheck.page 0/1 1
top recheck.page 0/1 0" "... by its target, and so does the one that has it"
is "$(row name,waiters,held,shared,serves --pools bottom | grep -v ' - 1$')" "bottom 1 0 253:3 2" "the pool is one of it"
is "$(row name,waiters,held,shared,serves --pools top | grep -v ' - 1$')" "top 0 1 253:2 2" "... and of the other"
is "$("$TOOL" report --json "${DEADLOCK[@]}" | jq -c '[.totals.reserved_bytes,
	([.devices[].pools[] | {id, reserved_bytes}] | unique | map(.reserved_bytes) | add)] | unique | length')" 1 \
	"a total has it once"
is "$("$TOOL" report -o waiters -H "${DEADLOCK[@]}" | tail -n 1 | tr -d ' ')" 1 "... and the task that waits for it"
"$TOOL" check "${DEADLOCK[@]}" >"$TAP_TMP/out"
like "$(cat "$TAP_TMP/out")" 'risks=1;' "the rule for shared pools finds it"
like "$("$TOOL" top -b -n 2 "${DEADLOCK[@]:0:2}" -o name,level,waiters | tr -s ' ')" 'bottom recheck.page 0/1 1' \
	"the live view has it"

done_testing
