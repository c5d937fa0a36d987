"""What a worker holds beside the runtime: the way out to the web and the processes that do the reading."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from api.engines import EngineSpec
from api.fetching.client import GuardedClient
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.jobs.readers_writer_lock import ReadersWriterLock
from api.jobs.slow_lane import SlowLane
from api.processes import Processes
from api.pulse import Pulse
from api.runtime.runtime import Runtime

# `Processes.run` for the tasks of one job: within its allowance of CPU, and its place in the slow lane.
Run: TypeAlias = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, kw_only=True)
class WorkerContext:
    """`client` fetches pages, `telling` sends notices to search engines.

    `engine` judges; `engines` are those that are installed, by which older verdicts are reproduced.

    `stop` is set when the worker is to end.
    """

    runtime: Runtime
    engine: EngineSpec
    engines: Sequence[EngineSpec]
    client: GuardedClient
    telling: GuardedClient
    robots: Robots
    pace: Pace
    processes: Processes
    lane: ReadersWriterLock
    slow_lane: SlowLane
    pulse: Pulse
    stop: asyncio.Event
