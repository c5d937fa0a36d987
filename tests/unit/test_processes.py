"""Processes that can be killed: what dies there takes nothing else with it."""

import os
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
