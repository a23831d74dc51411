# SPDX-License-Identifier: GPL-2.0-only
"""A running exporter to query, and TAP, for the tests in Python in tests/commands."""

import atexit
import contextlib
import os
import pathlib
import re
import resource
import signal
import socket
import subprocess
import sys
import time

# as in tap.sh
SELF = os.path.realpath(sys.argv[0])
os.chdir(pathlib.Path(__file__).resolve().parent.parent.parent)
STEADY = "tests/lib/steady"
if os.environ.get("STEADY_PID") != str(os.getpid()):
    os.execv(STEADY, [STEADY, sys.executable, SELF])
BUILD = os.environ.get("BUILD", ".output")
ASAN = f"{BUILD}/asan/memtop-fixture"
# growth can be measured only in the build without its own allocator
PLAIN = f"{BUILD}/plain/memtop-fixture"
PATIENCE = 900  # seconds: a limit for a broken test, not for a slow machine
REQUEST = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n"
TESTS = {"all": 0, "failed": 0, "subject": ""}


def ok(good, name, detail=""):
    if name.startswith("... "):  # as in tap.sh
        name = f"{TESTS['subject']} {name}"
    else:
        TESTS["subject"] = name
    TESTS["all"] += 1
    TESTS["failed"] += not good
    print(("ok" if good else "not ok"), TESTS["all"], "-", name.replace("#", "\\#"), flush=True)
    if not good and detail:
        print("\n".join(f"# {line}" for line in str(detail).splitlines()), file=sys.stderr)


def done():
    """Prints the plan; returns the exit status."""
    print(f"1..{TESTS['all']}")
    return TESTS["failed"] != 0


def bail(reason):
    print(f"Bail out! {reason}")
    sys.exit(1)


def comes_true(condition):
    """Waits for a condition; the limit is for a broken test only."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if result := condition():
            return result
        time.sleep(0.3)
    return None


def monitoring_programs():
    """The directory of Prometheus and the others."""
    fetched = subprocess.run(["kernel/fetch-monitoring"], stdout=subprocess.PIPE, text=True, check=False)
    if fetched.returncode:
        bail("the programs for monitoring could not be fetched")
    return pathlib.Path(fetched.stdout.strip())


class Exporter:
    """A running exporter, on a port of its own."""

    def __init__(self, *options, tool=ASAN, fixture="traced", address="127.0.0.1:0", files=None):
        environment = {**os.environ, "MEMTOP_FIXTURE": fixture}
        command = [tool, "export", *options, "--web.listen-address", address]

        def prepare():
            if files:
                resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))

        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.PIPE, text=True, preexec_fn=prepare)
        # a failed test must not leave a process behind
        atexit.register(self.process.kill)
        self.said = ""
        while match := self.process.stderr.readline():
            self.said += match
            if "serving metrics at" in match:
                break
        match = re.search(r"at http://(\[.*\]|[0-9.]+):(\d+)(/\S*)", self.said)
        if not match:
            raise RuntimeError(f"it does not serve: {self.said}")
        self.host, self.port, self.path = match[1].strip("[]"), int(match[2]), match[3]

    def connect(self, timeout=PATIENCE):
        return socket.create_connection((self.host, self.port), timeout=timeout)

    def ask(self, what, timeout=PATIENCE):
        """Everything that the server returns for this data."""
        with self.connect(timeout) as client:
            client.sendall(what)
            return read_all(client)

    def get(self, path=None, method="GET", timeout=PATIENCE):
        return self.ask(f"{method} {path or self.path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode(), timeout)

    def scrape(self, timeout=PATIENCE):
        return metrics(self.get(timeout=timeout))

    def status(self, field):
        for line in open(f"/proc/{self.process.pid}/status", encoding="ascii"):
            if line.startswith(field + ":"):
                return (line.split() + [""])[1]
        return None

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.said += self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode


def read_all(client):
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while part := client.recv(65536):
            data += part
    return data.decode(errors="replace")


def metrics(response):
    """The series of a page: from name and labels to value."""
    head, _, body = response.partition("\r\n\r\n")
    if not head.startswith("HTTP/1.1 200"):
        return {}
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
            for line in body.splitlines() if not line.startswith("#")}


def begins(response, status):
    return response.startswith(f"HTTP/1.1 {status} ")
