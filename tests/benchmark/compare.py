#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Medians of measurements and their ratio to one of them.

usage: compare.py BASE < MEASUREMENTS

Each line of input is a case, what was measured in it, and a number, with tabs
between. Prints, for each case, each median, the spread (highest less lowest, as
a share of the median), and the ratio to the median of BASE.
"""

import statistics
import sys


def main():
    base = sys.argv[1]
    cases = {}
    for line in sys.stdin:
        case, what, value = line.rstrip("\n").split("\t")
        cases.setdefault(case, {}).setdefault(what, []).append(float(value))
    if not cases:
        sys.exit("compare.py: nothing was measured")
    width = max(len(what) for case in cases.values() for what in case)
    for case, values in cases.items():
        print(f"\n{case}")
        reference = statistics.median(values[base])
        for what, runs in values.items():
            median = statistics.median(runs)
            spread = (max(runs) - min(runs)) / median
            print(f"  {what:{width}} {median:12.1f} ({spread:6.2%})"
                  f"  {median / reference:8.4f}")


main()
