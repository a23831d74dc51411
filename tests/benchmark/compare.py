#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Print medians of measurements and their ratio to one of them.

usage: compare.py BASE ["NAME=A[ less B]"]... < MEASUREMENTS

Each line of input has a case, the name of a measurement, and a number, separated by
tabs. Prints, for each case, each median, the spread (highest less lowest, as a share of
the median), and the ratio to the median of BASE. Then, for each NAME, the median of A
less that of B, under that name. With --each-first as BASE, the base is the first
measurement of each case.
"""

import statistics
import sys


def main():
    base, *parts = sys.argv[1:]
    parts = [part.partition("=") for part in parts]
    cases = {}
    for line in sys.stdin:
        case, what, value = line.rstrip("\n").split("\t")
        cases.setdefault(case, {}).setdefault(what, []).append(float(value))
    if not cases:
        sys.exit("compare.py: nothing was measured")
    names = [what for case in cases.values() for what in case]
    width = max(map(len, names + [name for name, _, _ in parts]))
    for case, values in cases.items():
        print(f"\n{case}")
        first = next(iter(values)) if base == "--each-first" else base
        reference = statistics.median(values[first])
        for what, runs in values.items():
            median = statistics.median(runs)
            spread = (max(runs) - min(runs)) / median
            print(f"  {what:{width}} {median:12.1f} ({spread:6.2%})"
                  f"  {median / reference:8.4f}")
        for name, _, value in parts:
            whole, _, rest = value.partition(" less ")
            part = statistics.median(values[whole])
            part -= statistics.median(values[rest]) if rest else 0
            print(f"  {name:{width}} {part:12.1f} {'':8}"
                  f"  {part / reference:8.4f}")


main()
