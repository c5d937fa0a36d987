"""The process pool in which commands run analyses, with the worker's limits."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.cli.commands import Failure
from api.engines import EngineSpec
from api.processes import ProcessCrashed, Processes, ProcessTimeout
from api.settings import Settings


@contextmanager
def judging_processes(settings: Settings, size: int, engine: EngineSpec) -> Iterator[Processes]:
    """A pool of `size` processes for an engine. Raises Failure if a text crashes a process or takes too long."""
    pool = Processes(
        size=size,
        memory_mb=settings.analysis_memory_mb,
        cpu_s=settings.analysis_timeout_s,
        preload=(*engine.preload, "api.cli.records"),
    )
    try:
        yield pool
    except (ProcessCrashed, ProcessTimeout) as error:
        raise Failure(f"The text could not be analysed: {error}") from error
    finally:
        pool.close()
