"""A worker's claim on a job: one transaction that decides whether it runs, and counts the try."""

from msgspec import Struct

from api.clock import Clock
from api.errors import AnalysisCrashed
from api.operations.finish_analysis import fail_job
from api.operations.runtime import Runtime
from api.storage import analysis_jobs
from api.storage.analysis_jobs import JobState
from schemas.enums import AnalysisStatus

MAX_CRASHES = 3  # design Decisions 9


class Try(Struct, kw_only=True, frozen=True):
    """One run of a job. `number` fences its publication; `alone`: nothing else runs in this worker."""

    job: JobState
    number: int
    alone: bool


def is_suspect(job: JobState) -> bool:
    """Whether the job's last try never ended: its worker died with it, so it may be what killed the worker."""
    return job.status is AnalysisStatus.RUNNING


async def claim_analysis(runtime: Runtime, job_id: str, *, alone: bool) -> Try | None:
    """Begin a try. None where the job has ended, is gone, or is given up here.

    `alone` says that the caller runs nothing beside it. A job found running is a suspect; only a crash of a job
    that ran alone counts against it, and the third ends it.
    """
    clock: Clock = runtime.clock
    async with runtime.pool.transaction() as connection:
        job = await analysis_jobs.lock_job(connection, job_id)
        if job is None or job.status not in (AnalysisStatus.QUEUED, AnalysisStatus.RUNNING):
            return None
        crashes = job.crashes + (1 if is_suspect(job) and job.alone else 0)
        if crashes >= MAX_CRASHES:
            error = AnalysisCrashed(f"The analysis took its process down {crashes} times and was given up.")
            await fail_job(connection, runtime, job_id, error)
            return None
        number = await analysis_jobs.begin_try(
            connection, job_id, crashes=crashes, alone=alone, at=clock.now()
        )
        return Try(job=job, number=number, alone=alone)


async def peek_suspect(runtime: Runtime, job_id: str) -> bool:
    """Whether the job's next try should run alone."""
    async with runtime.pool.transaction() as connection:
        job = await analysis_jobs.lock_job(connection, job_id)
        return job is not None and is_suspect(job)
