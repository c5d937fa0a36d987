"""Holds a request until an analysis is finished, for `Prefer: wait=N`."""

import asyncio
from collections.abc import Callable

from api.operations.analyses.read_analysis import FINISHED, read_analysis
from api.runtime.runtime import Runtime
from schemas.analyses import Analysis

MAX_WAIT_S = 30  # below the 60 s after which proxies commonly give up
# Looks often at first, since most pages take about a second, then less; a look is one indexed read.
_FIRST_PAUSE_S, _PAUSE_GROWTH, _MAX_PAUSE_S = 0.05, 1.4, 0.5


async def await_analysis(
    runtime: Runtime, analysis_id: str, account_id: str, seconds: float, *, may_wait: Callable[[], bool]
) -> Analysis:
    """The analysis once it is finished, or as it stands after `seconds`, when the process is to stop, or once it
    may not wait any more.

    Raises NotFound. No connection is held while it waits.
    """
    deadline = runtime.clock.monotonic() + min(seconds, MAX_WAIT_S)
    pause = _FIRST_PAUSE_S
    while True:
        async with runtime.pool.connection() as connection:
            analysis = await read_analysis(connection, analysis_id, account_id, runtime.base_url)
        left = deadline - runtime.clock.monotonic()
        if analysis.status in FINISHED or left <= 0 or runtime.leaving() or not may_wait():
            return analysis
        await asyncio.sleep(min(pause, left))
        pause = min(pause * _PAUSE_GROWTH, _MAX_PAUSE_S)
