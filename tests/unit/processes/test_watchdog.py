"""The watchdog ends a process whose loop hangs, and no other."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

import pytest
import structlog

from api import logs
from api.cli.watchdog import RestartDelays, Watch, _is_stopped
from api.pulse import Pulse
from tests.kit.polling import until

LIMIT_S = 5.0


def _beat(pulse: Pulse) -> None:
    pulse._view[0] += 1  # as a running loop does


@pytest.fixture
def sleeper() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(["/bin/sleep", "600"])
    yield process
    process.kill()
    process.wait()


@pytest.fixture
def pulse() -> Pulse:
    return Pulse()


@pytest.fixture
def watch(pulse: Pulse) -> Watch:
    return Watch(pulse, limit_s=LIMIT_S, name="api")


class TestWatch:
    def test_waits_for_a_loop_that_has_not_begun(self, watch: Watch) -> None:
        assert not any(watch.is_hung(os.getpid(), now) for now in range(100))

    def test_detects_a_blocked_loop(self, pulse: Pulse, watch: Watch) -> None:
        _beat(pulse)
        assert [watch.is_hung(os.getpid(), now) for now in range(8)] == [False] * 5 + [True] * 3

    def test_leaves_a_loop_alone_that_turns(self, pulse: Pulse, watch: Watch) -> None:
        for now in range(0, 100, 4):
            _beat(pulse)
            assert not any(watch.is_hung(os.getpid(), now + n) for n in range(4))

    def test_counts_no_sleep_that_it_shared(self, pulse: Pulse, watch: Watch) -> None:
        _beat(pulse)
        watch.is_hung(os.getpid(), 0)
        watch.is_hung(os.getpid(), 1)
        assert not watch.is_hung(os.getpid(), 100_000)

    async def test_counts_no_time_in_which_the_process_was_stopped(
        self, pulse: Pulse, watch: Watch, sleeper: "subprocess.Popen[bytes]"
    ) -> None:
        _beat(pulse)
        sleeper.send_signal(signal.SIGSTOP)
        await until(_seen(sleeper.pid, stopped=True))
        assert not any(watch.is_hung(sleeper.pid, now) for now in range(100))
        sleeper.send_signal(signal.SIGCONT)
        await until(_seen(sleeper.pid, stopped=False))
        assert [watch.is_hung(sleeper.pid, 100 + n) for n in range(6)] == [False] * 4 + [True] * 2

    async def test_lets_a_process_live_that_turns_again(
        self, pulse: Pulse, watch: Watch, sleeper: "subprocess.Popen[bytes]"
    ) -> None:
        _beat(pulse)
        sleeper.send_signal(signal.SIGSTOP)  # so that the signal for its stacks does not end it
        await until(_seen(sleeper.pid, stopped=True))
        for now in range(7):
            watch.is_hung(os.getpid(), now)
        _beat(pulse)
        assert watch.end(sleeper.pid) is None
        assert sleeper.poll() is None

    async def test_ends_a_process_also_where_nothing_can_be_logged(
        self, pulse: Pulse, watch: Watch, sleeper: "subprocess.Popen[bytes]"
    ) -> None:
        _beat(pulse)
        sleeper.send_signal(signal.SIGSTOP)
        await until(_seen(sleeper.pid, stopped=True))
        for now in range(7):
            watch.is_hung(os.getpid(), now)
        with pytest.raises(OSError), _closed_log():
            watch.end(sleeper.pid)
        assert sleeper.wait(30) == -signal.SIGKILL


def _seen(pid: int, *, stopped: bool) -> Callable[[], Awaitable[bool]]:
    async def seen() -> bool:
        return _is_stopped(pid) is stopped

    return seen


@contextmanager
def _closed_log() -> Iterator[None]:
    """Standard error is a full device meanwhile."""
    with open("/dev/full", "w", buffering=1) as full, redirect_stderr(full):
        logs.configure("info", "json")
        try:
            yield
        finally:
            structlog.reset_defaults()


class TestPauses:
    def test_grow_and_are_short_again_after_a_quiet_time(self) -> None:
        delays = RestartDelays()
        assert [delays.next_s(now) for now in (0, 30, 60, 90, 391, 400)] == [1, 2, 4, 4, 1, 2]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[[], "subprocess.Popen[bytes]"]]:
    started: list[subprocess.Popen[bytes]] = []

    def begin() -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", "tests.kit.servers.hanging", "work", str(tmp_path / "lost")]
        with (tmp_path / "log").open("wb") as log:
            started.append(subprocess.Popen(command, stderr=log))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


class TestSupervisedWork:
    async def test_that_hangs_in_a_pattern_is_logged_and_restarted(
        self, start: Callable[[], "subprocess.Popen[bytes]"], tmp_path: Path
    ) -> None:
        process = start()
        await until(lambda: (tmp_path / "lost").exists() and (tmp_path / "lost").read_text() != "", 60)
        assert (tmp_path / "lost").read_text() == (
            "[AtWork(kind='job', name='job_poison', numbers=(4, 1, 0))]"
        )
        log = (tmp_path / "log").read_text()
        (record,) = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        assert (record["event"], record["process"]) == ("process_hung", "worker")
        assert record["in_hand"] == ["job job_poison 4 1 0"]
        assert re.search(r'File ".*hanging\.py", line \d+ in _work', log), "the stacks are in the log"
        process.terminate()
        assert process.wait(30) == 0

    @pytest.mark.slow
    @pytest.mark.skipif(sys.platform != "linux", reason="no /proc to find the child in")
    async def test_may_be_stopped_between_two_lives(
        self, start: Callable[[], "subprocess.Popen[bytes]"], tmp_path: Path
    ) -> None:
        process = start()
        await until(
            lambda: "process_hung" in (tmp_path / "log").read_text() and _children(process.pid) == [], 60
        )
        process.terminate()
        assert process.wait(30) == 0
        assert not (tmp_path / "lost").exists(), "none is begun any more"

    @pytest.mark.skipif(sys.platform != "linux", reason="no /proc to find the child in")
    async def test_dies_with_its_supervisor(self, start: Callable[[], "subprocess.Popen[bytes]"]) -> None:
        process = start()
        await until(lambda: _children(process.pid) != [], 30)
        (child,) = _children(process.pid)
        process.kill()
        process.wait()
        await until(lambda: not _runs(child), 30)


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
