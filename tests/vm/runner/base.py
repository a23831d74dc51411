# SPDX-License-Identifier: GPL-2.0-only
"""What all parts of the runner use: exit statuses, errors, messages, the cache."""

import os
import sys

STATUS_SCRIPT_HIGH = 120
STATUS_LOST = 121
STATUS_SPLAT = 122
STATUS_NO_SCAN = 123
STATUS_TIMEOUT = 124
STATUS_RUNNER = 125

# tests/vm
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TOP = os.path.dirname(os.path.dirname(HERE))


class RunnerError(Exception):
    pass


def say(text):
    sys.stdout.flush()
    print(f"vm: {text}", file=sys.stderr, flush=True)


def cache_dir():
    base = os.environ.get("MEMTOP_CACHE")
    if not base:
        base = os.path.join(
            os.environ.get("XDG_CACHE_HOME")
            or os.path.join(os.environ.get("HOME", "/root"), ".cache"),
            "verity-memtop",
        )
    os.makedirs(base, exist_ok=True)
    return base


def write_all(fd, data):
    while data:
        data = data[os.write(fd, data):]
