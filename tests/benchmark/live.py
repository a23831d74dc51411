#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Measure what a live view costs while it is shown.

usage: live.py SECONDS COMMAND...

Runs COMMAND on a terminal of 120x40, waits until it has drawn something and then
SECONDS for it to settle, and prints
"cpu N": us of CPU per second in the SECONDS after that, user and system time; then
"memory N": KiB at its peak, and "private N": the part that nothing else maps.
"""
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import termios
import time


def drain(master, seconds):
    """Reads the output, as a terminal does."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0:
        if select.select([master], [], [], left)[0] and not os.read(master, 65536):
            sys.exit("it has ended")


def drain_first(master):
    """With -icount, time that passes while nothing runs is skipped."""
    seen = 0
    while seen < 2000:
        seen += len(os.read(master, 65536)) or sys.exit("it has ended")


def status(pid, name):
    with open("/proc/%d/status" % pid, encoding="utf-8") as file:
        return next(int(line.split()[1]) for line in file if line.startswith(name + ":"))


def main():
    seconds = int(sys.argv[1])
    pid, master = pty.fork()
    if not pid:
        os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8")
        os.execvp(sys.argv[2], sys.argv[2:])
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    os.kill(pid, signal.SIGWINCH)
    # the clock of another process's CPU time, as clock_getcpuclockid(3) has it
    clock = ~pid << 3 | 2
    drain_first(master)
    drain(master, seconds)
    before, begin = time.clock_gettime(clock), time.monotonic()
    drain(master, seconds)
    took = (time.clock_gettime(clock) - before) / (time.monotonic() - begin)
    print("cpu %.0f" % (took * 1e6))
    print("memory %d" % status(pid, "VmHWM"))
    print("private %d" % status(pid, "RssAnon"))
    os.kill(pid, signal.SIGTERM)
    os.waitpid(pid, 0)


main()
