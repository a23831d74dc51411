#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The reader of recordings and every view, on what a fuzzer makes of recordings
# of all made-up samples and of tests/fuzz/corpus: as many inputs as RUNS, so that
# a slow machine tries no fewer; with FUZZ_SECONDS for as long as that.

set -u
# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

BUILD=${BUILD:-.output}
RUNS=3000
if [ -n "${FUZZ_SECONDS:-}" ]; then
	how_much="$FUZZ_SECONDS seconds" limit=-max_total_time=$FUZZ_SECONDS
else
	how_much="$RUNS inputs" limit=-runs=$RUNS
fi
FUZZER=$BUILD/fuzz/replay
SEEDS=$TAP_TMP/seeds
export LC_ALL=C.UTF-8
mkdir "$SEEDS" "$TAP_TMP/found"

for MEMTOP_FIXTURE in empty one noverity states unknowns shared hostile losses \
	huge traced stack deadlock stall; do
	export MEMTOP_FIXTURE
	ok "seed $MEMTOP_FIXTURE" "$BUILD/plain/memtop-fixture" \
		record --format json -n 2 -d 0 "$SEEDS/$MEMTOP_FIXTURE"
	"$BUILD/plain/memtop-fixture" record -n 2 -d 0 "$SEEDS/compact-$MEMTOP_FIXTURE"
	"$BUILD/memtop-no-zstd" record -n 2 -d 0 "$SEEDS/expanded-$MEMTOP_FIXTURE"
done
cp tests/fuzz/corpus/* "$SEEDS"

# Small ones as well, where a change of a byte does more.
python3 - "$SEEDS" <<'PYTHON'
import json, os, sys
for name in os.listdir(sys.argv[1]):
    try:
        lines = open(f"{sys.argv[1]}/{name}").readlines()[:2]
        header, sample = [json.loads(line) for line in lines]
        sample["pools"] = sample["pools"][-2:]
        sample["devices"] = sample["devices"][:3]
    except (ValueError, KeyError, TypeError):
        continue
    with open(f"{sys.argv[1]}/small-{name}", "w") as file:
        file.write(json.dumps(header, separators=(",", ":")) + "\n" +
                   json.dumps(sample, separators=(",", ":")) + "\n")
PYTHON

# fuzz ARGUMENT...: a crash leaves its input where it can be looked at
fuzz() {
	"$FUZZER" -close_fd_mask=3 -timeout=600 -rss_limit_mb=2048 \
		-artifact_prefix="$BUILD/fuzz/" -print_final_stats=1 "$@"
}

ok "each seed, and each recording that was ever trouble" \
	fuzz -runs=0 "$SEEDS"
# Its own output is enough: the last lines have the input's name.
ok "$how_much of what becomes of them" \
	fuzz "$limit" -max_len=32768 \
	-dict=tests/fuzz/replay.dict "$TAP_TMP/found" "$SEEDS"
units=$(sed -n 's/^stat::number_of_executed_units: *//p' <<<"$ERR")
is_num "${units:-0}" '>=' "$([ -n "${FUZZ_SECONDS:-}" ] && echo 100 || echo $RUNS)" "it did something"
diag "$units inputs"

done_testing
