#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Metrics over HTTP on the loopback device: to good clients, and in spite of
bad ones. Speaks TAP."""

import contextlib
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

BUILD = os.environ.get("BUILD", ".output")
os.chdir(pathlib.Path(__file__).resolve().parent.parent)
ASAN = f"{BUILD}/asan/memtop-fixture"
# what grows is seen in the one that has no allocator of its own
PLAIN = f"{BUILD}/plain/memtop-fixture"
LIMIT = 64  # HTTP_CONNECTIONS, cli/serve/http.h
REPLIES = 8  # HTTP_REPLIES
tests = failed = 0


def ok(good, name, detail=""):
    global tests, failed
    tests += 1
    failed += not good
    print(("ok" if good else "not ok"), tests, "-", name.replace("#", "\\#"), flush=True)
    if not good and detail:
        print("\n".join(f"# {line}" for line in str(detail).splitlines()), file=sys.stderr)


class Exporter:
    """One that runs, on a port of its own."""

    def __init__(self, *options, tool=ASAN, fixture="traced", address="127.0.0.1:0"):
        environment = {**os.environ, "MEMTOP_FIXTURE": fixture}
        command = [tool, "export", *options, "--web.listen-address", address]
        # a shell that runs the tests in the background has SIGINT ignored
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True,
                                        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        self.said = ""
        while match := self.process.stderr.readline():
            self.said += match
            if "serving metrics at" in match:
                break
        match = re.search(r"at http://(\[.*\]|[0-9.]+):(\d+)(/\S*)", self.said)
        if not match:
            raise RuntimeError(f"it does not serve: {self.said}")
        self.host, self.port, self.path = match[1].strip("[]"), int(match[2]), match[3]

    def connect(self, timeout=20):
        return socket.create_connection((self.host, self.port), timeout=timeout)

    def ask(self, what, timeout=20):
        """All that comes of sending this."""
        with self.connect(timeout) as client:
            client.sendall(what)
            return read_all(client)

    def get(self, path=None, method="GET", timeout=20):
        return self.ask(f"{method} {path or self.path} HTTP/1.1\r\nHost: x\r\n\r\n".encode(), timeout)

    def scrape(self, timeout=20):
        return metrics(self.get(timeout=timeout))

    def status(self, field):
        for line in open(f"/proc/{self.process.pid}/status", encoding="ascii"):
            if line.startswith(field + ":"):
                return (line.split() + [""])[1]
        return None

    def end(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.said += self.process.communicate(timeout=20)[1]
        return self.process.returncode


def read_all(client):
    data = b""
    with contextlib.suppress(ConnectionResetError):
        while part := client.recv(65536):
            data += part
    return data.decode(errors="replace")


def metrics(response):
    """The series of a page: name and labels to value."""
    head, _, body = response.partition("\r\n\r\n")
    if not head.startswith("HTTP/1.1 200"):
        return {}
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2])
            for line in body.splitlines() if not line.startswith("#")}


def begins(response, status):
    return response.startswith(f"HTTP/1.1 {status} ")


def good_clients():
    exporter = Exporter()
    page = exporter.get()
    ok(begins(page, 200), "a scrape", page[:300])
    head = page.partition("\r\n\r\n")[0].lower()
    ok("content-type: text/plain; version=0.0.4; charset=utf-8" in head, "... of the right type", head)
    length = re.search(r"content-length: (\d+)", head)
    body = page.partition("\r\n\r\n")[2]
    ok(length and int(length[1]) == len(body.encode()), "... of the length it says")
    series = metrics(page)
    waits = 'dmverity_pool_waits_total{device="dm-1",slot="live",role="hash.bvec"}'
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
    ok("other machines" not in exporter.said, "nobody else reaches it")
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
    ok("can be reached from other machines" in exporter.said, "... of which it warns", exporter.said)


def changes(directory):
    """What is there changes while it runs."""
    names = directory / "fixture"
    names.write_text("traced")
    os.chmod(directory, 0o755)
    exporter = Exporter(fixture=f"@{names}")
    waits = 'dmverity_pool_waits_total{device="dm-1",slot="live",role="hash.bvec"}'
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
    ok(exporter.end() == 0, "it ends in good order", exporter.said)
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
    """What a service manager gives and is told."""
    path = str(directory / "notify")
    os.chmod(directory, 0o755)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify, socket.socket() as listening:
        notify.bind(path)
        os.chmod(path, 0o666)
        notify.settimeout(10)
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
        began = time.monotonic()
        told = [notify.recv(100) for _ in range(5)]
        ok(told == [b"WATCHDOG=1"] * 5, "... that it is alive", told)
        ok(0.5 < time.monotonic() - began < 5, "... now and then")
        with socket.create_connection(listening.getsockname(), timeout=20) as client:
            client.sendall(b"GET /metrics HTTP/1.0\r\n\r\n")
            ok("dmverity_device_info" in read_all(client), "it serves the socket that was passed")
        process.terminate()
        last = b"WATCHDOG=1"
        while last == b"WATCHDOG=1":
            last = notify.recv(100)
        ok(last == b"STOPPING=1", "... and that it stops", last)
        said = process.communicate(timeout=20)[1]
        ok(process.returncode == 0, "... which it does", said)
        run = subprocess.run(command(1), pass_fds=[listening.fileno()], capture_output=True,
                             env={**os.environ, "MEMTOP_FIXTURE": "one", "LISTEN_FDS": "1"},
                             text=True, check=False)
        ok(run.returncode == 1 and "no socket 1 was passed" in run.stderr, "a socket that was not passed",
           run.stderr)


def trickle(exporter, result):
    """A header that never ends, a byte now and then."""
    began = time.monotonic()
    client = exporter.connect(60)
    with contextlib.suppress(OSError):
        client.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
        while time.monotonic() - began < 60:
            client.sendall(b"y")
            client.settimeout(0.5)
            with contextlib.suppress(socket.timeout):
                if not client.recv(1):
                    break
    result.append(time.monotonic() - began)


def bad_clients():
    exporter = Exporter(tool=PLAIN, fixture="demo")
    for what in (b"\r\n" * 10, b"GET\r\n\r\n", b"\0" * 100, b"GET /metrics HTTP/9.9\r\n\r\n",
                 b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n",
                 b"GET /metrics HTTP/1.1\r\nX: " + b"y" * 100000 + b"\r\n\r\n",
                 b"GET /metrics HTTP/1.1\r\n" + b"A: b\r\n" * 20000 + b"\r\n",
                 b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n",
                 b"POST /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n"):
        with contextlib.suppress(OSError):
            reply = exporter.ask(what)
            ok(not begins(reply, 200), f"no page for {what[:24]!r}", reply[:200])
    ok(exporter.scrape(), "after which there is one for others")

    # all the connections there are, which say nothing
    silent = [exporter.connect() for _ in range(LIMIT)]
    began = time.monotonic()
    ok(exporter.scrape(timeout=40), "silent clients only hold up others")
    ok(time.monotonic() - began < 15, "... for no longer than their time is", time.monotonic() - began)
    for client in silent:
        client.close()

    # it is held meanwhile, so that their time is over for all at once
    silent = [exporter.connect() for _ in range(LIMIT)]
    time.sleep(1)
    exporter.process.send_signal(signal.SIGSTOP)
    time.sleep(12)
    with exporter.connect(40) as client:
        client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        exporter.process.send_signal(signal.SIGCONT)
        began = time.monotonic()
        ok(metrics(read_all(client)), "... also when they go all at once")
        ok(time.monotonic() - began < 10, "... at once", time.monotonic() - began)
    for client in silent:
        client.close()

    # many at once, each of which is served
    replies = []
    clients = [threading.Thread(target=lambda: replies.append(exporter.get(timeout=60)))
               for _ in range(200)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    ok(len(replies) == 200 and all(begins(r, 200) or begins(r, 503) for r in replies),
       "200 clients at once get an answer each")
    whole = [r for r in replies if begins(r, 200)]
    ok(whole and all(r.rstrip().splitlines()[-1].startswith("process_start_time") for r in whole),
       f"... the {len(whole)} that get the page all of it")

    ok(exporter.end() == 0, "it ends in good order", exporter.said)


def slow_readers():
    """They hold as many pages as there may be."""
    exporter = Exporter(tool=PLAIN, fixture="thousand")
    exporter.get()
    before = int(exporter.status("VmRSS"))
    readers = []
    for _ in range(REPLIES + 12):
        client = socket.socket()
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.connect((exporter.host, exporter.port))
        client.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
        readers.append(client)
    time.sleep(3)
    reply = exporter.get()
    ok(begins(reply, 503) and "Retry-After" in reply, "no page more than are on their way", reply[:200])
    size = len(exporter.get("/"))
    ok(size, "... but an answer")
    grown = int(exporter.status("VmRSS")) - before
    ok(grown < 120000, f"... for {REPLIES} pages of memory ({grown} KiB)")
    for client in readers:
        client.close()
    time.sleep(1)
    ok(exporter.scrape(), "when they are gone there is one again")
    ok(exporter.end() == 0, "it ends in good order", exporter.said)


def trickler_ends():
    exporter = Exporter(tool=PLAIN, fixture="one")
    times = []
    threads = [threading.Thread(target=trickle, args=(exporter, times)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ok(len(times) == 4 and all(28 < t < 40 for t in times),
       "who never stops sending is sent away after half a minute", times)
    ok(exporter.end() == 0, "it ends in good order", exporter.said)


def nothing_grows():
    exporter = Exporter(tool=PLAIN, fixture="demo")

    def scrapes(nr):
        for i in range(nr):
            reply = exporter.get() if i % 10 else exporter.get("/x")
            if not (begins(reply, 200) or begins(reply, 404)):
                ok(False, "a scrape", reply[:200])

    def files():
        return len(os.listdir(f"/proc/{exporter.process.pid}/fd")) if os.getuid() == 0 else 0

    # none before the first: connections are closed soon after their answer
    files_before = files()
    scrapes(200)
    before = int(exporter.status("VmRSS"))
    scrapes(1000)
    after = int(exporter.status("VmRSS"))
    ok(after - before < 300, f"1000 scrapes take no memory ({before} to {after} KiB)")
    for _ in range(200):
        if files() <= files_before:
            break
        time.sleep(0.05)
    ok(files() <= files_before, "... and no file", (files_before, files()))
    ok(exporter.end() == 0, "it ends in good order", exporter.said)


def main():
    with contextlib.ExitStack() as stack:
        directories = [pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
                       for _ in range(2)]
        # it takes its time, which others need not wait for
        waiting = threading.Thread(target=trickler_ends)
        waiting.start()
        good_clients()
        addresses()
        changes(directories[0])
        rights()
        service(directories[1])
        bad_clients()
        slow_readers()
        nothing_grows()
        waiting.join()
    print(f"1..{tests}")
    return failed != 0


sys.exit(main())
