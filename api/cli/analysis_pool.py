"""The process pool in which commands run analyses, with the worker's limits."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.cli.article import LocalFile
from api.cli.commands import Failure
from api.engines import EngineSpec
from api.processes.pool import ProcessCrashed, Processes, ProcessTimeout
from api.settings import Settings


@contextmanager
def judging_processes(settings: Settings, size: int, preload: tuple[str, ...]) -> Iterator[Processes]:
    """A pool of `size` processes. Raises Failure if a text crashes a process or takes too long."""
    pool = Processes(
        size=size,
        memory_mb=settings.analysis_memory_mb,
        cpu_s=settings.analysis_timeout_s,
        preload=preload,
    )
    try:
        yield pool
    except (ProcessCrashed, ProcessTimeout) as error:
        raise Failure(f"The text could not be analysed: {error}") from error
    finally:
        pool.close()


def preload_for_one(engine: EngineSpec, local: LocalFile | None) -> tuple[str, ...]:
    """What the fork server loads for one text: no more than its kind and the engine need."""
    parsers = "texts" if local is not None and not local.is_html else "pages"
    return f"api.processes.parsers:{parsers}", f"api.jobs.preload:load_only:{engine.load}"
