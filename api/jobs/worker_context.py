"""The resources of a worker, beside the runtime."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from api.engines import EngineSpec
from api.fetching.client import GuardedClient
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.jobs.readers_writer_lock import ReadersWriterLock
from api.jobs.slow_lane import SlowLane
from api.processes.pool import Processes
from api.pulse import Pulse
from api.runtime.runtime import Runtime

if TYPE_CHECKING:
    from api.llm.model_client import ModelClient

# `Processes.run` with the CPU allowance and slow-lane check of one job.
Run: TypeAlias = Callable[..., Awaitable[Any]]


@dataclass(frozen=True, kw_only=True)
class WorkerContext:
    """`client` fetches pages, `telling` sends notices to search engines.

    `engine` judges; `engines` are all installed ones, which reproduce older verdicts. `stop` is set when the
    worker must end. `model` asks the language model; None if none is configured. `waiting` are the places of jobs
    that wait for it before they publish.
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
    model: "ModelClient | None" = None
    waiting: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(1))
