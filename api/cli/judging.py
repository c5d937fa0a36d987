"""The processes in which a command reads and judges: those of the worker, with its limits."""

from collections.abc import Iterator
from contextlib import contextmanager

from api.cli.commands import Failure
from api.processes import ProcessCrashed, Processes, ProcessTimeout
from api.settings import Settings

_PRELOAD = ("api.jobs.preload",)


@contextmanager
def judging_processes(settings: Settings, size: int) -> Iterator[Processes]:
    """A pool of `size`. A text that takes a process down, or too long, raises Failure."""
    pool = Processes(
        size=size,
        memory_mb=settings.analysis_memory_mb,
        timeout_s=settings.analysis_timeout_s,
        preload=_PRELOAD,
    )
    try:
        yield pool
    except (ProcessCrashed, ProcessTimeout) as error:
        raise Failure(f"The text could not be judged: {error}") from error
    finally:
        pool.close()
