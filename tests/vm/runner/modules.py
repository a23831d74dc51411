# SPDX-License-Identifier: GPL-2.0-only
"""The kernel's modules: those that the guest loads first, and the directory that
becomes its /lib/modules/RELEASE."""

import glob
import gzip
import hashlib
import lzma
import os
import subprocess
import tempfile

from .base import RunnerError, cache_dir

# The ways to the host's files, the preferred one first, and the modules that
# each needs; the guest loads these and BOOT_MODULES before it can see a file.
ROOTS = {"9p": ["9pnet_virtio", "9p"], "virtiofs": ["virtiofs"]}
BOOT_MODULES = ["virtio_pci", "overlay", "virtio_console"]


def module_name(path):
    return os.path.basename(path).split(".ko")[0].replace("-", "_")


def modules_of(tree):
    """The kernel's modules: those built in, paths by name, needs by name."""
    deps, paths = {}, {}
    with open(os.path.join(tree, "modules.dep")) as f:
        for line in f:
            path, _, needs = line.partition(":")
            deps[module_name(path)] = needs.split()
            paths[module_name(path)] = path
    with open(os.path.join(tree, "modules.builtin")) as f:
        builtin = {module_name(line.strip()) for line in f}
    return builtin, paths, deps


def choose_root(tree):
    """The first way to the host's files that the kernel can go."""
    builtin, paths, _ = modules_of(tree)
    for root, names in ROOTS.items():
        if all(name in builtin or name in paths for name in names):
            return root
    raise RunnerError(f"the kernel has none of {', '.join(ROOTS)}, neither built in nor as a module in {tree}")


def boot_module_files(tree, root):
    """The modules that the initramfs must load, each after what it needs."""
    builtin, paths, deps = modules_of(tree)
    order = []
    for name in ROOTS[root] + BOOT_MODULES:
        if name in builtin:
            continue
        if name not in paths:
            raise RunnerError(
                f"the kernel has no {name}, neither built in nor as a module in {tree}"
            )
        # modules.dep lists the module that is loaded first last
        for path in list(reversed(deps[name])) + [paths[name]]:
            if path not in order:
                order.append(path)
    return order


def read_module(path):
    with open(path, "rb") as f:
        data = f.read()
    if path.endswith(".xz"):
        return lzma.decompress(data)
    if path.endswith(".gz"):
        return gzip.decompress(data)
    if path.endswith(".zst"):
        return subprocess.run(
            ["zstd", "-dc", path], check=True, stdout=subprocess.PIPE
        ).stdout
    return data


def module_tree(kernel, release, overrides):
    """The directory to become /lib/modules/RELEASE in the guest."""
    tree = os.path.join(kernel, "lib/modules", release)
    if not os.path.exists(os.path.join(tree, "modules.dep")):
        raise RunnerError(f"there is no {tree}/modules.dep: is {kernel} a complete kernel?")
    if not overrides:
        return tree
    files = sorted(glob.glob(os.path.join(overrides, "*.ko")))
    if not files:
        raise RunnerError(f"there are no .ko files in {overrides}")
    digest = hashlib.sha256(os.path.realpath(tree).encode())
    for path in files:
        with open(path, "rb") as f:
            digest.update(os.path.basename(path).encode() + hashlib.sha256(f.read()).digest())
    base = os.path.join(cache_dir(), "modtree", digest.hexdigest()[:20])
    result = os.path.join(base, "lib/modules", release)
    if os.path.isdir(base):
        return result
    os.makedirs(os.path.dirname(base), exist_ok=True)
    # The kernel's own files, and ours beside them in updates/, which depmod
    # ranks first.
    with tempfile.TemporaryDirectory(dir=os.path.dirname(base)) as aside:
        new = os.path.join(aside, "lib/modules", release)
        os.makedirs(os.path.join(new, "updates"))
        for name in os.listdir(tree):
            if name.startswith("modules.") and name not in (
                "modules.builtin", "modules.builtin.modinfo", "modules.order",
            ):
                continue
            copy_tree(os.path.join(tree, name), new)
        for path in files:
            subprocess.run(["cp", path, os.path.join(new, "updates/")], check=True)
        subprocess.run(["depmod", "-b", aside, release], check=True)
        check_overrides(new, files)
        os.chmod(aside, 0o755)
        try:
            os.rename(aside, base)
        except OSError:
            if not os.path.isdir(base):
                raise
        else:
            os.mkdir(aside)  # for TemporaryDirectory to remove
    return result


def copy_tree(source, target):
    """As hard links, or as files if it is on another file system."""
    link = subprocess.run(["cp", "-al", source, target], stderr=subprocess.DEVNULL)
    if link.returncode:
        subprocess.run(["cp", "-a", source, target], check=True)


def check_overrides(tree, files):
    with open(os.path.join(tree, "modules.dep")) as f:
        known = {line.partition(":")[0] for line in f}
    for path in files:
        name = f"updates/{os.path.basename(path)}"
        if name not in known:
            raise RunnerError(f"depmod did not take {path} over")
