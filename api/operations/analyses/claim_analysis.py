"""A worker's claim on a job: one transaction that decides whether it runs, and counts the try.

Tries are counted at their start. The queue hands over a dead worker's job without counting, so a page that
crashes its reader would run for ever. A job that was running during a crash runs alone next, and fails after
three crashes of its own.
"""

from collections.abc import Sequence

from msgspec import Struct

from api.clock import Clock
from api.errors import AnalysisCrashed
from api.operations.analyses.finish_analysis import fail_job
from api.pulse import AtWork
from api.runtime.runtime import Runtime
from api.storage.analyses import analysis_jobs
from api.storage.analyses.analysis_jobs import JobState
from schemas.enums import AnalysisStatus

MAX_CRASHES = 3
JOB = "job"  # the kind of a try in `Pulse`


class Try(Struct, kw_only=True, frozen=True):
    """One run of a job. `number` fences its publication; `alone`: nothing else runs in this worker."""

    job: JobState
    number: int
    alone: bool


def is_suspect(job: JobState) -> bool:
    """Whether the job's last try never ended: its worker died, perhaps because of it."""
    return job.status is AnalysisStatus.RUNNING


async def claim_analysis(runtime: Runtime, job_id: str, *, alone: bool) -> Try | None:
    """Begin a try. Returns None if the job has ended, is gone, or fails here.

    `alone`: the caller runs nothing beside it. Only a crash of a job that ran alone counts against it.
    """
    clock: Clock = runtime.clock
    async with runtime.pool.transaction() as connection:
        job = await analysis_jobs.lock_job(connection, job_id)
        if job is None or job.status not in (AnalysisStatus.QUEUED, AnalysisStatus.RUNNING):
            return None
        crashes = job.crashes + (1 if is_suspect(job) and job.alone else 0)
        if crashes >= MAX_CRASHES:
            error = AnalysisCrashed(f"The analysis crashed its process {crashes} times and was abandoned.")
            await fail_job(connection, runtime, job_id, error)
            return None
        number = await analysis_jobs.begin_try(
            connection, job_id, crashes=crashes, alone=alone, at=clock.now()
        )
        return Try(job=job, number=number, alone=alone)


async def peek_job(runtime: Runtime, job_id: str) -> JobState | None:
    """The job; returns None if it is gone."""
    async with runtime.pool.transaction() as connection:
        return await analysis_jobs.lock_job(connection, job_id)


async def count_hung(runtime: Runtime, lost: Sequence[AtWork]) -> None:
    """Count a hung worker's end twice against the jobs that it ran alone."""
    alone = [job_id for kind, job_id, (_, alone, _) in lost if kind == JOB and alone]
    if alone:
        async with runtime.pool.transaction() as connection:
            await analysis_jobs.count_hung(connection, alone)


async def excuse_tries(runtime: Runtime, in_hand: Sequence[AtWork]) -> None:
    """Let a worker that was asked to stop not count against its jobs if it is killed first."""
    tries = [(job_id, number) for kind, job_id, (number, *_) in in_hand if kind == JOB]
    if tries:
        async with runtime.pool.transaction() as connection:
            await analysis_jobs.excuse_tries(connection, tries)
