# SPDX-License-Identifier: GPL-2.0-only
"""The initramfs: a common part for all runs with these modules, and the job."""

import gzip
import hashlib
import os
import tempfile

from . import modules
from .base import HERE, RunnerError, cache_dir


def cpio(entries):
    """A newc archive of (path, mode, data) tuples."""
    out = bytearray()
    for inode, (path, mode, data) in enumerate(
        list(entries) + [("TRAILER!!!", 0, b"")], start=1
    ):
        name = path.encode() + b"\0"
        fields = [inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name), 0]
        out += b"070701" + b"".join(b"%08x" % f for f in fields) + name
        out += b"\0" * (-len(out) % 4)
        out += data
        out += b"\0" * (-len(out) % 4)
    out += b"\0" * (-len(out) % 512)
    return bytes(out)


def find_busybox(guest_root):
    for path in ["/bin/busybox", "/usr/bin/busybox"]:
        path = guest_root + path
        if os.path.exists(path):
            with open(path, "rb") as f:
                data = f.read()
            # no program interpreter: it runs where there are no libraries
            if b"ld-linux" not in data[:4096]:
                return data
    raise RunnerError(f"there is no static busybox in {guest_root or '/'} (Debian: busybox-static)")


def make_initramfs(tree, root, guest_root):
    """The archive for a modules directory, from the cache if it is there."""
    with open(os.path.join(HERE, "guest-boot"), "rb") as f:
        boot = f.read()
    busybox = find_busybox(guest_root)
    files = [(path, os.path.join(tree, path)) for path in modules.boot_module_files(tree, root)]
    digest = hashlib.sha256()
    for part in [boot, busybox]:
        digest.update(hashlib.sha256(part).digest())
    for source in [__file__, modules.__file__]:
        with open(source, "rb") as f:
            digest.update(hashlib.sha256(f.read()).digest())
    for name, path in files:
        with open(path, "rb") as f:
            digest.update(name.encode() + hashlib.sha256(f.read()).digest())
    name = os.path.join(cache_dir(), "initramfs", digest.hexdigest()[:20])
    try:
        with open(name, "rb") as f:
            return f.read()
    except FileNotFoundError:
        pass
    entries = [(d, 0o040755, b"") for d in ["bin", "dev", "proc", "sys", "new", "low", "rw", "mod"]]
    entries.append(("bin/busybox", 0o100755, busybox))
    entries.append(("init", 0o100755, boot))
    for number, (_, path) in enumerate(files):
        base = os.path.basename(path).split(".ko")[0]
        entries.append((f"mod/{number:02}-{base}.ko", 0o100644, modules.read_module(path)))
    # Debian's kernels and ours unpack gzip
    data = gzip.compress(cpio(entries), compresslevel=1, mtime=0)
    data += b"\0" * (-len(data) % 512)
    os.makedirs(os.path.dirname(name), exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=os.path.dirname(name), delete=False) as f:
        f.write(data)
    os.rename(f.name, name)
    return data


def terminal_size():
    """As the arguments that stty takes."""
    size = os.get_terminal_size(0)
    # 0 on a terminal without a size, as a serial line
    return f"columns {size.columns or 80} rows {size.lines or 24}"


def job_archive(args, token, cwd, visible):
    """What differs from run to run, as a second archive after the first."""
    env = {
        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "DM_DISABLE_UDEV": "1",
        "VM_KERNEL": args.release,
        "VM_OUT": "/run/vm/out" if args.out else "",
        "VM_SLOWER": str(args.slower),
    }
    if args.terminal:
        env["TERM"] = os.environ.get("TERM", "dumb")
    env.update(args.env)
    with open(os.path.join(HERE, "guest-init"), "rb") as f:
        init = f.read()
    settings = {
        "token": token,
        "cwd": cwd,
        "release": args.release,
        "modules": args.module_tree,
        "root": args.root,
        "out": "1" if args.out else "",
        "mem": str(args.mem),
        "init": args.init,
        "terminal": terminal_size() if args.terminal else "",
        "host": "1" if args.guest_root else "",
    }
    nul = lambda words: b"".join(os.fsencode(w) + b"\0" for w in words)
    files = [
        ("job/argv", nul(args.command)),
        ("job/env", nul(f"{k}={v}" for k, v in env.items())),
        ("job/visible", nul(visible)),
        ("job/settings", nul(f"{k}={v}" for k, v in settings.items())),
    ]
    entries = [("job", 0o040755, b"")]
    entries += [(path, 0o100644, data) for path, data in files]
    entries.append(("job/guest-init", 0o100755, init))
    return cpio(entries)
