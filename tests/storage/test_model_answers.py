"""Answers of language models are stored once, and deleted with what they are about."""

import gzip
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from api.jobs.housekeeping import PROPOSALS_RETENTION, sweep
from api.operations.exports.export_public import export_public
from api.operations.stories.retract_story import retract_story
from api.proposals.requests import Call
from api.runtime.runtime import Runtime
from api.storage.analyses import analysis_jobs
from api.storage.language_models.model_answers import (
    ModelAnswer,
    get_answer,
    keep_for_story,
    put_answer,
)
from api.storage.log.audit_log import Actor, Origin
from schemas.enums import InputKind, RetractionReason
from schemas.retractions import StoryRetraction
from tests.kit.databases import connected
from tests.kit.servers.runtimes import running_runtime
from tests.kit.texts.factories import make_article, make_edition, publish

JOB = "job_answered"
RETRACTION = StoryRetraction(reason=RetractionReason.LEGAL, statement="It is taken back.")
SERVICE = Origin(actor=Actor.SERVICE)


@pytest.fixture
async def runtime(database_url: str) -> AsyncIterator[Runtime]:
    async with running_runtime(UNSPUN_DATABASE_URL=database_url) as runtime:
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


def _answer(runtime: Runtime, **changes: Any) -> ModelAnswer:
    answer = ModelAnswer(
        request_digest="r" * 64,
        model="tern-7b",
        input_digest="i" * 64,
        call=Call.JUDGEMENT,
        part=1,
        prompt_digest="p" * 64,
        answer='{"type":"hype"}',
        recorded=False,
        prompt_tokens=2_000,
        completion_tokens=300,
        cost_micros=1_250,
        job_id=JOB,
        created_at=runtime.clock.now(),
    )
    return replace(answer, **changes)


async def _put(runtime: Runtime, answer: ModelAnswer) -> ModelAnswer:
    async with runtime.pool.transaction() as connection:
        return await put_answer(connection, answer)


async def _get(runtime: Runtime, request: str = "r" * 64, model: str = "tern-7b") -> ModelAnswer | None:
    async with runtime.pool.connection() as connection:
        return await get_answer(connection, request, model)


async def _keep(runtime: Runtime, story_id: str) -> None:
    async with runtime.pool.transaction() as connection:
        await keep_for_story(connection, "i" * 64, story_id)


async def _story(runtime: Runtime) -> str:
    return (await publish(runtime, make_edition(make_article()), cached=False)).story_id


async def _retract(runtime: Runtime, story_id: str) -> None:
    async with runtime.pool.transaction() as connection:
        await retract_story(connection, runtime, story_id, RETRACTION, origin=SERVICE)


class TestAnAnswer:
    async def test_is_not_stored_for_a_draft_that_was_erased_meanwhile(self, runtime: Runtime) -> None:
        async with runtime.pool.transaction() as connection:
            await analysis_jobs.erase_job(connection, JOB, runtime.clock.now())
        answer = _answer(runtime)
        assert await _put(runtime, answer) == answer
        assert await _get(runtime) is None

    async def test_waits_for_the_erasure_of_its_draft(self, runtime: Runtime, database_url: str) -> None:
        async with connected(database_url) as other, other.transaction():
            await analysis_jobs.erase_job(other, JOB, runtime.clock.now())
            async with connected(database_url, server_settings={"lock_timeout": "50"}) as connection:
                with pytest.raises(asyncpg.LockNotAvailableError):
                    async with connection.transaction():
                        await put_answer(connection, _answer(runtime))

    async def test_is_not_there_before_it_is_stored_nor_for_another_request_or_model(
        self, runtime: Runtime
    ) -> None:
        assert await _get(runtime) is None
        await _put(runtime, _answer(runtime))
        assert await _get(runtime, request="s" * 64) is None
        assert await _get(runtime, model="tern-70b") is None

    @pytest.mark.parametrize(
        "changes",
        [
            {},
            {"call": Call.PROSE, "part": 0, "recorded": True, "job_id": None},
            {"prompt_tokens": None, "completion_tokens": None, "cost_micros": None},
            {"answer": "\x00 not JSON \U0001f980 \\u0000"},
            {"answer": ""},
        ],
    )
    async def test_is_read_as_it_was_stored(self, runtime: Runtime, changes: dict[str, Any]) -> None:
        answer = _answer(runtime, **changes)
        assert await _put(runtime, answer) == answer
        assert await _get(runtime) == answer

    async def test_is_the_first_one_if_two_workers_ask_at_once(self, runtime: Runtime) -> None:
        first = _answer(runtime)
        await _put(runtime, first)
        assert await _put(runtime, _answer(runtime, answer="{}", recorded=True)) == first
        assert await _get(runtime) == first

    async def test_belongs_to_its_story_after_publication(self, runtime: Runtime) -> None:
        story, other = await _story(runtime), replace(_answer(runtime), request_digest="s", input_digest="j")
        await _put(runtime, _answer(runtime))
        await _put(runtime, other)
        await _keep(runtime, story)
        kept, left = await _get(runtime), await _get(runtime, request="s")
        assert kept is not None
        assert kept.story_id == story
        assert left == other


class TestAnExport:
    async def test_has_neither_answers_nor_permissions(
        self, runtime: Runtime, owner: asyncpg.Connection, tmp_path: Path
    ) -> None:
        story = await _story(runtime)
        await _put(runtime, _answer(runtime, answer="quillfeather", story_id=story))
        await owner.execute("UPDATE sources SET model_use = 'local_only'")
        manifest = await export_public(runtime, tmp_path)
        assert manifest is not None
        lines = [
            gzip.decompress((tmp_path / manifest.id / file.name).read_bytes()) for file in manifest.files
        ]
        assert story.encode() in b"".join(lines)
        for word in (b"quillfeather", b"tern-7b", b"local_only"):
            assert word not in b"".join(lines)


class TestDeletion:
    async def test_of_a_story_deletes_its_answers_alone(self, runtime: Runtime) -> None:
        story = await _story(runtime)
        await _put(runtime, _answer(runtime))
        await _keep(runtime, story)
        await _put(runtime, _answer(runtime, request_digest="s" * 64))
        await _retract(runtime, story)
        assert await _get(runtime) is None
        assert await _get(runtime, request="s" * 64) is not None

    async def test_leaves_no_answer_to_a_story_that_is_retracted_already(self, runtime: Runtime) -> None:
        story = await _story(runtime)
        await _retract(runtime, story)
        await _put(runtime, _answer(runtime))
        await _keep(runtime, story)
        kept = await _get(runtime)
        assert kept is not None
        assert kept.story_id is None

    async def test_by_age_deletes_what_no_story_was_published_from(self, runtime: Runtime) -> None:
        story = await _story(runtime)
        old = runtime.clock.now() - PROPOSALS_RETENTION - timedelta(hours=1)
        for request, changes in {
            "old": {"created_at": old},
            "old, of a story": {"created_at": old, "story_id": story},
            "young": {},
        }.items():
            await _put(runtime, _answer(runtime, request_digest=request, **changes))
        await sweep(runtime)
        assert await _get(runtime, request="old") is None
        assert await _get(runtime, request="old, of a story") is not None
        assert await _get(runtime, request="young") is not None
