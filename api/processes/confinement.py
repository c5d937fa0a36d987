"""Confines a process that reads untrusted pages: it can compute, and use its open pipes.

Landlock (landlock(7)) refuses files that are not open yet, including /proc of other processes, and signals to
others. A seccomp filter (seccomp(2)) allows the system calls that computing needs and refuses all others:
sockets, exec, fork, ptrace, and future ones. Neither can be undone, even by root.
"""

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from collections.abc import Mapping
from typing import Final

_PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
_PR_SET_DUMPABLE: Final = 4
_PR_SET_NO_NEW_PRIVS: Final = 38
_DESCRIPTORS: Final = 16  # three standard ones, two pipes, and some for libraries

_LANDLOCK_CREATE_RULESET: Final = 444  # the same number on every machine
_LANDLOCK_RESTRICT_SELF: Final = 446
_LANDLOCK_VERSION: Final = 1  # a flag: query only
_FILE_RIGHTS: Final = {1: 13, 2: 14, 3: 15, 5: 16}  # linux/landlock.h: since which version how many bits
_TCP_RIGHTS: Final = 0b11  # bind and connect, since version 4
_SCOPES: Final = 0b11  # abstract unix sockets and signals, since version 6

_SECCOMP_SET_MODE_FILTER: Final = 1  # linux/seccomp.h
_SECCOMP_GET_ACTION_AVAIL: Final = 2
_RET_ALLOW, _RET_ERRNO, _RET_KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LD_WORD, _JUMP_EQUAL, _RETURN = 0x20, 0x15, 0x06  # linux/bpf_common.h
_NUMBER, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16  # places in struct seccomp_data

# System calls: asm/unistd_64.h for x86_64, asm-generic/unistd.h for aarch64.
CALLS: Final[Mapping[str, Mapping[str, int]]] = {
    "x86_64": {
        "read": 0, "write": 1, "open": 2, "close": 3, "stat": 4, "fstat": 5, "lstat": 6, "poll": 7, "lseek": 8,
        "mmap": 9, "mprotect": 10, "munmap": 11, "brk": 12, "rt_sigaction": 13, "rt_sigprocmask": 14,
        "rt_sigreturn": 15, "pread64": 17, "readv": 19, "writev": 20, "access": 21, "select": 23,
        "sched_yield": 24, "mremap": 25, "madvise": 28, "dup": 32, "nanosleep": 35, "getpid": 39, "exit": 60,
        "uname": 63, "fcntl": 72, "getcwd": 79, "readlink": 89, "gettimeofday": 96, "getrlimit": 97,
        "getrusage": 98, "sysinfo": 99, "times": 100, "getuid": 102, "getgid": 104, "geteuid": 107,
        "getegid": 108, "getppid": 110, "sigaltstack": 131, "gettid": 186, "time": 201, "futex": 202,
        "sched_getaffinity": 204, "getdents64": 217, "restart_syscall": 219, "clock_gettime": 228,
        "clock_getres": 229, "clock_nanosleep": 230, "exit_group": 231, "openat": 257, "newfstatat": 262,
        "ppoll": 271, "set_robust_list": 273, "getrandom": 318, "membarrier": 324, "statx": 332, "rseq": 334,
    },
    "aarch64": {
        "read": 63, "write": 64, "close": 57, "fstat": 80, "lseek": 62, "mmap": 222, "mprotect": 226,
        "munmap": 215, "brk": 214, "rt_sigaction": 134, "rt_sigprocmask": 135, "rt_sigreturn": 139,
        "pread64": 67, "readv": 65, "writev": 66, "faccessat": 48, "pselect6": 72, "sched_yield": 124,
        "mremap": 216, "madvise": 233, "dup": 23, "nanosleep": 101, "getpid": 172, "exit": 93, "uname": 160,
        "fcntl": 25, "getcwd": 17, "readlinkat": 78, "gettimeofday": 169, "getrlimit": 163, "getrusage": 165,
        "sysinfo": 179, "times": 153, "getuid": 174, "getgid": 176, "geteuid": 175, "getegid": 177,
        "getppid": 173, "sigaltstack": 132, "gettid": 178, "futex": 98, "sched_getaffinity": 123,
        "getdents64": 61, "restart_syscall": 128, "clock_gettime": 113, "clock_getres": 114,
        "clock_nanosleep": 115, "exit_group": 94, "openat": 56, "newfstatat": 79, "ppoll": 73,
        "set_robust_list": 99, "getrandom": 278, "membarrier": 283, "statx": 291, "rseq": 293,
    },
}  # fmt: skip
# Allowed if the first argument is this process (0 for limits too): prlimit and abort().
LIMITS: Final = {"x86_64": 302, "aarch64": 261}  # prlimit64
SIGNALS: Final = {"x86_64": {"kill": 62, "tgkill": 234}, "aarch64": {"kill": 129, "tgkill": 131}}
CLONE3: Final = 435  # on every machine; the C library falls back to clone
_SECCOMP: Final = {"x86_64": 317, "aarch64": 277}
_AUDIT_ARCH: Final = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}  # linux/audit.h


