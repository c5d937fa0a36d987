"""Only the try that owns a job publishes it, no earlier one that resumes late."""

from collections.abc import AsyncIterator

import pytest

from api.runtime.runtime import Runtime
from api.storage.analyses import analysis_jobs
from schemas.enums import AnalysisStatus, InputKind
from tests.kit.servers.fakes import StillClock
from tests.kit.servers.runtimes import running_runtime

JOB = "job_fence"


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    async with running_runtime(StillClock(), UNSPUN_DATABASE_URL=database_url) as runtime:
        async with runtime.pool.transaction() as connection:
            await analysis_jobs.insert_job(
                connection,
                job_id=JOB,
                kind=InputKind.URL,
                account_id=None,
                url="https://brightwater.example/a",
                url_key="https://brightwater.example/a",
                draft=None,
                at=runtime.clock.now(),
            )
        yield runtime


async def begin(runtime: Runtime) -> int:
    async with runtime.pool.transaction() as connection:
        return await analysis_jobs.begin_try(connection, JOB, crashes=0, alone=False, at=runtime.clock.now())


async def holds(runtime: Runtime, number: int) -> bool:
    async with runtime.pool.transaction() as connection:
        return await analysis_jobs.hold_fence(connection, JOB, number)


class TestTheFence:
    async def test_refuses_a_try_after_the_next_one_has_begun(self, runtime: Runtime) -> None:
        first = await begin(runtime)
        second = await begin(runtime)
        assert not await holds(runtime, first)
        assert await holds(runtime, second)

    async def test_refuses_the_try_of_a_job_that_has_ended(self, runtime: Runtime) -> None:
        number = await begin(runtime)
        async with runtime.pool.transaction() as connection:
            await analysis_jobs.finish_job(connection, JOB, AnalysisStatus.SUCCEEDED, at=runtime.clock.now())
        assert not await holds(runtime, number)
