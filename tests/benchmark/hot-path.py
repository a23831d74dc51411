#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Medians of "VARIANT CASE NS" lines and their ratio to the control."""

import statistics
import sys

TITLES = {
    "control": "without the series",
    "series": "with the series",
    "attached": "... and the tool attached",
    "bpftrace": "... and a kprobe on mempool_alloc()",
}

rounds = {}
for line in sys.stdin:
    variant, case, value = line.split()
    rounds.setdefault(case, {}).setdefault(variant, []).append(int(value))
if not rounds:
    sys.exit("hot-path: nothing was measured")

print("Instructions for one 4 KiB read: median of the rounds, (spread),"
      " ratio to the kernel without the series.")
for case, variants in rounds.items():
    print(f"\n{case}")
    base = statistics.median(variants["control"])
    for variant, values in variants.items():
        median = statistics.median(values)
        spread = (max(values) - min(values)) / median
        print(f"  {TITLES[variant]:36} {median:9.0f} ({spread:.2%})"
              f"  {median / base - 1:+.3%}")
