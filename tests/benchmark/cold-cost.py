#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Medians of "DEVICES COMMAND US" lines, and their ratio to dmsetup status."""

import statistics
import sys

TITLES = {
    "report": "verity-memtop report",
    "report-json": "verity-memtop report --json",
    "attach": "  of which: start, load and attach BPF",
    "version": "  of which: start (verity-memtop version)",
    "dmsetup-status": "dmsetup status",
    "dmsetup-table": "dmsetup table",
}

runs = {}
for line in sys.stdin:
    devices, command, value = line.split()
    runs.setdefault(devices, {}).setdefault(command, []).append(int(value))
if not runs:
    sys.exit("cold-cost: nothing was measured")

print("Millions of instructions for a whole process, the kernel's part included,"
      "\nwaiting not: median, (spread), ratio to dmsetup status.")
for devices, commands in runs.items():
    print(f"\n{devices} device(s)")
    base = statistics.median(commands["dmsetup-status"])
    for command, values in commands.items():
        median = statistics.median(values)
        spread = (max(values) - min(values)) / median
        print(f"  {TITLES[command]:42} {median / 1e3:8.1f} ({spread:.1%})"
              f"  {median / base:6.2f}")
