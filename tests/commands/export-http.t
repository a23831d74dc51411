#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Metrics over HTTP on the loopback device, with well-behaved clients. The others are in
export-attacks.t. Prints TAP."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
sys.dont_write_bytecode = True
from exporter import ASAN, PATIENCE, PLAIN, Exporter, begins, done, metrics, ok, read_all  # noqa: E402


def good_clients():
    exporter = Exporter()
    page = exporter.get()
    ok(begins(page, 200), "a scrape", page[:300])
    head = page.partition("\r\n\r\n")[0].lower()
    ok("content-type: text/plain; version=0.0.4; charset=utf-8" in head, "... of the right type", head)
    length = re.search(r"content-length: (\d+)", head)
    body = page.partition("\r\n\r\n")[2]
    ok(length and int(length[1]) == len(body.encode()), "... of the announced length")
    series = metrics(page)
    waits = 'dmverity_waits_total{device="dm-1"}'
    ok(series.get(waits) == 2100 and series["dmverity_scrapes_total"] == 1, "... has counters", series)
    series = exporter.scrape()
    ok(series.get(waits) == 2100 and series["dmverity_scrapes_total"] == 2, "another one, too")
    head, _, body = exporter.get(method="HEAD").partition("\r\n\r\n")
    ok(begins(head, 200) and not body, "HEAD has no body")
    ok("metrics are at /metrics" in exporter.get("/"), "/ says where they are")
    ok(begins(exporter.get("/metrics?x=y"), 200), "what comes after a ? does not matter")
    ok(begins(exporter.get("/metric"), 404), "another page is not there")
    ok(begins(exporter.get("/metrics/../metrics"), 404), "... nor by a detour")
    for method in "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "FOO":
        reply = exporter.get(method=method)
        ok(begins(reply, 405) and "Allow: GET, HEAD" in reply, f"{method} is not allowed", reply)
    ok(exporter.scrape()["dmverity_http_refused_total"] == 9, "refusals are counted")
    port = exporter.port
    other = subprocess.run([ASAN, "export", "--web.listen-address", f"127.0.0.1:{port}"],
                           env={**os.environ, "MEMTOP_FIXTURE": "one"}, capture_output=True,
                           text=True, check=False)
    ok(other.returncode == 1 and "Address already in use" in other.stderr, "a port is taken only once",
       other.stderr)
    ok(exporter.end() == 0, "SIGTERM ends it with 0", exporter.said)
    ok("other systems" not in exporter.said, "nobody else reaches it")
    again = Exporter(address=f"127.0.0.1:{port}")
    ok(again.scrape(), "the port can be taken again at once")
    ok(again.end(signal.SIGINT) == 0, "SIGINT ends it with 0", again.said)


def addresses():
    exporter = Exporter("--web.telemetry-path", "/a/b", address="[::1]:0")
    ok(exporter.path == "/a/b" and begins(exporter.get("/a/b"), 200), "IPv6, and another path")
    ok(begins(exporter.get("/metrics"), 404), "... and not the usual one")
    exporter.end()
    exporter = Exporter(address=":0")
    exporter.host = "127.0.0.1"
    ok(exporter.scrape(), "all addresses: IPv4")
    exporter.host = "::1"
    ok(exporter.scrape(), "... and IPv6")
    exporter.end()
    ok("can be reached from other systems" in exporter.said, "... of which it warns", exporter.said)


def changes(directory):
    """The devices change while the exporter runs."""
    names = directory / "fixture"
    names.write_text("traced")
    os.chmod(directory, 0o755)
    exporter = Exporter(fixture=f"@{names}")
    waits = 'dmverity_waits_total{device="dm-1"}'
    rechecks = 'dmverity_rechecks_total{device="dm-1"}'
    series = exporter.scrape()
    ok(series.get(waits) == 2100 and series.get(rechecks) == 12, "a device has its counters")
    names.write_text("empty")
    ok(not [name for name in exporter.scrape() if "dm-1" in name], "it goes, and its series with it")
    names.write_text("traced")
    series = exporter.scrape()
    ok(series.get(waits, 0) >= 2100 and series.get(rechecks, 0) >= 12,
       "another of its number goes on from there", series)
    names.write_text("none-such")
    series = exporter.scrape()
    ok(series["dmverity_scrape_success"] == 0 and series["dmverity_scrape_failures_total"] == 1,
       "when the kernel can't be read, that is a metric", series)
    ok(not [name for name in series if "device=" in name], "... and nothing old is shown")
    names.write_text("traced")
    series = exporter.scrape()
    ok(series["dmverity_scrape_success"] == 1 and series["dmverity_scrape_failures_total"] == 1,
       "... until it can again", series)
    pid = exporter.process.pid
    exporter.process.send_signal(signal.SIGHUP)
    after = exporter.scrape()
    ok(after["dmverity_scrapes_total"] == series["dmverity_scrapes_total"] + 1 and
       exporter.process.pid == pid and after[waits] >= series[waits], "SIGHUP changes no count")
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)
    ok("fixture: Input/output error" in exporter.said, "what went wrong is in the log")


