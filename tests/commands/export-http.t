#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Metrics over HTTP on the loopback device, with well-behaved clients. The others are in
export-attacks.t. Prints TAP."""

import contextlib
import gzip
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time

from prometheus_client import parser as text_parser
from prometheus_client.openmetrics import parser as openmetrics_parser

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
sys.dont_write_bytecode = True
from exporter import ASAN, PATIENCE, PLAIN, REQUEST, Exporter, begins, done, metrics, ok, read_all  # noqa: E402


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


def ask(exporter, path=None, method="GET", **headers):
    """The status, headers and body of a reply."""
    lines = [f"{method} {path or exporter.path} HTTP/1.1", "Host: localhost"]
    for name, value in headers.items():
        for one in [value] if isinstance(value, str) else value:
            lines.append(f"{name.replace('_', '-')}: {one}")
    with exporter.connect() as client:
        client.sendall("\r\n".join(lines + ["", ""]).encode())
        data = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    names = dict(line.split(": ", 1) for line in lines)
    return int(status.split()[1]), {name.lower(): value for name, value in names.items()}, body


def encodings():
    exporter = Exporter(fixture="demo")
    _, plain_headers, plain = ask(exporter)
    ok("content-encoding" not in plain_headers and plain.startswith(b"# HELP"), "a page without encoding")
    ok(plain_headers["vary"] == "Accept, Accept-Encoding", "... depends on two headers", plain_headers)
    for accepted in "gzip", "gzip;q=0.5", "deflate, gzip", ["br", "gzip"]:
        status, headers, body = ask(exporter, Accept_Encoding=accepted)
        ok(status == 200 and headers.get("content-encoding") == "gzip", f"gzip for {accepted}", headers)
        ok(int(headers["content-length"]) == len(body), "... of the announced length")
        # its values differ from page to page, not its series
        ok([line.split()[0] for line in gzip.decompress(body).splitlines()] ==
           [line.split()[0] for line in plain.splitlines()], "... is the same page")
        ok(len(body) * 6 < len(plain), "... in less than a sixth of the bytes", (len(body), len(plain)))
        ok(headers["vary"] == plain_headers["vary"], "... with the same Vary")
    for accepted in "gzip;q=0", "identity", "*;q=0", "", ["gzip;q=0", "*"], "identity, gzip;q=0.1":
        status, headers, body = ask(exporter, Accept_Encoding=accepted)
        ok(status == 200 and "content-encoding" not in headers and body.startswith(b"# HELP"),
           f"no gzip for {accepted!r}", headers)
    status, headers, body = ask(exporter, method="HEAD", Accept_Encoding="gzip")
    ok(status == 200 and headers.get("content-encoding") == "gzip" and not body and
       int(headers["content-length"]) > 0, "HEAD has the same headers", headers)
    status, headers, body = ask(exporter, "/other", Accept_Encoding="gzip")
    ok(status == 404 and body == b"Not found.\n" and "content-encoding" not in headers,
       "a short reply is not compressed", headers)
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


# what Prometheus 2.42 sends
PROMETHEUS = ("application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
              "text/plain;version=0.0.4;q=0.5,*/*;q=0.1")


def samples_of(families):
    return {(sample.name, tuple(sorted(sample.labels.items()))): float(sample.value)
            for family in families for sample in family.samples}


def openmetrics():
    """Compared with the older format by another implementation's parsers of both."""
    for fixture in "traced", "demo", "hostile", "targets", "states", "unknowns", "empty", "huge":
        exporter = Exporter("--detail", "pool", fixture=fixture)
        _, headers, body = ask(exporter, Accept=PROMETHEUS)
        ok(headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8",
           f"{fixture}: OpenMetrics", headers)
        text = body.decode()
        ok(text.endswith("\n# EOF\n"), "... has an end")
        families = []
        try:
            families = list(openmetrics_parser.text_string_to_metric_families(text))
            error = ""
        except ValueError as problem:
            error = problem
        ok(families, "... can be read", error)
        ok({f.type for f in families} == {"counter", "gauge", "histogram", "info"}, "... has types")
        wrong = [f.name for f in families for unit in ("bytes", "seconds", "ratio")
                 if f.name.endswith("_" + unit) != (f.unit == unit)]
        ok(not wrong, "... and units", wrong)
        _, _, old = ask(exporter)
        known = samples_of(text_parser.text_string_to_metric_families(old.decode()))
        found = samples_of(families)
        ok(set(known) == set(found), "... has the same series as the text format",
           sorted(set(known) ^ set(found))[:5])
        varying = re.compile("dmverity_scrape|dmverity_.*wait|dmverity_(stall|verdicts|.*_total)|process_")
        ok(not [key for key in found if key in known and known[key] != found[key] and not varying.match(key[0])],
           "... with the same values")
        ok(exporter.end() == 0, "it ends cleanly", exporter.said)
    exporter = Exporter()
    for accepted in "*/*", "text/plain", "application/openmetrics-text;version=1.0.0;q=0", \
            "application/openmetrics-text;version=0.0.1":
        _, headers, body = ask(exporter, Accept=accepted)
        ok(headers["content-type"].startswith("text/plain; version=0.0.4") and b"# EOF" not in body,
           f"text for {accepted}", headers)
    _, headers, body = ask(exporter, Accept=PROMETHEUS, Accept_Encoding="gzip")
    ok(headers["content-encoding"] == "gzip" and gzip.decompress(body).endswith(b"# EOF\n"),
       "OpenMetrics, compressed")
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def health(directory):
    names = directory / "fixture"
    os.chmod(directory, 0o755)
    names.write_text("one")
    exporter = Exporter(tool=PLAIN, fixture=f"@{names}")
    ok(ask(exporter, "/-/healthy")[::2] == (200, b"healthy\n"), "/-/healthy")
    ok(ask(exporter, "/-/ready")[::2] == (200, b"ready\n"), "/-/ready after the first sample, before any scrape")
    ok(exporter.scrape()["dmverity_scrapes_total"] == 1, "... neither is a scrape")
    ok(ask(exporter, "/-/healthy", method="HEAD")[::2] == (200, b""), "HEAD of it")
    status, headers, _ = ask(exporter, "/-/healthy", method="POST")
    ok(status == 405 and headers["allow"] == "GET, HEAD", "... and nothing else")
    ok(ask(exporter, "/-/quit")[0] == 404, "there is no other command")
    # the programs cannot be loaded, or the kernel cannot be read
    names.write_text("none-such")
    ok(exporter.scrape()["dmverity_scrape_success"] == 0, "the kernel can't be read")
    status, _, body = ask(exporter, "/-/ready")
    ok(status == 503 and b"could not be read" in body, "... which is not ready", body)
    ok(ask(exporter, "/-/healthy")[0] == 200, "... but healthy")
    ok(exporter.scrape()["dmverity_scrape_failures_total"] == 2, "... and is not counted as a scrape")
    names.write_text("one")
    ok(ask(exporter, "/-/ready")[0] == 200, "... and ready again without a scrape")
    ok(exporter.scrape()["dmverity_scrape_failures_total"] == 2, "... which does not count, either")
    # a scrape that hangs: the fixture is read from a pipe without a writer
    names.unlink()
    os.mkfifo(names)
    os.chmod(names, 0o644)
    with exporter.connect() as scrape:
        scrape.sendall(REQUEST)
        with open(names, "w", encoding="ascii") as pipe:  # waits until it is read
            with exporter.connect() as probe:
                probe.sendall(b"GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n")
                probe.settimeout(0.2)
                try:
                    answered = bool(probe.recv(1))
                except socket.timeout:
                    answered = False
                ok(not answered, "while a reading hangs, there is no reply")
                pipe.write("one")
                pipe.close()
                probe.settimeout(PATIENCE)
                ok(begins(read_all(probe), 200), "... until it ends")
        ok(begins(read_all(scrape), 200), "... with the page")
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


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
                       for _ in range(3)]
        good_clients()
        encodings()
        openmetrics()
        health(directories[2])
        addresses()
        changes(directories[0])
        rights()
        service(directories[1])
        nothing_grows()
    return done()


sys.exit(main())
