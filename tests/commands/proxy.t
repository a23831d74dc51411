#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The example of a proxy that adds TLS and a password, monitoring/nginx.conf, with Debian's
nginx. It listens at a Unix socket, so that no port is needed. Prints TAP."""

import atexit
import base64
import gzip
import os
import pathlib
import re
import socket
import ssl
import subprocess
import sys
import tempfile
import warnings

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
sys.dont_write_bytecode = True
from exporter import PATIENCE, Exporter, bail, comes_true, done, monitoring_programs, ok  # noqa: E402

# what the example has, and what the test has in its place
FILES = {"/etc/ssl/certs/verity-memtop.pem": "certificate", "/etc/ssl/private/verity-memtop.key": "key",
         "/etc/nginx/verity-memtop.htpasswd": "passwords"}


def run(*command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def configuration(directory, port):
    text = pathlib.Path("monitoring/nginx.conf").read_text(encoding="utf-8")
    for old, new in {**FILES, "10954 ssl": "", "127.0.0.1:10953": ""}.items():
        if old not in text:
            bail(f"the example has no {old}")
        replacement = {"10954 ssl": f"unix:{directory}/socket ssl", "127.0.0.1:10953": f"127.0.0.1:{port}"}.get(old)
        text = text.replace(old, replacement or f"{directory}/{new}")
    temporary = "".join(f"{name}_temp_path {directory}/{name};\n" for name in
                        ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (directory / "nginx.conf").write_text(
        f"daemon off;\nmaster_process off;\npid {directory}/pid;\nevents {{ }}\n"
        f"http {{\naccess_log off;\n{temporary}{text}}}\n", encoding="utf-8")


class Proxy:
    def __init__(self, programs, directory):
        self.path = str(directory / "socket")
        self.certificate = directory / "certificate"
        self.context = ssl.create_default_context(cafile=self.certificate)
        self.log = directory / "log"
        with open(self.log, "w", encoding="utf-8") as log:
            self.process = subprocess.Popen([programs / "nginx", "-e", "stderr", "-p", directory, "-c",
                                             directory / "nginx.conf"], stderr=log)
        atexit.register(self.process.kill)
        comes_true(lambda: self.process.poll() is not None or self.listens())
        if self.process.poll() is not None:
            bail(f"nginx does not start: {self.log.read_text(encoding='utf-8')}")

    def listens(self):
        try:
            self.connect().close()
        except OSError:
            return False
        return True

    def connect(self):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(PATIENCE)
        client.connect(self.path)
        return client

    def ask(self, path="/metrics", method="GET", user=None, more="", context=None):
        """The status, headers and body of a reply."""
        lines = f"{method} {path} HTTP/1.1\r\nHost: exporter.example\r\nConnection: close\r\n{more}"
        if user:
            lines += f"Authorization: Basic {base64.b64encode(user.encode()).decode()}\r\n"
        with (context or self.context).wrap_socket(self.connect(), server_hostname="exporter.example") as client:
            client.sendall(f"{lines}\r\n".encode())
            data = b"".join(iter(lambda: client.recv(65536), b""))
        head, _, body = data.partition(b"\r\n\r\n")
        return int(head.split()[1]), head.decode().lower(), body

    def ask_plainly(self):
        with self.connect() as client:
            client.sendall(b"GET /metrics HTTP/1.1\r\nHost: exporter.example\r\nConnection: close\r\n\r\n")
            return b"".join(iter(lambda: client.recv(65536), b""))


def make_secrets(directory):
    run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=exporter.example",
        "-addext", "subjectAltName=DNS:exporter.example", "-keyout", directory / "key", "-out", directory / "certificate")
    (directory / "passwords").write_text(f"prometheus:{run('openssl', 'passwd', '-apr1', 'secret')}", encoding="utf-8")


def old_tls(proxy):
    warnings.simplefilter("ignore", DeprecationWarning)
    context = ssl.create_default_context(cafile=proxy.certificate)
    # the library of the client refuses it by default
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    context.maximum_version = ssl.TLSVersion.TLSv1_1
    try:
        proxy.ask(user="prometheus:secret", context=context)
    except (ssl.SSLError, OSError):
        return False
    return True


def documented_client(programs, directory):
    """The scrape configuration in docs/monitoring.md."""
    text = pathlib.Path("docs/monitoring.md").read_text(encoding="utf-8")
    part = re.search(r"^```yaml\n(.*?)^```", text, re.M | re.S)[1]
    for old, new in ("/etc/prometheus/verity-memtop.pem", "certificate"), ("/etc/prometheus/verity-memtop.password", "password"):
        if old not in part:
            bail(f"the documented configuration has no {old}")
        part = part.replace(old, f"{directory}/{new}")
    (directory / "password").write_text("secret", encoding="utf-8")
    (directory / "prometheus.yml").write_text(f"scrape_configs:\n{part}", encoding="utf-8")
    checked = subprocess.run([programs / "promtool", "check", "config", directory / "prometheus.yml"],
                             capture_output=True, text=True, check=False)
    ok(checked.returncode == 0, "Prometheus takes the documented configuration", checked.stderr)


def main():
    programs = monitoring_programs()
    with tempfile.TemporaryDirectory() as temporary:
        directory = pathlib.Path(temporary)
        make_secrets(directory)
        exporter = Exporter(fixture="demo")
        configuration(directory, exporter.port)
        proxy = Proxy(programs, directory)
        status, head, body = proxy.ask(user="prometheus:secret")
        ok(status == 200 and b"\ndmverity_device_info{" in body, "the metrics, with the password", head)
        for user in None, "prometheus:wrong", "other:secret", "prometheus:":
            status, head, body = proxy.ask(user=user)
            ok(status == 401 and b"dmverity" not in body and "www-authenticate: basic" in head,
               f"none for {user}", head)
        status, head, body = proxy.ask(user="prometheus:secret", more="Accept-Encoding: gzip\r\n"
                                       "Accept: application/openmetrics-text;version=1.0.0\r\n")
        ok(status == 200 and "content-encoding: gzip" in head and gzip.decompress(body).endswith(b"# EOF\n"),
           "formats and compression are those of the exporter", head)
        ok("vary: accept, accept-encoding" in head, "... with the headers that they depend on", head)
        for path in "/-/healthy", "/-/ready":
            ok(proxy.ask(path)[0] == 200, f"{path} needs no password")
        ok(proxy.ask("/-/other", user="prometheus:secret")[0] == 404, "nothing else is there")
        ok(proxy.ask(method="POST", user="prometheus:secret", more="Content-Length: 0\r\n")[0] == 403, "... or can be sent")
        reply = proxy.ask_plainly()
        ok(b" 400 " in reply and b"dmverity" not in reply, "no metrics without TLS", reply)
        ok(not old_tls(proxy), "... or with an old version of it")
        documented_client(programs, directory)
        exporter.end()
        ok(proxy.ask(user="prometheus:secret")[0] == 502, "without the exporter, the proxy has an error")
        ok(proxy.ask()[0] == 401, "... for those who have the password")
        proxy.process.terminate()
        proxy.process.wait()
        errors = [line for line in proxy.log.read_text(encoding="utf-8").splitlines() if "[emerg]" in line or "[alert]" in line]
        ok(not errors, "nginx reports no fault of its configuration", errors)
    return done()


sys.exit(main())
