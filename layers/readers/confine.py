"""What a child gives up before it looks at a foreign file. Linux; what a kernel lacks is left out.

No network (a namespace of its own, and Landlock), no files but those Python needs (Landlock), no
sockets, no other programs or processes, no signals (seccomp), little memory and time, no output but
a pipe's. For good: nothing of it can be taken back. Pure: imports no Django.
"""

from __future__ import annotations

import ctypes
import os
import platform
import resource
import signal
import site
import struct
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

ADDRESS_SPACE_BYTES = 3 * 1024**3 // 2
CPU_SECONDS = 30
OPEN_FILES = 64
NICE = 5
# CLONE_NEWUSER | CLONE_NEWNET of unshare(2): a network of its own, with nothing in it
NO_NETWORK = 0x10000000 | 0x40000000
PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP = 1, 4, 38, 22
# landlock(7): execute, write, read, list, remove (2), make (7), refer, truncate, ioctl
LANDLOCK_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
READ_FILE, READ_DIR = 1 << 2, 1 << 3
BIND_AND_CONNECT = 3
ABSTRACT_SOCKETS_AND_SIGNALS = 3
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
RULE_PATH_BENEATH = 1
# audit architecture, then socket, execve, execveat, ptrace, io_uring_setup, process_vm_readv,
# process_vm_writev, bpf, userfaultfd, keyctl, mount; kill, tkill, tgkill, rt_sigqueueinfo,
# rt_tgsigqueueinfo, pidfd_send_signal; setpgid, setsid; of x86_64 also fork, vfork
FORBIDDEN = {
    "x86_64": (0xC000003E, (41, 59, 322, 101, 425, 310, 311, 321, 323, 250, 165,
                            62, 200, 234, 129, 297, 424, 109, 112, 57, 58)),
    "aarch64": (0xC00000B7, (198, 221, 281, 117, 425, 270, 271, 280, 282, 219, 40,
                             129, 130, 131, 138, 240, 424, 154, 157)),
}  # fmt: skip
# clone makes threads, which libraries need, and processes; what clone3 would make is not to be seen
CLONE, CLONE3, CLONE_THREAD = {"x86_64": 56, "aarch64": 220}, 435, 0x10000
EPERM, ENOSYS = 1, 38
READABLE = ("/usr/share/zoneinfo", "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib",
            "/etc/ld.so.cache", "/etc/localtime", "/dev/urandom", "/dev/null",
            "/proc/self/status", "/sys/devices/system/cpu")  # fmt: skip


def give_up_everything(root: str) -> list[str]:
    """root: of our code, which may be read like Python's own; nothing else may.

    Which of the two walls this kernel does not have: "Landlock", "seccomp".
    """
    os.nice(NICE)
    _limit()
    libc = ctypes.CDLL(None, use_errno=True)
    # Where the kernel forbids it (some containers), their network has no way out anyway.
    libc.unshare(NO_NETWORK)
    # what a killed reader has begun is read anew, by another child
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    walls = {"Landlock": _landlock(libc, _needed(root)), "seccomp": _seccomp(libc)}
    return [name for name, stands in walls.items() if not stands]


def _limit() -> None:
    for limit, value in (
        (resource.RLIMIT_AS, ADDRESS_SPACE_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    # The soft limit kills with a signal of its own, which tells "too slow" from "crashed".
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 5))


def _needed(root: str) -> set[str]:
    """What importing and our readers read: the interpreter, libraries, time zones, our readers."""
    paths = {sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    paths |= {*site.getsitepackages(), os.path.join(sys.base_prefix, "lib")}
    paths |= {os.path.join(root, name) for name in ("layers", "gspace")}
    zones = os.environ.get("PYTHONTZPATH", "").split(os.pathsep)
    return {path for path in {*paths, *READABLE, *zones} if path and os.path.exists(path)}


def _landlock(libc: ctypes.CDLL, readable: Iterable[str]) -> bool:
    """Whether files are closed now: nothing may be written, `readable` may be read."""
    version = libc.syscall(CREATE_RULESET, None, 0, 1)
    if version < 1:
        return False
    handled = max(bits for since, bits in LANDLOCK_FILES.items() if since <= version)
    asked = struct.pack(
        "QQQ",
        handled,
        BIND_AND_CONNECT if version >= 4 else 0,
        ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0,
    )[: 24 if version >= 6 else 16 if version >= 4 else 8]
    rules = libc.syscall(CREATE_RULESET, asked, len(asked), 0)
    if rules < 0:
        return False
    for path in readable:
        _allow(libc, rules, path)
    done = libc.syscall(RESTRICT_SELF, rules, 0)
    os.close(rules)
    return bool(done == 0)


def _allow(libc: ctypes.CDLL, rules: int, path: str) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    access = READ_FILE | (READ_DIR if Path(path).is_dir() else 0)
    # packed: an access mask, then the file
    libc.syscall(ADD_RULE, rules, RULE_PATH_BENEATH, struct.pack("=Qi", access, opened), 0)
    os.close(opened)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def _seccomp(libc: ctypes.CDLL) -> bool:
    """Whether sockets, processes and signals are forbidden now; the calls then answer EPERM."""
    if platform.machine() not in FORBIDDEN:
        return False
    packed = b"".join(struct.pack("HBBI", *one) for one in _program(platform.machine()))
    program = _Program(len(packed) // 8, packed)
    return bool(libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0) == 0)


def _program(machine: str) -> list[tuple[int, int, int, int]]:
    """Of the kernel's filter (BPF): (code, steps if true, steps if false, value)."""
    audit, calls = FORBIDDEN[machine]
    allow, refuse = (0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | EPERM)
    # glibc then takes clone, whose flags can be looked at
    unknown = (0x06, 0, 0, 0x00050000 | ENOSYS)
    # load the architecture: another one has other numbers, and there all is refused
    code = [(0x20, 0, 0, 4), (0x15, 1, 0, audit), refuse, (0x20, 0, 0, 0)]
    # numbers from here on are the x32 table of x86_64
    code += [(0x35, 0, 1, 0x40000000), refuse]
    for call in calls:
        code += [(0x15, 0, 1, call), refuse]
    code += [(0x15, 0, 1, CLONE3), unknown]
    # the low half of the first argument: its flags
    code += [(0x15, 0, 3, CLONE[machine]), (0x20, 0, 0, 16), (0x45, 1, 0, CLONE_THREAD), refuse]
    return [*code, allow]
