"""Processes that can be killed: what dies there takes nothing else with it."""

import asyncio
import ctypes
import gc
import os
import re
import resource
import signal
import struct
import sys
import time
from collections.abc import Iterator

import pytest
from pebble.pool.channel import WorkerChannel

from api.analysis.reader import extract_page
from api.processes import Allowance, ProcessCrashed, Processes, ProcessTimeout
from tests.page_bombs import AT, MEMORY, URL, honest_mb

MB = 1024 * 1024
MOST_MB = 1_100  # above the engine's, which the fork server holds where another test has preloaded it


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    pool = Processes(size=2, memory_mb=MOST_MB, cpu_s=2)
    yield pool
    pool.close()


@pytest.fixture
def one() -> Iterator[Processes]:
    pool = Processes(size=1, memory_mb=MOST_MB, cpu_s=5, most_tasks=3)
    yield pool
    pool.close()


def _burn(seconds: float) -> None:
    """Take CPU."""
    began = time.process_time()
    while time.process_time() - began < seconds:
        pass


class TestAProcess:
    async def test_that_dies_is_reported_and_replaced(self, processes: Processes) -> None:
        with pytest.raises(ProcessCrashed):
            await processes.run(os.abort)
        assert await processes.run(len, "alive") == 5

    async def test_that_takes_too_much_memory_is_reported(self, processes: Processes) -> None:
        with pytest.raises(ProcessCrashed):
            await processes.run(bytearray, 1_400 * MB)

    @pytest.mark.slow
    async def test_that_a_page_makes_take_too_much_memory_is_reported(self) -> None:
        pool = Processes(size=1, memory_mb=await honest_mb(judged=False), cpu_s=60)
        with pytest.raises(ProcessCrashed):
            await pool.run(extract_page, MEMORY, URL, "utf-8", "text/html", AT)
        assert await pool.run(len, "alive") == 5
        pool.close()

    async def test_that_takes_too_much_cpu_is_killed(self, processes: Processes) -> None:
        with pytest.raises(ProcessTimeout, match="CPU"):
            await processes.run(_burn, 60)
        assert await processes.run(len, "alive") == 5

    @pytest.mark.slow
    async def test_may_take_what_is_left_of_an_allowance_and_no_more(self, processes: Processes) -> None:
        allowance = Allowance(3.0)
        await processes.run(_burn, 1, allowance=allowance)
        assert 1.0 < allowance.left_s < 2.1
        await processes.run(_burn, 1, allowance=allowance)
        with pytest.raises(ProcessTimeout):
            await processes.run(_burn, 60, allowance=allowance)
        allowance.left_s = 0.0
        with pytest.raises(ProcessTimeout):
            await processes.run(len, "nothing", allowance=allowance)

    @pytest.mark.slow
    async def test_may_take_its_cpu_again_for_the_next_task(self, one: Processes) -> None:
        """The limit is that of the task, though the kernel counts what the process ever took."""
        for _ in range(3):
            await one.run(_burn, 3)

    @pytest.mark.slow
    async def test_that_takes_too_long_is_killed(self, processes: Processes) -> None:
        with pytest.raises(ProcessTimeout):
            await processes.run(time.sleep, 60)
        assert await processes.run(len, "alive") == 5

    async def test_raises_what_its_task_raises(self, processes: Processes) -> None:
        with pytest.raises(ValueError, match="invalid literal"):
            await processes.run(int, "x")

    @pytest.mark.slow
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

    async def test_that_dies_in_the_middle_of_its_answer_spoils_no_other(self, processes: Processes) -> None:
        beside = asyncio.create_task(processes.run(_count_for, 1.0))
        with pytest.raises(ProcessCrashed):
            await processes.run(_die_while_answering)
        assert await beside > 0
        assert await processes.run(len, "alive") == 5

    async def test_that_dies_while_it_has_nothing_to_do_costs_no_task(self, processes: Processes) -> None:
        idle = await processes.run(os.getpid)
        os.kill(idle, signal.SIGKILL)
        assert await processes.run(os.getpid) != idle

    async def test_whose_task_is_given_up_is_killed(self, one: Processes) -> None:
        pid = await one.run(os.getpid)
        task = asyncio.create_task(one.run(time.sleep, 60))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await one.run(os.getpid) != pid

    async def test_is_replaced_after_so_many_tasks(self, one: Processes) -> None:
        pids = [await one.run(os.getpid) for _ in range(7)]
        assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not say what is held")
    async def test_is_replaced_before_what_tasks_leave_behind_fills_it(self, processes: Processes) -> None:
        for _ in range(8):  # 1,600 MB in all
            await processes.run(_keep, 200 * MB)

    @pytest.mark.skipif(sys.platform != "linux", reason="a score of Linux")
    async def test_goes_first_where_the_machine_runs_out_of_memory(self, processes: Processes) -> None:
        assert await processes.run(_read, "/proc/self/oom_score_adj") == "900\n"

    @pytest.mark.slow
    async def test_leaves_no_core_file_with_the_texts_of_others(self, processes: Processes) -> None:
        assert await processes.run(resource.getrlimit, resource.RLIMIT_CORE) == (0, 0)


def _grow() -> int:
    held = []
    while True:
        held.append(bytearray(1_000_000))


_KEPT: list[bytearray] = []


def _keep(size: int) -> None:
    _KEPT.append(bytearray(size))


def _read(path: str) -> str:
    with open(path) as file:
        return file.read()


def _die_while_answering() -> None:
    """Leave the beginning of a long answer in the channel, as one that is killed at that moment does."""
    channel = next(thing for thing in gc.get_objects() if isinstance(thing, WorkerChannel))
    os.write(channel.writer.fileno(), struct.pack("!i", 1_000_000) + b"half of it")
    os.kill(os.getpid(), signal.SIGKILL)


def _count_for(seconds: float) -> int:
    """Work that holds its process for a while, and says how much it was."""
    rounds, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:
        rounds += 1
    return rounds
