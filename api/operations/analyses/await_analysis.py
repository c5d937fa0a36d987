"""Long polling of an analysis, for `Prefer: wait=N`."""

import asyncio
from collections.abc import Callable

from api.operations.analyses.read_analysis import FINISHED, read_analysis
from api.runtime.runtime import Runtime
from schemas.analyses import Analysis

MAX_WAIT_S = 30  # below the common proxy timeout of 60 s
# Polls often at first, because most pages take about a second; a poll is one indexed read.
_FIRST_PAUSE_S, _PAUSE_GROWTH, _MAX_PAUSE_S = 0.05, 1.4, 0.5


async def await_analysis(
    runtime: Runtime, analysis_id: str, account_id: str, seconds: float, *, may_wait: Callable[[], bool]
) -> Analysis:
    """The analysis once it is finished, or after `seconds`, at shutdown, or when `may_wait` returns false.

    Raises NotFound. No connection is in use while it waits.
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
