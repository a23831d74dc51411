# SPDX-License-Identifier: GPL-2.0-only
"""One run: QEMU is started, data moved between it and the caller, the end judged."""

import os
import re
import secrets
import select
import socket
import subprocess
import sys
import termios
import time
import tty

from .base import (
    STATUS_LOST, STATUS_NO_SCAN, STATUS_RUNNER, STATUS_SCRIPT_HIGH, STATUS_SPLAT, STATUS_TIMEOUT,
    TOP, RunnerError, say, write_all,
)
from .initramfs import job_archive, make_initramfs
from .kernel_log import BAD_TAINTS, KernelLog, find_splats, load_patterns, splat_excerpt
from .qemu import LINE_ENDS, MACHINES, STREAMS, TERMINAL, die_with_parent, is_fast, qemu_command, unpacked
from .virtiofs import FileServer

# How long the ends of all streams may take after the command's status.
END_MARK_WAIT = 30


class Stream:
    """One stream from the guest; passes on the data before the end mark."""

    def __init__(self, token, sink):
        self.token = token
        self.sink = sink
        self.held = b""
        self.ended = False

    def feed(self, data):
        if self.ended:
            return
        data = self.held + data
        self.held = b""
        at = data.find(self.token)
        if at >= 0:
            self.ended = True
            self.sink(data[:at])
            return
        # keep back what may be the beginning of the mark
        for n in range(min(len(self.token) - 1, len(data)), 0, -1):
            if self.token.startswith(data[-n:]):
                data, self.held = data[:-n], data[-n:]
                break
        if data:
            self.sink(data)

    def flush(self):
        if self.held and not self.ended:
            self.sink(self.held)
            self.held = b""


class Terminal:
    """The caller's terminal, whose keys go to the guest as they are."""

    def __init__(self):
        self.taken = False
        self.modes = termios.tcgetattr(0)

    def take(self):
        tty.setraw(0)
        self.taken = True

    def give_back(self):
        if self.taken:
            termios.tcsetattr(0, termios.TCSADRAIN, self.modes)
        self.taken = False


