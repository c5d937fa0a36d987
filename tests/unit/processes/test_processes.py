"""Page processes can be killed without other effects, and hostile code in them gets nowhere."""

import asyncio
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.errors import NotHtml
from api.pages.reader import extract_page
from api.processes.answers import TaskFailed
from api.processes.confinement import missing
from api.processes.pool import PARSERS, Allowance, ProcessCrashed, Processes, ProcessTimeout
from tests.kit.servers import page_tasks as tasks
from tests.kit.texts.page_bombs import AT, MEMORY, URL, honest_mb

MB = 1024 * 1024
MAX_MB = 700
PRELOAD = (PARSERS, "api.pages.reader", "tests.kit.servers.page_tasks")
confined = pytest.mark.skipif(bool(missing()), reason="this system cannot confine a process")


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    pool = Processes(size=2, memory_mb=MAX_MB, cpu_s=2, preload=PRELOAD)
    yield pool
    pool.close()


@pytest.fixture
def one() -> Iterator[Processes]:
    pool = Processes(size=1, memory_mb=MAX_MB, cpu_s=5, most_tasks=3, preload=PRELOAD)
    yield pool
    pool.close()


async def _is_well(processes: Processes) -> bool:
    return await processes.run(tasks.length, "alive") == 5


def _read(path: Path) -> str:
    return path.read_text()


def _names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


class TestAProcess:
    async def test_that_dies_is_reported_and_replaced(self, processes: Processes) -> None:
        with pytest.raises(ProcessCrashed):
            await processes.run(tasks.abort)
        assert await _is_well(processes)

    async def test_that_takes_too_much_memory_is_reported(self, processes: Processes) -> None:
        with pytest.raises(ProcessCrashed):
            await processes.run(tasks.take, 1_400 * MB)

    @pytest.mark.slow
    async def test_that_a_page_makes_take_too_much_memory_is_reported(self) -> None:
        pool = Processes(size=1, memory_mb=await honest_mb(judged=False), cpu_s=60, preload=PRELOAD)
        with pytest.raises(ProcessCrashed):
            await pool.run(extract_page, MEMORY, URL, "utf-8", "text/html", AT)
        assert await _is_well(pool)
        pool.close()

    async def test_that_takes_too_much_cpu_is_killed(self, processes: Processes) -> None:
        with pytest.raises(ProcessTimeout, match="CPU"):
            await processes.run(tasks.burn, 60)
        assert await _is_well(processes)

    @pytest.mark.slow
    async def test_may_take_what_is_left_of_an_allowance_and_no_more(self, processes: Processes) -> None:
        allowance = Allowance(3.0)
        await processes.run(tasks.burn, 1, allowance=allowance)
        assert 1.0 < allowance.left_s < 2.1
        await processes.run(tasks.burn, 1, allowance=allowance)
        with pytest.raises(ProcessTimeout):
            await processes.run(tasks.burn, 60, allowance=allowance)
        allowance.left_s = 0.0
        with pytest.raises(ProcessTimeout):
            await processes.run(tasks.length, "nothing", allowance=allowance)

    @pytest.mark.slow
    async def test_may_take_its_cpu_again_for_the_next_task(self, one: Processes) -> None:
        """The limit is for the task, though the kernel counts the whole process."""
        for _ in range(3):
            await one.run(tasks.burn, 3)

    @pytest.mark.slow
    async def test_that_is_stuck_in_native_code_is_killed(self, processes: Processes) -> None:
        with pytest.raises(ProcessTimeout):
            await processes.run(tasks.backtrack)
        assert await _is_well(processes)

    async def test_that_takes_too_long_is_killed(self, processes: Processes) -> None:
        with pytest.raises(ProcessTimeout):
            await processes.run(tasks.wait, 60, allowance=Allowance(0.2))
        assert await _is_well(processes)

    async def test_that_grows_bit_by_bit_is_stopped(self, processes: Processes) -> None:
        with pytest.raises((ProcessCrashed, ProcessTimeout)):
            await processes.run(tasks.grow)
        assert await _is_well(processes)

    async def test_that_crashes_natively_costs_what_runs_beside_it_nothing(
        self, processes: Processes
    ) -> None:
        beside = asyncio.create_task(processes.run(tasks.count_for, 1.0))
        for _ in range(2):
            with pytest.raises(ProcessCrashed):
                await processes.run(tasks.crash_natively)
        assert await beside > 0

    async def test_that_dies_in_the_middle_of_its_answer_spoils_no_other(self, processes: Processes) -> None:
        beside = asyncio.create_task(processes.run(tasks.count_for, 1.0))
        with pytest.raises(ProcessCrashed):
            await processes.run(tasks.die_while_answering)
        assert await beside > 0
        assert await _is_well(processes)

    async def test_that_dies_while_it_has_nothing_to_do_costs_no_task(self, processes: Processes) -> None:
        idle = await processes.run(tasks.pid)
        os.kill(idle, signal.SIGKILL)
        assert await processes.run(tasks.pid) != idle

    async def test_whose_fork_server_dies_is_replaced_with_it(self, one: Processes) -> None:
        os.kill(await one.run(tasks.parent), signal.SIGKILL)
        assert await _is_well(one)

    async def test_whose_task_is_given_up_is_killed(self, one: Processes) -> None:
        pid = await one.run(tasks.pid)
        task = asyncio.create_task(one.run(tasks.wait, 60))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert await one.run(tasks.pid) != pid

    async def test_is_replaced_after_so_many_tasks(self, one: Processes) -> None:
        pids = [await one.run(tasks.pid) for _ in range(7)]
        assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [3, 3, 1]

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does not say what is held")
    async def test_is_replaced_before_what_tasks_leave_behind_fills_it(self, processes: Processes) -> None:
        for _ in range(8):  # 1,600 MB in all
            await processes.run(tasks.keep, 200 * MB)

    @pytest.mark.skipif(sys.platform != "linux", reason="a score of Linux")
    async def test_goes_first_where_the_machine_runs_out_of_memory(self, processes: Processes) -> None:
        pid = await processes.run(tasks.pid)
        assert _read(Path(f"/proc/{pid}/oom_score_adj")) == "900\n"

    async def test_leaves_no_core_file_with_the_texts_of_others(self, processes: Processes) -> None:
        assert await processes.run(tasks.core_limit) == (0, 0)


