"""Processes that can be killed: what dies there takes nothing else with it."""

import asyncio
import ctypes
import os
import re
import resource
import time
from collections.abc import Iterator

import pytest

from api.processes import ProcessCrashed, Processes, ProcessTimeout


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    pool = Processes(size=2, memory_mb=500, timeout_s=2)
    yield pool
    pool.close()


class TestAProcess:
    async def test_that_dies_is_reported_and_replaced(self, processes: Processes) -> None:
        with pytest.raises(ProcessCrashed):
            await processes.run(os.abort)
        assert await processes.run(len, "alive") == 5

    async def test_that_takes_too_much_memory_is_reported(self, processes: Processes) -> None:
        with pytest.raises(ProcessCrashed):
            await processes.run(bytearray, 800 * 1024 * 1024)

    async def test_that_takes_too_long_is_killed(self, processes: Processes) -> None:
        with pytest.raises(ProcessTimeout):
            await processes.run(time.sleep, 60)
        assert await processes.run(len, "alive") == 5

    async def test_raises_what_its_task_raises(self, processes: Processes) -> None:
        with pytest.raises(ValueError, match="invalid literal"):
            await processes.run(int, "x")

    async def test_that_is_stuck_in_native_code_is_killed(self, processes: Processes) -> None:
        with pytest.raises(ProcessTimeout):
            await processes.run(re.match, "(a+)+$", "a" * 60 + "b")
        assert await processes.run(len, "alive") == 5

    async def test_that_grows_bit_by_bit_is_stopped(self, processes: Processes) -> None:
        with pytest.raises((ProcessCrashed, ProcessTimeout)):
            await processes.run(_grow)
        assert await processes.run(len, "alive") == 5

    async def test_that_crashes_natively_costs_what_runs_beside_it_nothing(
        self, processes: Processes
    ) -> None:
        beside = asyncio.create_task(processes.run(_count_for, 1.0))
        for _ in range(2):
            with pytest.raises(ProcessCrashed):
                await processes.run(ctypes.string_at, 0)
        assert await beside > 0

    async def test_leaves_no_core_file_with_the_texts_of_others(self, processes: Processes) -> None:
        assert await processes.run(resource.getrlimit, resource.RLIMIT_CORE) == (0, 0)


def _grow() -> int:
    held = []
    while True:
        held.append(bytearray(1_000_000))


def _count_for(seconds: float) -> int:
    """Work that holds its process for a while, and says how much it was."""
    rounds, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        rounds += 1
    return rounds
