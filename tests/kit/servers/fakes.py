"""Fakes that keep the protocol of what they stand for."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from api.clock import Clock
from api.processes import Allowance, Processes, ProcessTimeout
from schemas.ids import make_id


class StillClock(Clock):
    """A clock that moves only when told to; its ids come in order and are the same in every run."""

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
        """Let `seconds` pass."""
        self._at += timedelta(seconds=seconds)


class InterruptedProcesses(Processes):
    """Runs everything in this process, and lets something else happen before the first result is given."""

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
    """Gives every task up at once, as if it had taken too long. Starts no process."""

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
