#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Makes each allocation of each command fail in turn: the output is the usual output, or
an error. Prints TAP."""

import concurrent.futures
import os
import pathlib
import subprocess
import sys
import tempfile

os.chdir(pathlib.Path(__file__).resolve().parent.parent.parent)
BUILD = os.environ.get("BUILD", ".output")
TOOL = f"{BUILD}/plain/memtop-fixture"
FAIL = os.path.abspath(f"{BUILD}/fail.so")
REPLAY = "tests/recordings/deadlock"

# the fixture, and the command
COMMANDS = [
    ("one", "report --json --subtotal *"),
    ("traced", "report --json"),
    ("one", "report"),
    ("one", "report --tree"),
    ("one", "report --pools --csv"),
    ("one", "advise --json"),
    ("one", "advise"),
    ("one", "doctor --json"),
    ("one", "doctor"),
    ("one", "record -"),
    ("one", "export --textfile -"),
    ("one", f"watch --json --replay {REPLAY}"),
    ("one", f"watch --replay {REPLAY}"),
    ("one", "top --batch --ascii -n 1"),
    ("one", "help"),
]


def content(command, output):
    """The samples of a recording, which is longer if libzstd cannot be loaded."""
    if not command.startswith("record") or not output:
        return output
    done = subprocess.run([TOOL, "report", "--json", "--replay", "-"], input=output, capture_output=True,
                          timeout=60, check=False)
    return done.stdout


def run(fixture, command, **variables):
    environment = {**os.environ, "MEMTOP_FIXTURE": fixture, "LC_ALL": "C.UTF-8", "LD_PRELOAD": FAIL,
                   **variables}
    done = subprocess.run([TOOL, *command.split()], env=environment, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=60, check=False)
    return done.returncode, steady(content(command, done.stdout)), done.stderr


def steady(output):
    """Without values that differ from run to run."""
    return b"\n".join(line for line in output.split(b"\n")
                      if not line.startswith((b"dmverity_scrape_duration_seconds",
                                              b"dmverity_machine_memory_bytes",
                                              b"process_cpu_seconds")))


def wrong(good, ascii_only, got):
    """The fault in this result, or nothing. A locale that cannot be read leaves ASCII."""
    if got[0] == good[0]:
        return "" if got[1] in (good[1], ascii_only) else f"status {got[0]}, but another output"
    if got[0] != 1:
        return f"status {got[0]}"
    if not got[2].strip():
        return "status 1, but not a word"
    return ""


def main():
    tests = failed = 0
    with tempfile.TemporaryDirectory() as directory, \
            concurrent.futures.ThreadPoolExecutor(2) as pool:
        for fixture, command in COMMANDS:
            count = pathlib.Path(directory) / "count"
            good = run(fixture, command, FAIL_COUNT=str(count))
            ascii_only = run(fixture, command, LC_ALL="C")[1]
            number = int(count.read_text().split()[0])
            results = pool.map(lambda n, f=fixture, c=command: (
                n, run(f, c, FAIL_ALLOCATION=str(n))), range(1, number + 1))
            faults, errors = [], 0
            for n, result in results:
                errors += result[0] != good[0]
                if fault := wrong(good, ascii_only, result):
                    faults.append(f"allocation {n}: {fault}: {result[2][:200]!r}")
            # a library that makes nothing fail has tested nothing
            fine = not faults and errors > 0 and good[1]
            tests += 1
            failed += not fine
            print("ok" if fine else "not ok", tests,
                  f"- {command} ({fixture}): {number} allocations, {errors} errors", flush=True)
            for fault in faults[:10]:
                print("#", fault, file=sys.stderr)
    print(f"1..{tests}")
    return failed != 0


sys.exit(main())
