"""Runs tasks in a process that has an engine loaded, also one that is not the worker's."""

import asyncio
from functools import partial
from typing import Any

from api.engines import EngineSpec
from api.jobs.worker_context import Run, WorkerContext
from api.processes.pool import Processes
from api.settings import Settings


def runner_of(context: WorkerContext, engine: EngineSpec, run: Run) -> Run:
    """`run`, or another if the worker's processes do not have the engine."""
    if engine.preload == context.engine.preload:
        return run
    return partial(_run_once, context.runtime.settings, engine.preload)


async def _run_once(settings: Settings, preload: tuple[str, ...], task: Any, *arguments: Any) -> Any:
    """Run in a new process with the other profile's engine, which takes seconds to load."""
    processes = Processes(
        size=1,
        memory_mb=settings.analysis_memory_mb,
        cpu_s=settings.analysis_timeout_s,
        preload=preload,
        keeps_server=False,
    )
    try:
        return await processes.run(task, *arguments)
    finally:
        await asyncio.to_thread(processes.close)
