# SPDX-License-Identifier: GPL-2.0-only
"""QEMU's command line."""

import ctypes
import lzma
import os
import re
import signal
import struct
import subprocess

# The ports to the guest.
STREAMS = ["out", "err", "kmsg", "ctl"]
# Both ends of the serial line are the guest's.
LINE_ENDS = ["line-1", "line-2"]
# hvc0 in the guest
TERMINAL = "terminal"


def can_use_kvm():
    """Some machines have a /dev/kvm but no processor that could run it."""
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return False
    with open("/proc/cpuinfo") as f:
        return re.search(r"^flags\s*:.*\b(vmx|svm)\b", f.read(), re.M) is not None


def die_with_parent():
    # However this process ends, QEMU ends too.
    ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def p9_options(args, _fds):
    options = [
        "-fsdev", f"local,id=root,path={args.guest_root.replace(',', ',,') or '/'},security_model=none,readonly=on,multidevs=remap",
        "-device", "virtio-9p-pci,fsdev=root,mount_tag=root",
    ]
    if args.guest_root:
        options += [
            "-fsdev", "local,id=host,path=/,security_model=none,readonly=on,multidevs=remap",
            "-device", "virtio-9p-pci,fsdev=host,mount_tag=host",
        ]
    if args.out:
        out = args.out.replace(",", ",,")
        options += [
            "-fsdev", f"local,id=out,path={out},security_model=none,multidevs=remap",
            "-device", "virtio-9p-pci,fsdev=out,mount_tag=out",
        ]
    return options


def virtiofs_options(args, fds):
    # virtiofsd reads and writes the guest's memory
    options = [
        "-object", f"memory-backend-memfd,id=mem,size={args.mem}M,share=on",
        "-machine", "memory-backend=mem",
    ]
    for tag in ["root", "out"] if args.out else ["root"]:
        options += [
            "-chardev", f"socket,id=fs-{tag},fd={fds[f'fs-{tag}']}",
            "-device", f"vhost-user-fs-pci,chardev=fs-{tag},tag={tag}",
        ]
    return options


class Machine:
    """What QEMU needs for an architecture."""

    def __init__(self, program, package, console, options, cpu):
        self.program = program
        self.package = package
        self.console = console
        self.options = options
        self.cpu = cpu


MACHINES = {
    "x86_64": Machine("qemu-system-x86_64", "qemu-system-x86", "ttyS0", [], "max"),
    # Emulating pointer authentication exactly is slow, and 52-bit addresses are
    # more than some kernels of 16 KiB pages take from this QEMU.
    "aarch64": Machine(
        "qemu-system-aarch64", "qemu-system-arm", "ttyAMA0", ["-machine", "virt"],
        "max,lpa2=off,pauth-impdef=on",
    ),
}


def image_machine(image):
    """The architecture of a kernel image (Documentation/arch/arm64/booting.rst)."""
    with open(image, "rb") as f:
        header = f.read(64)
    return "aarch64" if header[56:60] == b"ARM\x64" else "x86_64"


# The note of a kernel that can be started where it is to run, not compressed (PVH).
PVH_NOTE = struct.pack("<III", 4, 8, 18) + b"Xen\0"


def unpacked(image):
    """The kernel in a bzImage (Documentation/arch/x86/boot.rst) that QEMU can start
    as it is, or None. To unpack it in emulation takes up to ten seconds."""
    with open(image, "rb") as f:
        data = f.read()
    if data[0x202:0x206] != b"HdrS":
        return None
    start = (data[0x1F1] + 1) * 512 + struct.unpack_from("<I", data, 0x248)[0]
    # its own length follows it, except for gzip
    packed = data[start:start + struct.unpack_from("<I", data, 0x24C)[0]]
    if packed.startswith(b"\xfd7zXZ\0"):
        kernel = lzma.LZMADecompressor().decompress(packed)
    elif packed.startswith(b"\x28\xb5\x2f\xfd"):
        try:
            kernel = subprocess.run(["zstd", "-dc"], input=packed[:-4], stdout=subprocess.PIPE, check=True).stdout
        except (OSError, subprocess.CalledProcessError):
            return None
    else:
        return None
    return kernel if kernel.startswith(b"\x7fELF") and PVH_NOTE in kernel else None


def is_fast(args):
    """Whether the VM need not be exactly what a machine with this kernel is, so that
    emulation takes less time."""
    return args.machine == "x86_64" and not args.icount and not args.as_shipped and not uses_kvm(args)


def uses_kvm(args):
    return args.accel == "kvm" or (args.accel == "auto" and args.machine == os.uname().machine and can_use_kvm())


def qemu_command(args, initrd_fd, kernel_fd, fds):
    machine = MACHINES[args.machine]
    cpu = machine.cpu
    image = args.image if kernel_fd is None else f"/proc/self/fd/{kernel_fd}"
    append = [
        f"console={machine.console}", "loglevel=5", "panic=-1", "oops=panic",
        "log_buf_len=8M", "random.trust_cpu=on", "rdinit=/init",
        # where the host has no time for us, the timer's interrupts seem not to come
        "no_timer_check",
    ]
    if is_fast(args):
        # Emulation does what "rep stosb" and "rep movsb" do byte by byte, and the
        # kernel clears and copies pages with them where the CPU reports that they are fast.
        # A fifth level of page tables is one more to be read.
        cpu += ",-erms,-fsrm,-la57"
        append.append("mitigations=off")
    append += args.append
    cmd = [machine.program, "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot"]
    cmd += machine.options
    if args.icount:
        cmd += ["-accel", "tcg,thread=single", "-cpu", machine.cpu, "-icount", "shift=0,sleep=off"]
    elif uses_kvm(args):
        cmd += ["-accel", "kvm", "-cpu", "host"]
    else:
        # One thread for all CPUs: with one for each, a CPU can run into the int3 of
        # code that the kernel patches (static keys, each time the tool attaches)
        # after the kernel has synchronized all CPUs, which no processor does.
        cmd += ["-accel", "tcg,thread=single", "-cpu", cpu]
    cmd += ["-smp", f"{args.cpus},sockets={args.cpus},cores=1,threads=1", "-m", f"{args.mem}M"]
    cmd += ["-kernel", image, "-initrd", f"/proc/self/fd/{initrd_fd}", "-append", " ".join(append)]
    cmd += {"9p": p9_options, "virtiofs": virtiofs_options}[args.root](args, fds)
    cmd += ["-device", "virtio-rng-pci", "-device", "virtio-serial-pci"]
    cmd += ["-chardev", f"socket,id=console,fd={fds['console']}", "-serial", "chardev:console"]
    for name in LINE_ENDS if args.serial_line else []:
        cmd += ["-chardev", f"socket,id={name},fd={fds[name]}", "-serial", f"chardev:{name}"]
    for name in STREAMS:
        cmd += [
            "-chardev", f"socket,id={name},fd={fds[name]}",
            "-device", f"virtserialport,chardev={name},name=vm.{name}",
        ]
    if args.terminal:
        cmd += ["-chardev", f"socket,id={TERMINAL},fd={fds[TERMINAL]}", "-device", f"virtconsole,chardev={TERMINAL}"]
    return cmd
