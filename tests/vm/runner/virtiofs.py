# SPDX-License-Identifier: GPL-2.0-only
"""virtiofsd, for guests whose kernel has no 9p."""

import ctypes
import os
import secrets
import socket
import subprocess

from .base import RunnerError
from .qemu import die_with_parent

VIRTIOFSD = "/usr/lib/qemu/virtiofsd"


class MountAttr(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint64) for name in ["set", "clear", "propagation", "userns"]]


def enter_read_only_root():
    """Give this process its own view of all file systems, read-only for good."""
    libc = ctypes.CDLL(None, use_errno=True)

    def check(result, what):
        if result < 0:
            raise OSError(ctypes.get_errno(), what)
        return result

    def syscall(what, *args):
        return check(libc.syscall(*[ctypes.c_long(a) if isinstance(a, int) else a for a in args]), what)

    # a copy of all mounts, and not / itself, which in a chroot is no mount
    recursive, fdcwd = 0x8000, -100
    root = syscall("cannot copy the mounts", 428, fdcwd, b"/", recursive | 1)  # open_tree, OPEN_TREE_CLONE
    # private, so that later mounts on the host do not appear here
    attr = MountAttr(set=1, propagation=1 << 18)  # MOUNT_ATTR_RDONLY, MS_PRIVATE
    syscall("cannot make the mounts read-only", 442, root, b"", recursive | 0x1000,  # mount_setattr, AT_EMPTY_PATH
            ctypes.byref(attr), ctypes.sizeof(attr))
    check(libc.fchdir(root), "cannot enter the read-only root")
    check(libc.chroot(b"."), "cannot enter the read-only root")
    os.close(root)


class FileServer:
    """A virtiofsd for a directory; ends with QEMU's connection or this process."""

    def __init__(self, source, writable):
        if not os.access(VIRTIOFSD, os.X_OK):
            raise RunnerError(f"there is no {VIRTIOFSD} (Debian: qemu-system-common)")
        if os.geteuid() != 0:
            raise RunnerError("virtiofsd can be run by root only, and this kernel or --root wants it")
        self.messages = os.memfd_create("messages")

        def prepare_child():
            die_with_parent()
            try:
                if not writable:
                    enter_read_only_root()
            except OSError as error:
                os.write(2, f"{error}\n".encode())
                os._exit(1)

        # A name that no file has. The queue takes one connection: if another
        # process connected first, connect() fails.
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(b"\0" + secrets.token_bytes(16))
            server.listen(0)
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.setblocking(False)
            self.sock.connect(server.getsockname())
            self.sock.setblocking(True)
            # Of files that only the guest changes it need not ask again.
            cache = "auto" if writable else "always"
            source = source.replace("\\", "\\\\").replace(",", "\\,")
            self.process = subprocess.Popen(
                [
                    VIRTIOFSD, "-f", f"--fd={server.fileno()}", "-o", f"source={source}",
                    "-o", f"sandbox=chroot,cache={cache},log_level=warn",
                ],
                stdin=subprocess.DEVNULL, stdout=self.messages, stderr=self.messages,
                pass_fds=[server.fileno()], preexec_fn=prepare_child,
            )

    def said(self):
        return os.pread(self.messages, 1 << 16, 0).decode(errors="replace").strip()

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.sock.close()