def rights():
    exporter = Exporter(tool=PLAIN)
    ok({exporter.status(f) for f in ("CapEff", "CapPrm", "CapInh", "CapAmb")} == {"0" * 16},
       "it has no capability left")
    ok(exporter.status("NoNewPrivs") == "1", "... and gets none")
    ok(exporter.status("Uid") != "0", "... and is not root")
    if os.getuid() == 0:
        ok(exporter.status("CapBnd") == "0" * 16, "... whatever it would run")
        ok(exporter.status("Groups") == "",
           "... nor of root's groups")
    exporter.end()
    for error, status in ("MEMTOP_OPEN_ERROR", 3), ("MEMTOP_READ_ERROR", 3):
        run = subprocess.run([ASAN, "export", "--web.listen-address", "127.0.0.1:0"],
                             env={**os.environ, "MEMTOP_FIXTURE": "one", error: "1"},
                             capture_output=True, text=True, check=False)
        ok(run.returncode == status and "serving" not in run.stderr,
           f"{error}: it fails at once, with {status}", run.stderr)


def service(directory):
    """The protocol with a service manager: passed sockets and notifications."""
    path = str(directory / "notify")
    os.chmod(directory, 0o755)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, socket.socket() as listening:
        notify.bind(path)
        os.chmod(path, 0o666)
        notify.settimeout(PATIENCE)
        listening.bind(("127.0.0.1", 0))
        listening.listen()

        def command(number):
            return ["sh", "-c", f'export LISTEN_PID=$$; exec "$@" 3<&{listening.fileno()}', "sh",
                    ASAN, "export", "--web.listen-address", f"fd://{number}"]

        process = subprocess.Popen(
            command(0), pass_fds=[listening.fileno()], stderr=subprocess.PIPE, text=True,
            env={**os.environ, "MEMTOP_FIXTURE": "one", "NOTIFY_SOCKET": path,
                 "WATCHDOG_USEC": "400000", "LISTEN_FDS": "1"})
        ok(notify.recv(100) == b"READY=1", "it says when it is ready")
        told = [notify.recv(100) for _ in range(5)]
        ok(told == [b"WATCHDOG=1"] * 5, "... that it is alive, again and again", told)
        with socket.create_connection(listening.getsockname(), timeout=PATIENCE) as client:
            client.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            ok("dmverity_device_info" in read_all(client), "it serves the socket that was passed")
        process.terminate()
        last = b"WATCHDOG=1"
        while last == b"WATCHDOG=1":
            last = notify.recv(100)
        ok(last == b"STOPPING=1", "... and that it stops", last)
        said = process.communicate(timeout=PATIENCE)[1]
        ok(process.returncode == 0, "... and ends with success", said)
        run = subprocess.run(command(1), pass_fds=[listening.fileno()], capture_output=True,
                             env={**os.environ, "MEMTOP_FIXTURE": "one", "LISTEN_FDS": "1"},
                             text=True, check=False)
        ok(run.returncode == 1 and "no socket 1 was passed" in run.stderr, "a socket that was not passed",
           run.stderr)


def nothing_grows():
    exporter = Exporter(tool=PLAIN, fixture="demo")

    def scrapes(nr):
        for i in range(nr):
            reply = exporter.get() if i % 10 else exporter.get("/x")
            if not (begins(reply, 200) or begins(reply, 404)):
                ok(False, "a scrape", reply[:200])

    def files():
        return len(os.listdir(f"/proc/{exporter.process.pid}/fd")) if os.getuid() == 0 else 0

    # none before the first: the server closes a connection soon after its answer
    files_before = files()
    scrapes(200)
    before = int(exporter.status("VmRSS"))
    scrapes(1000)
    after = int(exporter.status("VmRSS"))
    ok(after - before < 300, f"1000 scrapes take no memory ({before} to {after} KiB)")
    deadline = time.monotonic() + PATIENCE
    while files() > files_before and time.monotonic() < deadline:
        time.sleep(0.05)
    ok(files() <= files_before, "... and no file", (files_before, files()))
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def main():
    with contextlib.ExitStack() as stack:
        directories = [pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
                       for _ in range(2)]
        good_clients()
        addresses()
        changes(directories[0])
        rights()
        service(directories[1])
        nothing_grows()
    return done()


sys.exit(main())