class Run:
    def __init__(self, args):
        self.args = args
        self.token = secrets.token_hex(24)
        self.log = KernelLog()
        self.console = b""
        self.ctl = b""
        self.status = None  # the command's
        self.ready = False
        self.taint = 0
        self.problem = None  # (runner's exit status, text)
        self.servers = {}  # virtiofsd by name
        mark = self.token.encode()
        self.streams = {
            "out": Stream(mark, lambda d: write_all(1, d)),
            "err": Stream(mark, lambda d: write_all(2, d)),
            "kmsg": Stream(mark, self.log.feed),
        }
        self.terminal = Terminal() if args.terminal else None
        if args.terminal:
            self.streams[TERMINAL] = Stream(mark, lambda d: write_all(1, d))

    def start(self):
        args = self.args
        visible = [TOP, args.module_tree] + args.visible
        data = make_initramfs(args.module_tree, args.root, args.guest_root) + job_archive(args, self.token, args.cwd, visible)
        memory = os.memfd_create("initrd")
        write_all(memory, data)
        kernel = unpacked(args.image) if is_fast(args) else None
        kernel_fd = None
        if kernel:
            kernel_fd = os.memfd_create("kernel")
            write_all(kernel_fd, kernel)
        ours, theirs = {}, {}
        for name in STREAMS + ["console"] + [TERMINAL] * args.terminal:
            ours[name], theirs[name] = socket.socketpair()
        if args.serial_line:
            theirs.update(zip(LINE_ENDS, socket.socketpair()))
        self.began = time.monotonic()
        if args.root == "virtiofs":
            self.servers["fs-root"] = FileServer("/", writable=False)
            if args.out:
                self.servers["fs-out"] = FileServer(args.out, writable=True)
        theirs.update((name, server.sock) for name, server in self.servers.items())
        fds = {name: sock.fileno() for name, sock in theirs.items()}
        cmd = qemu_command(args, memory, kernel_fd, fds)
        if args.verbose:
            say(" ".join(cmd))
        try:
            self.qemu = subprocess.Popen(
                cmd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                pass_fds=[memory] + [kernel_fd] * bool(kernel) + list(fds.values()), preexec_fn=die_with_parent,
            )
        except FileNotFoundError as error:
            machine = MACHINES[args.machine]
            raise RunnerError(f"{machine.program} is not installed (Debian: {machine.package})") from error
        os.close(memory)
        if kernel:
            os.close(kernel_fd)
        for sock in theirs.values():
            sock.close()
        self.socks = ours

    def on_data(self, name, data):
        if name == "console":
            self.console += data
            if self.args.verbose:
                write_all(2, data)
        elif name == "ctl":
            *lines, self.ctl = (self.ctl + data).split(b"\n")
            for line in lines:
                self.on_message(line.decode(errors="replace"))
        else:
            self.streams[name].feed(data)

    def on_message(self, line):
        word, _, rest = line.partition(" ")
        if word == "ready":
            self.ready = True
            if self.terminal:
                self.terminal.take()
            say(f"{rest}, up in {time.monotonic() - self.began:.1f} s")
        elif word == "taint":
            self.taint = int(rest)
        elif word == "status":
            self.status = int(rest)
        elif word == "failed":
            self.problem = (STATUS_RUNNER, f"the guest could not be set up: {rest}")

    def finished(self):
        return self.status is not None and all(s.ended for s in self.streams.values())

    def pump(self):
        """Move data until the run is over; set self.problem if it goes wrong."""
        args = self.args
        names = {sock: name for name, sock in self.socks.items()}
        status_at = None
        while not self.finished() and not self.problem:
            now = time.monotonic() - self.began
            if self.status is not None:
                # A process in the guest may have killed the one that copies a stream.
                status_at = status_at or now
                if now >= status_at + END_MARK_WAIT:
                    self.cut_short()
                    break
            if now >= args.timeout:
                self.problem = (STATUS_TIMEOUT, f"timed out after {args.timeout:g} s")
                break
            if not self.ready and now >= args.boot_timeout:
                self.problem = (STATUS_LOST, f"the VM was lost: not up after {args.boot_timeout:g} s")
                break
            if self.server_failed():
                break
            if not names:
                self.problem = (STATUS_LOST, "the VM was lost")
                break
            keys = [0] if self.terminal and self.terminal.taken else []
            readable, _, _ = select.select(list(names) + keys, [], [], 1.0)
            for sock in readable:
                if sock == 0:
                    self.pass_keys()
                    continue
                try:
                    data = sock.recv(1 << 16)
                except ConnectionResetError:
                    data = b""
                if data:
                    self.on_data(names[sock], data)
                else:
                    del names[sock]

    def pass_keys(self):
        data = os.read(0, 4096)
        if data:
            self.socks[TERMINAL].sendall(data)
        else:
            self.problem = (STATUS_RUNNER, "the terminal is gone")

    def server_failed(self):
        """The guest would wait until the timeout for a virtiofsd that is gone."""
        ended = [s for s in self.servers.values() if s.process.poll() is not None]
        if not ended:
            return False
        status = ended[0].process.returncode
        try:
            self.qemu.wait(1)
        except subprocess.TimeoutExpired:
            pass
        else:
            # It ends, with 0, because QEMU has ended; or else QEMU, which
            # cannot start without it, because it has failed.
            if self.ready or status == 0:
                return False
        self.problem = (STATUS_RUNNER, " ".join(f"virtiofsd ended (status {status}) {ended[0].said()}".split()))
        return True

    def cut_short(self):
        open_streams = [name for name, stream in self.streams.items() if not stream.ended]
        if open_streams == ["kmsg"]:
            self.problem = (STATUS_NO_SCAN, "the kernel's log is incomplete: its end did not arrive")
        else:
            self.problem = (STATUS_RUNNER, f"output was cut short: the end of {', '.join(open_streams)} did not arrive")

    def stop(self):
        """End QEMU and its servers; return QEMU's own messages."""
        if self.terminal:
            self.terminal.give_back()
        self.qemu.kill()
        said = self.qemu.communicate()[0].decode(errors="replace").strip()
        for server in self.servers.values():
            server.stop()
        for stream in self.streams.values():
            stream.flush()
        for sock in self.socks.values():
            sock.close()
        return said

    def save_logs(self):
        if not self.args.logs:
            return
        os.makedirs(self.args.logs, exist_ok=True)
        with open(os.path.join(self.args.logs, "console.log"), "wb") as f:
            f.write(self.console)
        with open(os.path.join(self.args.logs, "kernel.log"), "w") as f:
            f.writelines(line + "\n" for line in self.log.lines)

    def console_lines(self):
        return [
            line.rstrip("\r") for line in self.console.decode(errors="replace").split("\n")
        ]

    def check_log(self):
        """Look for splats; the verdict goes to self.problem."""
        allowed = self.args.allow_splat
        patterns = load_patterns()
        lines, texts = self.log.lines, self.log.texts
        if self.problem and self.problem[0] == STATUS_LOST:
            # The last lines came out on the console only.
            lines = self.console_lines()
            texts = [(True, re.sub(r"^\[ *\d+\.\d+\]\s?(\[ *[TC]\d+\] )?", "", l)) for l in lines]
        found = find_splats(texts, patterns, allowed)
        if found:
            lost = f"; {self.problem[1]}" if self.problem else ""
            own = f"; the command's status was {self.status}" if self.status is not None else ""
            self.problem = (STATUS_SPLAT, f"kernel splat: {texts[found[0]][1]}{lost}{own}")
            shown = -1
            for at in found:
                if at <= shown:
                    continue
                excerpt = splat_excerpt(lines, texts, at)
                shown = at + len(excerpt)
                sys.stderr.write("".join(f"vm| {line}\n" for line in excerpt))
            return
        if self.problem:
            return
        bad = [what for bit, what in BAD_TAINTS.items() if self.taint & (1 << bit)]
        if bad and not allowed:
            self.problem = (STATUS_SPLAT, f"the kernel is tainted ({', '.join(bad)}), but no pattern of tests/vm/splats found why")
        elif self.log.gap:
            self.problem = (STATUS_NO_SCAN, f"the kernel's log is incomplete: {self.log.gap}")
        elif not self.log.lines:
            self.problem = (STATUS_NO_SCAN, "the kernel's log did not arrive")

    def verdict(self, said):
        self.check_log()
        if not self.problem:
            if self.status < STATUS_SCRIPT_HIGH:
                return self.status
            return self.report(STATUS_SCRIPT_HIGH, f"the command's status was {self.status}")
        code, text = self.problem
        if code in (STATUS_LOST, STATUS_TIMEOUT, STATUS_RUNNER):
            panic = re.search(r"Kernel panic - [^\r\n]*", self.console.decode(errors="replace"))
            if panic:
                text += f": {panic.group()}"
            tail = self.console_lines() if code == STATUS_LOST or not self.log.lines else self.log.lines
            sys.stderr.write("".join(f"vm| {line}\n" for line in tail[-60:] if line.strip()))
            if said:
                text += f"; QEMU said: {said}"
        return self.report(code, text)

    def report(self, code, text):
        say(text)
        if self.args.keep and not self.args.logs:
            self.args.logs = os.path.join(TOP, ".output", "vm-logs", str(os.getpid()))
            self.save_logs()
            say(f"logs are in {self.args.logs}")
        return code
