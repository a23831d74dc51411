# SPDX-License-Identifier: GPL-2.0-only
"""The guest's kernel log, and what must not be in it."""

import os
import re

from .base import HERE, RunnerError

# Taint flags of errors, by bit (D, B, W, L).
BAD_TAINTS = {5: "bad page", 7: "oops or BUG", 9: "warning", 14: "soft lockup"}


class KernelLog:
    """Records of /dev/kmsg: "prio,seq,usec,flags;text", then " KEY=value"."""

    def __init__(self):
        self.buffer = b""
        self.lines = []  # (from the kernel itself, text with time)
        self.texts = []
        self.next_seq = 0
        self.gap = None

    def feed(self, data):
        *whole, self.buffer = (self.buffer + data).split(b"\n")
        for line in whole:
            self.record(line.decode(errors="replace"))

    def record(self, line):
        match = re.match(r"(\d+),(\d+),(\d+),[^;]*;(.*)", line)
        if not match:
            return  # a dictionary line of the record before
        prio, seq, usec, text = match.groups()
        if int(seq) != self.next_seq and self.gap is None:
            self.gap = f"record {seq} follows record {self.next_seq - 1}"
        self.next_seq = int(seq) + 1
        self.texts.append((int(prio) >> 3 == 0, text))
        self.lines.append(f"[{int(usec) / 1e6:12.6f}] {text}")


def load_patterns():
    patterns = []
    with open(os.path.join(HERE, "splats")) as f:
        for line in f:
            line = line.rstrip("\n")
            if line and not line.startswith("#"):
                patterns.append(line)
    if not patterns:
        raise RunnerError("tests/vm/splats has no pattern")
    return re.compile("|".join(f"(?:{p})" for p in patterns))


def find_splats(texts, patterns, allowed):
    """Indexes of lines of the kernel's own that match and aren't allowed."""
    return [
        i for i, (own, text) in enumerate(texts)
        if own and patterns.search(text) and not any(a.search(text) for a in allowed)
    ]


def splat_excerpt(lines, texts, at):
    end = at + 1
    while end < len(lines) and end < at + 80:
        end += 1
        if "---[ end " in texts[end - 1][1]:
            break
    return lines[max(0, at - 2):end]
