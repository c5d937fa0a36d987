"""The end of a job for a second opinion is recorded on its story, as long as its verdict is the current one."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from api.clock import Clock
from api.operations.analyses.second_opinions import end_second_opinion
from api.operations.stories.publish_story import Published
from api.operations.stories.retract_story import retract_story
from api.runtime.runtime import Runtime
from api.storage.analyses.analysis_jobs import insert_stored_job, insert_verdict_job
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Actor, Origin
from api.storage.stories.stories import get_story
from schemas.enums import InputKind, RetractionReason, SecondOpinionState
from schemas.retractions import StoryRetraction
from tests.kit.servers.runtimes import running_runtime
from tests.kit.texts.factories import PARAGRAPHS, make_article, make_edition, publish

AWAY, REJECTED = SecondOpinionState.UNAVAILABLE, SecondOpinionState.REJECTED
JOB = Clock().new_id("job")


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    async with running_runtime(UNSPUN_DATABASE_URL=database_url) as runtime:
        yield runtime


async def ended(runtime: Runtime, state: SecondOpinionState | None) -> bool:
    """Whether the end of the job changes its story."""
    async with runtime.pool.transaction() as connection:
        return await end_second_opinion(connection, runtime, JOB, state) is not None


async def asking(connection: Connection, runtime: Runtime, published: Published) -> None:
    await insert_verdict_job(
        connection,
        job_id=JOB,
        kind=InputKind.SECOND_OPINION,
        story_id=published.story_id,
        verdict_id=published.verdict_id,
        at=runtime.clock.now(),
    )


async def state_of(runtime: Runtime, story_id: str) -> tuple[SecondOpinionState | None, int]:
    """The state, and the version of the story's row."""
    async with runtime.pool.connection() as connection:
        record = await get_story(connection, story_id)
    assert record is not None
    return record.facts.second_opinion, record.row_version


class TestTheEndOfAJob:
    async def test_says_nothing_of_another_kind_of_job(self, runtime: Runtime) -> None:
        published = await publish(runtime, make_edition(make_article()))
        async with runtime.pool.transaction() as connection:
            await insert_stored_job(
                connection, job_id=JOB, story_id=published.story_id, at=runtime.clock.now()
            )
        assert not await ended(runtime, AWAY)
        assert await state_of(runtime, published.story_id) == (None, 1)

    async def test_says_nothing_of_a_later_verdict(self, runtime: Runtime) -> None:
        first = await publish(runtime, make_edition(make_article()))
        async with runtime.pool.transaction() as connection:
            await asking(connection, runtime, first)
        await publish(
            runtime, make_edition(make_article(paragraphs=(*PARAGRAPHS, "It was opened on Friday.")))
        )
        assert not await ended(runtime, AWAY)
        assert await state_of(runtime, first.story_id) == (None, 2)

    async def test_says_nothing_of_a_retracted_story(self, runtime: Runtime) -> None:
        published = await publish(runtime, make_edition(make_article()))
        retraction = StoryRetraction(reason=RetractionReason.LEGAL, statement="It is taken back.")
        async with runtime.pool.transaction() as connection:
            await asking(connection, runtime, published)
            await retract_story(
                connection, runtime, published.story_id, retraction, origin=Origin(actor=Actor.SERVICE)
            )
        assert not await ended(runtime, AWAY)

    async def test_renders_the_story_once_a_state_until_nothing_is_missing(self, runtime: Runtime) -> None:
        published = await publish(runtime, make_edition(make_article()))
        async with runtime.pool.transaction() as connection:
            await asking(connection, runtime, published)
        for state, version in ((AWAY, 2), (REJECTED, 3), (None, 4)):
            assert await ended(runtime, state)
            assert not await ended(runtime, state)
            assert await state_of(runtime, published.story_id) == (state, version)


class TestTheTable:
    async def test_refuses_a_state_that_is_not_in_the_list(
        self, runtime: Runtime, owner: asyncpg.Connection
    ) -> None:
        published = await publish(runtime, make_edition(make_article()))
        for state in SecondOpinionState:
            await owner.execute(
                "UPDATE stories SET second_opinion = $2 WHERE id = $1", published.story_id, state
            )
        with pytest.raises(asyncpg.CheckViolationError):
            await owner.execute("UPDATE stories SET second_opinion = 'lost'")
