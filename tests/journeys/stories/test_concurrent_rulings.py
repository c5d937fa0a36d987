"""A ruling or another reading during a judgement: the job judges again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from api.engines import ENGINES, FULL
from api.fetching.client import GuardedClient
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.jobs.readers_writer_lock import ReadersWriterLock
from api.jobs.run_analysis import analyze_story
from api.jobs.slow_lane import SlowLane
from api.jobs.worker_context import WorkerContext
from api.operations.analyses.rescore_story import queue_rescoring
from api.operations.appeals.decide_appeal import decide_appeal
from api.operations.appeals.submit_appeal import submit_appeal
from api.pulse import Pulse
from api.runtime.fetch_policy import fetch_policy, resolver_of
from api.storage.log.audit_log import Actor, Origin
from schemas.appeals import AppealDecision, AppealSubmission
from schemas.keys import Scope
from tests.kit.clients.api_client import Api, running_api
from tests.kit.servers.fakes import InterruptedProcesses
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish


@pytest.fixture
async def api(database_url: str, redis_url: str) -> AsyncIterator[Api]:
    async with running_api(UNSPUN_DATABASE_URL=database_url, UNSPUN_REDIS_URL=redis_url) as running:
        yield running


@asynccontextmanager
async def _bench(api: Api, meanwhile: Callable[[], Awaitable[object]]) -> AsyncIterator[WorkerContext]:
    settings, clock = api.runtime.settings, api.runtime.clock
    client = GuardedClient(fetch_policy(settings), resolver_of(settings))
    yield WorkerContext(
        runtime=api.runtime,
        engine=FULL,
        engines=ENGINES,
        client=client,
        telling=client,
        robots=Robots(client),
        pace=Pace(settings.fetch_delay_s, clock),
        processes=InterruptedProcesses(meanwhile),
        lane=ReadersWriterLock(),
        slow_lane=SlowLane(1, clock),
        pulse=Pulse(),
        stop=asyncio.Event(),
    )
    await client.aclose()


async def _versions(api: Api) -> list[Any]:
    return [row["version"] for row in await api.rows("SELECT version FROM verdicts ORDER BY version")]


class TestAJob:
    async def test_judges_again_when_a_ruling_came_in_between(self, api: Api) -> None:
        published = await publish(api.runtime, make_edition(make_article()))
        account_id = (await api.make_key(Scope.WRITE_APPEALS)).account_id

        async def uphold() -> None:
            submission = AppealSubmission(findings=["f1"], statement="A name.")
            decision = AppealDecision(outcome="upheld", explanation="So it is.")
            async with api.runtime.pool.transaction() as connection:
                case = await submit_appeal(
                    connection, api.runtime, published.verdict_id, submission, account_id
                )
                await decide_appeal(
                    connection, api.runtime, case.id, decision, origin=Origin(actor=Actor.SERVICE)
                )

        async with api.runtime.pool.transaction() as connection:
            job_id = await queue_rescoring(connection, api.runtime, published.story_id)
        async with _bench(api, uphold) as context:
            assert await analyze_story(context, job_id) is not None, "it is to run again"
            assert await _versions(api) == [1]
            assert await analyze_story(context, job_id) is None
        assert await _versions(api) == [1, 2]
        (newest,) = await api.rows("SELECT reason, rulings FROM verdicts WHERE version = 2")
        assert newest["reason"] == "appeal_upheld"
        assert '"rule":"hyped"' in newest["rulings"]

    async def test_judges_again_when_the_page_was_read_in_between(self, api: Api) -> None:
        published = await publish(api.runtime, make_edition(make_article()))
        edited = make_article(title="Brightwater opens its tidal turbine, at last")

        async def read() -> None:
            await publish(api.runtime, make_edition(edited, make_assessment(edited)))

        async with api.runtime.pool.transaction() as connection:
            job_id = await queue_rescoring(connection, api.runtime, published.story_id)
        async with _bench(api, read) as context:
            assert await analyze_story(context, job_id) is not None, "it is to run again"
            assert await analyze_story(context, job_id) is None
        (newest,) = await api.rows("SELECT version, text_sha256 FROM verdicts ORDER BY version DESC LIMIT 1")
        assert (newest["version"], newest["text_sha256"]) == (3, edited.text_sha256)
