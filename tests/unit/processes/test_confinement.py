"""The system call filter, evaluated as the kernel does, for both machines."""

import errno
import re
from pathlib import Path

import pytest

from api.processes.confinement import CALLS, CLONE3, LIMITS, SIGNALS, program

PID, OTHER = 4_711, 1
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOWED, KILLED = 0x7FFF0000, 0x80000000
REFUSED, UNKNOWN = 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
TABLES = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
MACHINES = pytest.mark.parametrize("machine", [*CALLS])


def decide(machine: str, number: int, first: int = 0, *, arch: int | None = None) -> int:
    """The filter's result for a call; seccomp_data as in linux/seccomp.h."""
    words = {0: number, 4: ARCH[machine] if arch is None else arch, 16: first & 0xFFFFFFFF}
    instructions, at, held = program(machine, PID), 0, 0
    while True:
        code, when, unless, operand = instructions[at]
        at += 1
        if code == 0x20:
            held = words[operand]
        elif code == 0x15:
            at += when if held == operand else unless
        else:
            assert code == 0x06
            return operand


def kernels(machine: str) -> dict[str, int]:
    """The kernel's own table of calls."""
    if not TABLES[machine].exists():
        pytest.skip("the kernel's headers are not installed (linux-libc-dev)")
    text = TABLES[machine].read_text()
    found = {name: int(number) for name, number in re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", text)}
    # on 64 bits the generic table calls fstatat by its newer name
    return found | ({"newfstatat": found["fstatat"]} if "fstatat" in found else {})


@MACHINES
class TestTheFilter:
    def test_refuses_what_is_not_named(self, machine: str) -> None:
        named = {*CALLS[machine].values(), *SIGNALS[machine].values(), LIMITS[machine], CLONE3}
        for number in set(range(600)) - named:
            assert decide(machine, number) == REFUSED, number

    def test_kills_callers_of_another_architecture(self, machine: str) -> None:
        assert decide(machine, CALLS[machine]["read"], arch=0x40000003) == KILLED

    def test_refuses_calls_in_the_other_form_of_the_same_machine(self, machine: str) -> None:
        assert decide(machine, 0x40000000 | CALLS[machine]["read"]) == REFUSED

    def test_refuses_signals_and_limits_for_others(self, machine: str) -> None:
        for number in SIGNALS[machine].values():
            assert decide(machine, number, OTHER) == decide(machine, number, -1) == REFUSED
            assert decide(machine, number, PID) == ALLOWED
        assert decide(machine, LIMITS[machine], OTHER) == decide(machine, LIMITS[machine], PID) == REFUSED
        assert decide(machine, LIMITS[machine], 0) == ALLOWED

    def test_lets_through_what_is_named(self, machine: str) -> None:
        assert {decide(machine, number) for number in CALLS[machine].values()} == {ALLOWED}

    def test_returns_enosys_for_clone3(self, machine: str) -> None:
        assert decide(machine, CLONE3) == UNKNOWN

    def test_has_the_numbers_of_the_kernel(self, machine: str) -> None:
        known = kernels(machine)
        ours = {**CALLS[machine], **SIGNALS[machine], "prlimit64": LIMITS[machine], "clone3": CLONE3}
        assert {name: known.get(name) for name in ours} == ours
