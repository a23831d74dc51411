#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Prometheus and Alertmanager with twenty exporters, most of them of recordings, on ports
that the kernel chooses: which alerts arrive, with which text. Prints TAP."""

import atexit
import http.server
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import threading
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
sys.dont_write_bytecode = True
from exporter import PATIENCE, PLAIN, Exporter, bail, comes_true, done, monitoring_programs, ok  # noqa: E402

PAGE = "file:///usr/local/share/doc/verity-memtop/docs/monitoring.md#"
HOSTS = 20


class Receiver:
    """What Alertmanager sends."""

    def __init__(self):
        self.got = {}
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                for alert in body["alerts"]:
                    labels = alert["labels"]
                    key = labels["alertname"], labels["instance"], labels.get("device")
                    receiver.got[key] = self.path, alert
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()


def listening_port(pid):
    """The TCP port at which the process listens, or None."""
    sockets = set()
    for entry in os.scandir(f"/proc/{pid}/fd"):
        try:
            match = re.match(r"socket:\[(\d+)\]", os.readlink(entry.path))
        except OSError:
            continue
        if match:
            sockets.add(match[1])
    for table in "tcp", "tcp6":
        with open(f"/proc/{pid}/net/{table}", encoding="ascii") as file:
            for line in list(file)[1:]:
                fields = line.split()
                if fields[3] == "0A" and fields[9] in sockets:
                    return int(fields[1].rpartition(":")[2], 16)
    return None


class Server:
    """One of the programs, at a port that the kernel chooses."""

    def __init__(self, directory, name, command, cwd=None):
        self.log = directory / f"{name}.log"
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, cwd=cwd)
        atexit.register(self.process.kill)
        self.port = comes_true(lambda: self.process.poll() is not None or listening_port(self.process.pid))
        if self.process.poll() is not None:
            bail(f"{name} ended: {self.log.read_text()[-2000:]}")
        if not comes_true(lambda: self.get("/-/ready") is not None):
            bail(f"{name} does not become ready")

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as reply:
                return reply.read()
        except OSError:
            return None

    def query(self, expression):
        """The result: from the labels to the value."""
        reply = self.get("/api/v1/query?query=" + urllib.parse.quote(expression))
        result = json.loads(reply)["data"]["result"] if reply else []
        return {tuple(sorted(one["metric"].items())): float(one["value"][1]) for one in result}

    def end(self):
        self.process.terminate()
        self.process.wait()


def replace(text, *changes):
    """Makes these changes; each must find something."""
    for old, new in changes:
        text, number = re.subn(old, new, text)
        if not number:
            bail(f"nothing matches {old}")
    return text


def start_monitoring(directory, programs, receiver, ports):
    """Alertmanager and Prometheus, with the installed configuration except for addresses and durations."""
    monitoring = pathlib.Path("monitoring")
    # Alertmanager's templates are at a path that is built in; a relative one is as long
    binary = (programs / "prometheus-alertmanager").read_bytes()
    (directory / "bin").mkdir()
    copy = directory / "bin" / "alertmanager"
    copy.write_bytes(binary.replace(b"/usr/share/prometheus/", b"./../share/prometheus/"))
    copy.chmod(0o755)
    (directory / "share").symlink_to(programs.parent / "share")
    (directory / "alertmanager.yml").write_text(replace(
        (monitoring / "alertmanager.yml").read_text(),
        ("127.0.0.1:9999", f"127.0.0.1:{receiver.port}"), ("group_interval: .*", "group_interval: 2s"),
        ("group_wait: .*", "group_wait: 1s")))
    alertmanager = Server(directory, "alertmanager", [
        copy, "--config.file", directory / "alertmanager.yml", "--storage.path", directory / "am",
        "--web.listen-address", "127.0.0.1:0", "--cluster.listen-address="], cwd=directory / "bin")
    # minutes are too long for a test
    (directory / "rules.yml").write_text(replace(
        (monitoring / "rules.yml").read_text(), (r"\bfor: [25]m", "for: 15s"), ("keep_firing_for: .*", "keep_firing_for: 5s")))
    targets = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
    (directory / "prometheus.yml").write_text(replace(
        (monitoring / "prometheus.yml").read_text(),
        ("127.0.0.1:9093", f"127.0.0.1:{alertmanager.port}"), ('"127.0.0.1:10953"', targets),
        ("evaluation_interval: .*", "evaluation_interval: 3s"), ("scrape_interval: .*", "scrape_interval: 10s")))
    prometheus = Server(directory, "prometheus", [
        programs / "prometheus", "--config.file", directory / "prometheus.yml", "--storage.tsdb.path", directory / "tsdb",
        "--web.listen-address", "127.0.0.1:0"])
    return prometheus, alertmanager


def record(directory, fixture):
    path = directory / fixture
    subprocess.run([PLAIN, "record", "-n", "1", path], check=True, stderr=subprocess.DEVNULL,
                   env={**os.environ, "MEMTOP_FIXTURE": fixture})
    return path


def expected_alerts(at):
    """From alert, system and device to receiver, summary and description."""
    return {
        ("DmVerityStackDeadlock", at[0], "dm-2"): (
            "/pager", f"bottom (dm-2) on {at[0]} is in a deadlock",
            "1 tasks wait for an element that another waiting task holds. No I/O of bottom completes until memory can be "
            "allocated again. verity-memtop watch shows the cycle."),
        ("DmVerityPoolStall", at[1], "dm-1"): (
            "/pager", f"A task waits for a reserve of busy (dm-1) on {at[1]}",
            "It has waited for 1m 10s. The kernel's hung-task detector does not see such a wait. verity-memtop report "
            "--pools shows the waiting tasks and the holders."),
        ("DmVerityCorrupted", at[1], "dm-1"): (
            "/pager", f"busy (dm-1) on {at[1]} has a corrupted block",
            "dm-verity has read a block that does not match its hash, and error correction did not repair it. This mark "
            "stays until the device is made again."),
        ("DmVerityExporterDegraded", at[2], None): (
            "/tickets", f"verity-memtop export on {at[2]} misses data",
            "The kernel cannot be read, there are too many devices, or readings are lost."),
        ("DmVerityExporterDown", at[3], None): (
            "/tickets", f"verity-memtop export on {at[3]} cannot be scraped", "A deadlock there would not be noticed."),
    }


def arrived(receiver, key, status):
    return lambda: receiver.got.get(key, ("", {"status": ""}))[1]["status"] == status


def alerts_arrive(prometheus, receiver, at):
    expected = expected_alerts(at)
    for key, (path, summary, description) in expected.items():
        comes_true(arrived(receiver, key, "firing"))
        got_path, alert = receiver.got.get(key, ("", {"labels": {}, "annotations": {}}))
        text = alert["annotations"]
        ok(got_path == path, f"{key[0]} arrives", receiver.got)
        ok(text.get("summary") == summary, "... with this summary", text)
        ok(text.get("description") == description, "... and this description", text)
        ok(text.get("runbook_url") == PAGE + key[0].lower(), "... and its section of the documentation", text)
    # those without a receiver, too, are only where they should be
    firing = {(labels["alertname"], labels["instance"], labels.get("device")): labels.get("name") for labels in
              map(dict, prometheus.query('ALERTS{alertstate="firing",severity!="info"}'))}
    ok(set(firing) == set(expected), "no other alert fires", firing)
    ok(set(receiver.got) == set(expected), "... or arrives", list(receiver.got))


def value_of(prometheus, expression):
    return sum(prometheus.query(expression).values())


def sums(prometheus, exporters):
    """The recorded sums over all systems, compared with their pages."""
    pages = [exporter.scrape() for exporter in exporters]
    total = sum(value for page in pages for series, value in page.items() if series.startswith("dmverity_reserved_bytes{"))
    recorded = "job:dmverity_reserved_bytes:sum"
    ok(comes_true(lambda: value_of(prometheus, recorded) == total), "the reserves of all systems are added up",
       (prometheus.query(recorded), total))
    ok(comes_true(lambda: value_of(prometheus, "job:dmverity_hosts:count") == HOSTS), "... and the systems",
       prometheus.query("job:dmverity_hosts:count"))
    ok(comes_true(lambda: value_of(prometheus, "job:dmverity_hosts_in_trouble:count") == 2), "... and those with a stall or worse",
       prometheus.query("job:dmverity_hosts_in_trouble:count"))


def main():
    programs = monitoring_programs()
    with tempfile.TemporaryDirectory() as temporary:
        directory = pathlib.Path(temporary)
        directory.chmod(0o755)
        changing = directory / "changing"
        changing.write_text("one")
        traced, demo = record(directory, "traced"), record(directory, "demo")
        options = [("--replay", "tests/recordings/deadlock", "--sample", "2", "--threshold", "1"), ("--replay", traced)]
        calm = [("--replay", demo), ("--replay", "tests/recordings/waiters"), ("--replay", "tests/recordings/deadlock")]
        exporters = [Exporter(*some, tool=PLAIN) for some in options]
        exporters.append(Exporter(tool=PLAIN, fixture=f"@{changing}"))
        exporters += [Exporter(*calm[i % len(calm)], tool=PLAIN) for i in range(HOSTS - len(exporters))]
        receiver = Receiver()
        prometheus, alertmanager = start_monitoring(directory, programs, receiver,
                                                    [exporter.port for exporter in exporters])
        at = [f"127.0.0.1:{exporter.port}" for exporter in exporters]
        ok(comes_true(lambda: value_of(prometheus, "sum(up)") == HOSTS), f"Prometheus scrapes {HOSTS} exporters",
           prometheus.query("up"))
        sums(prometheus, exporters)
        # one cannot read its kernel, another one ends
        changing.write_text("none-such")
        exporters[3].end()
        alerts_arrive(prometheus, receiver, at)
        changing.write_text("one")
        degraded = "DmVerityExporterDegraded", at[2], None
        ok(comes_true(arrived(receiver, degraded, "resolved")), "an alert that ends is resolved", receiver.got.get(degraded))
        ok(comes_true(lambda: value_of(prometheus, "job:dmverity_hosts:count") == HOSTS - 1),
           "a system without an exporter is missing in the sums")
        for server in prometheus, alertmanager, *exporters[:3], *exporters[4:]:
            server.end()
    return done()


sys.exit(main())