class TestAnAnswer:
    async def test_is_what_the_task_raises(self, processes: Processes) -> None:
        with pytest.raises(ValueError, match="invalid literal"):
            await processes.run(tasks.misread, "x")
        with pytest.raises(NotHtml, match="a picture"):
            await processes.run(tasks.refuse, "a picture")

    async def test_is_a_failure_where_the_task_raises_what_it_should_not(self, one: Processes) -> None:
        pid = await one.run(tasks.pid)
        with pytest.raises(TaskFailed, match=r"KeyError at .*page_tasks.py:.*: 'unforeseen'"):
            await one.run(tasks.stumble)
        assert await one.run(tasks.pid) == pid, "the error was the task's own"

    async def test_of_another_type_than_promised_is_refused_and_costs_the_process(
        self, one: Processes
    ) -> None:
        pid = await one.run(tasks.pid)
        with pytest.raises(ProcessCrashed, match="cannot be read"):
            await one.run(tasks.lie)
        assert await one.run(tasks.pid) != pid

    async def test_is_never_unpickled(self, processes: Processes, tmp_path: Path) -> None:
        with pytest.raises(ProcessCrashed, match="cannot be read"):
            await processes.run(tasks.answer_a_pickle, str(tmp_path / "made"))
        assert _names(tmp_path) == []

    async def test_of_four_gigabytes_is_not_waited_for(self, processes: Processes) -> None:
        with pytest.raises(ProcessCrashed, match="4294967295 bytes"):
            await processes.run(tasks.claim_four_gigabytes)
        assert await _is_well(processes)


class TestHostileCode:
    async def test_finds_no_setting_in_its_environment(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("UNSPUN_WEBHOOK_KEYS", "secret")
        monkeypatch.setenv("SOME_TOKEN", "secret")
        pool = Processes(size=1, memory_mb=MAX_MB, cpu_s=5, preload=(*PRELOAD, "tests.kit.tables"))
        found = await pool.run(tasks.environment)
        pool.close()
        assert "secret" not in found.values()
        assert not any(name.startswith("UNSPUN") for name in found)

    async def test_has_no_descriptor_but_its_pipes(self, processes: Processes) -> None:
        assert await processes.run(tasks.descriptors) == [0, 1, 2, 3, 4]

    @confined
    async def test_fails_at_every_attempt(self, processes: Processes, tmp_path: Path) -> None:
        secret = tmp_path / "secret"
        secret.write_text("s")
        sibling, server = await asyncio.gather(
            processes.run(tasks.count_for, 0.1), processes.run(tasks.parent)
        )
        sibling = await processes.run(tasks.pid)
        listening = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        first, second = await asyncio.gather(
            processes.run(tasks.count_for, 0.2),
            processes.run(tasks.try_all, os.getpid(), sibling, server, port, str(secret)),
        )
        listening.close()
        assert {name: end for name, end in second.items() if end == "done"} == {}
        assert secret.read_text() == "s"
        assert _names(tmp_path) == ["secret"]
        assert first > 0
