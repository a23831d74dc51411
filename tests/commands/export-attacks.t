#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Malicious clients must not keep others from the metrics. The attackers keep their
connections while another client, mostly of the same address, is served, so no test
depends on how long anything takes. Prints TAP."""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "lib"))
sys.dont_write_bytecode = True
from exporter import PATIENCE, PLAIN, REQUEST, Exporter, begins, done, metrics, ok, read_all  # noqa: E402

LIMIT = 256  # CLIENTS_MOST, cli/system/clients.h
PAGES = 8  # HTTP_PAGES, cli/system/http.h
END = "process_start_time_seconds"  # the last metric of a page


def whole(reply):
    """Whether it is a complete page."""
    lines = reply.rstrip().splitlines()
    return begins(reply, 200) and len(lines) > 1 and lines[-1].startswith(END)


class Attackers:
    """Connections that are kept open."""

    def __init__(self, exporter):
        self.exporter = exporter
        self.sockets = []

    def add(self, number, what=b"", room=None, source=None):
        for i in range(number):
            client = socket.socket()
            client.settimeout(PATIENCE)
            if room:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
            if source:
                client.bind((source(i), 0))
            client.connect((self.exporter.host, self.exporter.port))
            # earlier ones may have been ended meanwhile, and so may this one
            with contextlib.suppress(OSError):
                client.sendall(what)
            self.sockets.append(client)

    def wait(self, number):
        """Waits until that many have received a part of a reply."""
        with contextlib.suppress(OSError):
            for client in self.sockets[-number:]:
                client.recv(1, socket.MSG_PEEK)

    def close(self):
        for client in self.sockets:
            client.close()
        self.sockets = []


def strange_requests():
    exporter = Exporter(tool=PLAIN, fixture="demo")
    hello = bytes.fromhex("16030100c8010000c40303") + b"\0" * 200
    requests = (b"\r\n" * 10, b"GET\r\n\r\n", b"GET /metrics\r\n\r\n", b"\0" * 100, hello, b"GET /metrics HTTP/9.9\r\n\r\n",
                 b"GET /" + b"a" * 100000 + b" HTTP/1.1\r\n\r\n",
                 b"GET /metrics HTTP/1.1\r\nX: " + b"y" * 100000 + b"\r\n\r\n",
                 b"GET /metrics HTTP/1.1\r\n" + b"A: b\r\n" * 20000 + b"\r\n",
                 b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n",
                 b"POST /metrics HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n")

    replies = {}

    def ask(what):
        reply = ""
        with contextlib.suppress(OSError), exporter.connect() as client:
            client.sendall(what)
            client.shutdown(socket.SHUT_WR)
            reply = read_all(client)
        replies[what] = reply

    # all at once: some get nothing until their time is over
    threads = [threading.Thread(target=ask, args=(what,)) for what in requests]
    for thread in threads:
        thread.start()
    ok(whole(exporter.get()), "there is a page among strange requests")
    for thread in threads:
        thread.join()
    for what in requests:
        ok(not begins(replies[what], 200), f"... and none for {what[:24]!r}", replies[what][:200])
    ok(whole(exporter.get()), "... and one after them")

    # the server does not read a body, and does not answer what follows a request
    body = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n"
    ok(begins(exporter.ask(body), 200), "a page does not wait for the request's body")
    reply = exporter.ask(REQUEST * 20)
    ok(begins(reply, 200) and reply.count("HTTP/1.1 ") == 1, "a connection has one reply")
    with exporter.connect() as client:
        client.sendall(REQUEST)
        client.shutdown(socket.SHUT_WR)
        ok(whole(read_all(client)), "a client that has nothing more to send gets its page")
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def hosts():
    exporter = Exporter(tool=PLAIN, fixture="one")

    def reply(host, version="1.1"):
        line = f"Host: {host}\r\n" if host is not None else ""
        return exporter.ask(f"GET /metrics HTTP/{version}\r\n{line}\r\n".encode())

    for host in "example.com", "example.com:80", "127.0.0.1.example.com", "localhost.example.com", \
            "xlocalhost.", "a" * 300 + ".b", "[::1.example.com", "[localhost]":
        answer = reply(host)
        ok(begins(answer, 421) and "dmverity" not in answer, f"a page of {host[:30]} is not read", answer[:100])
    for host in "127.0.0.1", "127.0.0.1:80", "127.1.2.3", "localhost", "LOCALHOST:1", "a.localhost:80", \
            "[::1]", "[::1]:80", "192.0.2.1", socket.gethostname(), "x", "":
        ok(begins(reply(host), 200), f"'{host}' can be this machine's name")
    ok(begins(reply(None, "1.0"), 200), "no name is no wrong name")
    exporter.end()


def holders():
    """Connections with an unfinished request, or none."""
    exporter = Exporter(tool=PLAIN, fixture="one")
    attackers = Attackers(exporter)
    many = LIMIT + 50
    for name, what, source in (
            ("a byte each", b"G", None),
            ("nothing", b"", None),
            ("headers that do not end", b"GET /metrics HTTP/1.1\r\nX: y", None),
            ("a byte each, from many addresses", b"G", lambda i: f"127.0.{i // 250}.{2 + i % 250}")):
        attackers.add(many, what, source=source)
        replies = [exporter.get() for _ in range(3)]
        ok(all(map(whole, replies)), f"{many} connections that have sent {name} keep nobody out")
        # half of a request, others meanwhile, then the rest
        with exporter.connect() as client:
            client.sendall(REQUEST[:20])
            attackers.add(LIMIT // 4, what)
            client.sendall(REQUEST[20:])
            ok(whole(read_all(client)), "... nor those whose request comes in parts")
    ok(metrics(exporter.get())["dmverity_http_refused_total"] > 100, "connections that had to go are counted")
    # they connect and wait while the server does nothing
    exporter.process.send_signal(signal.SIGSTOP)
    attackers.add(many, b"G")
    with exporter.connect() as client:
        client.sendall(REQUEST)
        attackers.add(50, b"G")
        exporter.process.send_signal(signal.SIGCONT)
        ok(whole(read_all(client)), "... also if all of them have come at once")
    attackers.close()
    ok(whole(exporter.get()), "when they have gone there is a page")
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def few_files():
    """With a descriptor limit just above its needs, the server accepts fewer connections."""
    exporter = Exporter(tool=PLAIN, fixture="one", files=64)
    attackers = Attackers(exporter)
    attackers.add(200, b"G")
    ok(whole(exporter.get()), "with 64 descriptors, too")
    attackers.add(200, REQUEST, room=2048)
    ok(whole(exporter.get()), "... for readers")
    attackers.close()
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def slow_readers():
    """Clients that requested pages and do not read them."""
    exporter = Exporter("--detail", "pool", tool=PLAIN, fixture="thousand")
    exporter.get()
    before = int(exporter.status("VmRSS"))
    attackers = Attackers(exporter)
    for _ in range(PAGES + 4):
        # each gets a separate page, because no two requests overlap
        attackers.add(1, REQUEST, room=2048)
        attackers.wait(1)
        ok(whole(exporter.get()), "a reader that does not read keeps nobody out")
    attackers.add(LIMIT + 50, REQUEST, room=2048)
    ok(all(whole(exporter.get()) for _ in range(3)), f"... nor do {LIMIT + 50}")
    attackers.add(LIMIT + 50, b"G")
    ok(all(whole(exporter.get()) for _ in range(3)), "... nor if others do not ask")
    size = len(exporter.get())
    grown = (int(exporter.status("VmRSS")) - before) * 1024
    # one of the pages is still being made by the collector
    ok(grown < (PAGES + 2) * size + 16 * 2**20,
       f"they have taken {PAGES} pages of memory at most", (grown, size))
    attackers.close()
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def compressed_pages():
    """Compressed pages of both formats, which are held, requested again, and pipelined."""
    exporter = Exporter("--detail", "pool", tool=PLAIN, fixture="thousand")
    exporter.get()
    before = int(exporter.status("VmRSS"))
    size = len(exporter.get())
    attackers = Attackers(exporter)
    requests = [REQUEST[:-2] + extra + b"\r\n" for extra in
                (b"", b"Accept-Encoding: gzip\r\n", b"Accept: application/openmetrics-text\r\n",
                 b"Accept: application/openmetrics-text\r\nAccept-Encoding: gzip\r\n")]
    for request in requests * (PAGES // 2):
        attackers.add(1, request, room=2048)
        attackers.wait(1)
        ok(whole(exporter.get()), "readers of four kinds of pages keep nobody out")
    for request in requests:
        attackers.add(LIMIT // 2, request, room=2048)
    ok(all(whole(exporter.get()) for _ in range(3)), f"... nor do {2 * LIMIT}")
    # many requests in one connection, of which the first is answered
    for request in requests[1:]:
        attackers.add(4, request * 200, room=2048)
    with exporter.connect() as client:
        client.sendall(requests[1] * 20)
        data = b"".join(iter(lambda: client.recv(65536), b""))
    ok(data.count(b"HTTP/1.1 200") == 1, "a connection has one reply, whatever its encoding")
    ok(whole(exporter.get()), "requests that are sent in a row keep nobody out")
    grown = (int(exporter.status("VmRSS")) - before) * 1024
    ok(grown < (PAGES + 2) * size + 16 * 2**20, f"they have taken {PAGES} pages of memory at most", (grown, size))
    attackers.close()
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def honest_slow_reader():
    """A slow reader still reads; the other connections of its address do not."""
    exporter = Exporter("--detail", "pool", tool=PLAIN, fixture="thousand")
    attackers = Attackers(exporter)
    data = b""
    with socket.socket() as client:
        client.settimeout(PATIENCE)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        client.connect((exporter.host, exporter.port))
        client.sendall(REQUEST)
        with contextlib.suppress(ConnectionResetError):
            while part := client.recv(65536):
                data += part
                attackers.add(8, REQUEST, room=2048)
                attackers.wait(1)
    ok(whole(data.decode()), f"who reads slowly gets the page whole, among {len(attackers.sockets)} who do not read",
       f"{len(data)} bytes")
    ok(len(attackers.sockets) > PAGES, "... of which there were more than there are pages")
    attackers.close()
    exporter.end()


def floods():
    exporter = Exporter(tool=PLAIN, fixture="demo")
    replies = []
    clients = [threading.Thread(target=lambda i=i: replies.append(
        exporter.get(method="HEAD" if i % 4 == 0 else "GET", timeout=PATIENCE))) for i in range(200)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    ok(len(replies) == 200 and all(begins(r, 200) for r in replies), "200 clients at once get an answer each")
    ok(sum(map(whole, replies)) == 150, "... and the page, if they ask for it, all of it")

    # overlapping requests share one page
    exporter.process.send_signal(signal.SIGSTOP)
    sockets = [exporter.connect() for _ in range(100)]
    for client in sockets:
        client.sendall(REQUEST)
    exporter.process.send_signal(signal.SIGCONT)
    pages = [read_all(client) for client in sockets]
    for client in sockets:
        client.close()
    made = {metrics(page)["dmverity_scrapes_total"] for page in pages}
    ok(all(map(whole, pages)), "100 requests at the same time")
    ok(len(made) <= 25, f"... share {len(made)} pages")
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def passed_socket():
    """A socket that the service manager passes."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        process = subprocess.Popen(
            ["sh", "-c", f'export LISTEN_PID=$$; exec "$@" 3<&{listening.fileno()}', "sh",
             PLAIN, "export", "--web.listen-address", "fd://0"],
            pass_fds=[listening.fileno()], stderr=subprocess.PIPE, text=True,
            env={**os.environ, "MEMTOP_FIXTURE": "one", "LISTEN_FDS": "1"})
        process.stderr.readline()
        with contextlib.ExitStack() as stack:
            def connect(what):
                client = stack.enter_context(socket.create_connection(listening.getsockname(), timeout=PATIENCE))
                with contextlib.suppress(OSError):
                    client.sendall(what)
                return client
            for _ in range(LIMIT + 50):
                connect(b"G")
            ok(whole(read_all(connect(REQUEST))), "a socket that was passed serves among attackers")
        process.terminate()
        process.communicate(timeout=PATIENCE)
        ok(process.returncode == 0, "it ends cleanly")


def trickler():
    """A header that never ends, one byte at a time: the connection is ended eventually."""
    exporter = Exporter(tool=PLAIN, fixture="one")
    with exporter.connect() as client:
        client.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
        client.settimeout(0.5)
        ended = False
        while not ended:
            try:
                client.sendall(b"y")
                ended = not client.recv(1)
            except socket.timeout:
                pass
            except OSError:
                ended = True
    ok(ended, "who never stops sending is sent away")
    ok(exporter.end() == 0, "it ends cleanly", exporter.said)


def main():
    # a slow request, which others need not wait for
    waiting = threading.Thread(target=trickler)
    waiting.start()
    strange_requests()
    hosts()
    holders()
    few_files()
    slow_readers()
    compressed_pages()
    honest_slow_reader()
    floods()
    passed_socket()
    waiting.join()
    return done()


sys.exit(main())
