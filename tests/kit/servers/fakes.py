"""Fakes with the protocol of the original."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from api.clock import Clock
from api.processes.pool import Allowance, Processes, ProcessTimeout
from schemas.ids import make_id


class StillClock(Clock):
    """A clock that only the test advances; its ids are ordered and the same in every run."""

    def __init__(self, at: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        super().__init__()
        self._at = at
        self._start = at
        self._ids = count(1)

    def now(self) -> datetime:
        return self._at

    def monotonic(self) -> float:
        return (self._at - self._start).total_seconds()

    def new_id(self, prefix: str) -> str:
        return make_id(prefix, self._at, next(self._ids).to_bytes(10, "big"))

    def advance(self, seconds: float) -> None:
        self._at += timedelta(seconds=seconds)


class ShiftedClock(Clock):
    """The system clock, ahead by a fixed time."""

    def __init__(self, ahead: timedelta) -> None:
        super().__init__()
        self._ahead = ahead

    def now(self) -> datetime:
        return super().now() + self._ahead


class InterruptedProcesses(Processes):
    """Runs everything in this process, and calls a hook before it returns the first result."""

    def __init__(self, meanwhile: Callable[[], Awaitable[object]]) -> None:
        self._meanwhile: Callable[[], Awaitable[object]] | None = meanwhile

    async def run(
        self,
        task: Callable[..., Any],
        *arguments: Any,
        allowance: Allowance | None = None,
        admit: Callable[[], None] = lambda: None,
        **named: Any,
    ) -> Any:
        result = task(*arguments, **named)
        meanwhile, self._meanwhile = self._meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return result


class HastyProcesses(Processes):
    """Gives up every task at once as timed out. Starts no process."""

    def __init__(self) -> None:
        pass

    async def run(
        self,
        task: Callable[..., Any],
        *arguments: Any,
        allowance: Allowance | None = None,
        admit: Callable[[], None] = lambda: None,
        **named: Any,
    ) -> Any:
        raise ProcessTimeout("over 0 s")
