"""Stores a language model's answers about a story that were given elsewhere: this service calls no model."""

from collections.abc import Callable
from typing import TypeAlias

from msgspec import Struct

from api.analysis.text.article import Article
from api.engines import LLM
from api.operations.language_models.open_requests import Progress, Run, progress
from api.operations.stories.resolve_story import gone
from api.proposals.languages.codes import ProseLanguage
from api.proposals.requests import ModelRequest
from api.runtime.language_model import mark_secret
from api.runtime.runtime import Runtime
from api.storage.language_models.model_answers import ModelAnswer, get_answer, put_answer
from api.storage.stories.proposals import keep_for_story, proposal_key, put_proposal
from api.storage.stories.retractions import get_tombstone
from api.storage.stories.stories import lock_story


class GivenAnswer(Struct, kw_only=True, frozen=True):
    """JSON of the requested type, and the tokens that the server counted, None if unknown."""

    content: str
    prompt_tokens: int | None = None
    completion_tokens: int | None = None


Given: TypeAlias = Callable[[ModelRequest], GivenAnswer | None]


class StoryProgress(Struct, kw_only=True, frozen=True):
    """`progress` counts stored answers, and those `given` to requests without one.

    `recorded`: no answer comes from a call by this service.
    """

    progress: Progress
    given: list[tuple[ModelRequest, GivenAnswer]]
    recorded: bool


async def story_progress(
    runtime: Runtime, run: Run, article: Article, model: str, given: Given = lambda request: None
) -> StoryProgress:
    """The requests about a story's article, with the model's stored answers, else the given ones."""
    recorded, taken = True, list[tuple[ModelRequest, GivenAnswer]]()

    async def answer_of(request: ModelRequest) -> str | None:
        nonlocal recorded
        async with runtime.pool.connection() as connection:
            stored = await get_answer(connection, request.digest, model)
        if stored is not None:
            recorded = recorded and stored.recorded
            return stored.answer
        found = given(request)
        if found is None:
            return None
        taken.append((request, found))
        return found.content

    secret = mark_secret(runtime.settings)
    language = ProseLanguage(runtime.settings.llm_prose_language)
    found = await progress(
        run,
        article,
        runtime.taxonomy,
        secret,
        answer_of,
        language,
        reviews_rules=runtime.settings.llm_reviews_rules,
    )
    return StoryProgress(progress=found, given=taken, recorded=recorded)


async def import_answers(
    runtime: Runtime, story_id: str, article: Article, model: str, found: StoryProgress
) -> bool:
    """Store the given answers, and the proposal if it can be judged; returns whether it can. Raises Gone."""
    now = runtime.clock.now()
    async with runtime.pool.transaction() as connection:
        await lock_story(connection, story_id)
        if await get_tombstone(connection, story_id) is not None:
            raise await gone(connection, story_id)
        for request, answer in found.given:
            await put_answer(
                connection,
                ModelAnswer(
                    request_digest=request.digest,
                    model=model,
                    input_digest=article.digest,
                    call=request.call,
                    part=request.part,
                    prompt_digest=LLM.prompt,
                    answer=answer.content,
                    recorded=True,
                    prompt_tokens=answer.prompt_tokens,
                    completion_tokens=answer.completion_tokens,
                    story_id=story_id,
                    created_at=now,
                ),
            )
        if not found.progress.is_judged:
            return False
        proposal = found.progress.proposal(model, recorded=found.recorded)
        assert proposal is not None, "all judgements are there"
        key = proposal_key(article.digest, LLM.name, proposal)
        await put_proposal(connection, key, story_id, proposal, now)  # no job has asked
        await keep_for_story(connection, article.digest, story_id)
    return True