def missing() -> list[str]:
    """Which of `landlock` and `seccomp` this system lacks."""
    if sys.platform != "linux":
        return ["landlock", "seccomp"]
    found = []
    if _landlock_version() < 1:
        found.append("landlock")
    if not _has_seccomp():
        found.append("seccomp")
    return found


def confine(memory_mb: int) -> None:
    """Confine this process as far as the system can; everything must be imported and opened before.

    Raises OSError if the kernel supports a measure but refuses it.
    """
    # a core file would contain others' texts; RLIMIT_DATA counts allocations, RLIMIT_AS also mappings (numpy,
    # the model file)
    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _DESCRIPTORS),
        (resource.RLIMIT_DATA, memory_mb * 1024 * 1024),
    ):
        resource.setrlimit(limit, (most, most))
    if sys.platform != "linux":
        return
    lacking = missing()
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)
    if "landlock" not in lacking:
        _refuse_files()
    if "seccomp" not in lacking:
        _filter_calls()


def die_with_parent(signal_number: int) -> None:
    """Have the kernel send this signal when the parent exits; only on Linux."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal_number)


def hide_memory() -> None:
    """Hide this process's memory and environment from processes of the same user; no core dumps."""
    if sys.platform == "linux":
        _prctl(_PR_SET_DUMPABLE, 0)


def _prctl(option: int, value: int) -> None:
    _checked(ctypes.CDLL(None, use_errno=True).prctl(option, value, 0, 0, 0))


def _syscall(number: int, *arguments: object) -> int:
    answer: int = ctypes.CDLL(None, use_errno=True).syscall(number, *arguments)
    return answer


def _checked(answer: int) -> int:
    if answer < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
    return answer


def _landlock_version() -> int:
    return _syscall(_LANDLOCK_CREATE_RULESET, None, ctypes.c_size_t(0), _LANDLOCK_VERSION)


def _has_seccomp() -> bool:
    number, action = _SECCOMP.get(platform.machine()), struct.pack("=I", _RET_ERRNO)
    return number is not None and _syscall(number, _SECCOMP_GET_ACTION_AVAIL, 0, action) == 0


def _refuse_files() -> None:
    version = _landlock_version()
    rights = max(count for since, count in _FILE_RIGHTS.items() if since <= version)
    fields = [(1 << rights) - 1]
    if version >= 4:
        fields.append(_TCP_RIGHTS)
    if version >= 6:
        fields.append(_SCOPES)
    ruleset = struct.pack(f"={len(fields)}Q", *fields)
    descriptor = _checked(_syscall(_LANDLOCK_CREATE_RULESET, ruleset, ctypes.c_size_t(len(ruleset)), 0))
    try:
        _checked(_syscall(_LANDLOCK_RESTRICT_SELF, descriptor, 0))
    finally:
        os.close(descriptor)


def program(machine: str, pid: int) -> list[tuple[int, int, int, int]]:
    """The filter's instructions (code, jump if true, jump if false, operand) for a process id.

    Pure, so that it can be tested without confinement.
    """
    signals, calls = SIGNALS[machine].values(), CALLS[machine].values()
    refuse = [(_RETURN, 0, 0, _RET_ERRNO | errno.EPERM)]
    allow = [(_RETURN, 0, 0, _RET_ALLOW)]
    own = [(_LD_WORD, 0, 0, _FIRST_ARGUMENT), (_JUMP_EQUAL, 0, 1, pid), *allow, *refuse]
    unnamed = [(_LD_WORD, 0, 0, _FIRST_ARGUMENT), (_JUMP_EQUAL, 0, 1, 0), *allow, *refuse]
    unknown = [(_RETURN, 0, 0, _RET_ERRNO | errno.ENOSYS)]
    # each test jumps to its block; block offsets count from the end of all tests
    tests: list[tuple[int, int]] = [(CLONE3, len(refuse)), (LIMITS[machine], len(refuse) + len(unknown))]
    at_own = len(refuse) + len(unknown) + len(unnamed)
    tests += [(number, at_own) for number in signals]
    tests += [(number, at_own + len(own)) for number in calls]
    head = [
        (_LD_WORD, 0, 0, _MACHINE),
        (_JUMP_EQUAL, 1, 0, _AUDIT_ARCH[machine]),
        (_RETURN, 0, 0, _RET_KILL),
        (_LD_WORD, 0, 0, _NUMBER),
    ]
    jumps = [
        (_JUMP_EQUAL, len(tests) - at - 1 + place, 0, number) for at, (number, place) in enumerate(tests)
    ]
    return [*head, *jumps, *refuse, *unknown, *unnamed, *own, *allow]


def _filter_calls() -> None:
    instructions = program(platform.machine(), os.getpid())
    code = b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions)
    held = ctypes.create_string_buffer(code)
    given = struct.pack("@HP", len(instructions), ctypes.addressof(held))
    _checked(_syscall(_SECCOMP[platform.machine()], _SECCOMP_SET_MODE_FILTER, 0, given))
