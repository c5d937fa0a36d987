"""A story or its verdict as of a past time."""

from datetime import datetime

import msgspec

from api.errors import NotFound
from api.operations.stories.render_story import served_verdict
from api.operations.stories.resolve_story import NO_STORY, NO_VERDICT, resolve_story
from api.rendering.stories import build_story
from api.runtime.runtime import Runtime
from api.storage.analyses import appeals
from api.storage.database.pool import Connection
from api.storage.stories import aliases, inputs, stories, verdicts
from api.storage.stories.verdicts import VerdictRecord
from schemas.ids import is_id
from schemas.stories import Story
from schemas.verdicts import Verdict


async def read_past_story(runtime: Runtime, id_or_slug: str, at: datetime) -> Story:
    """The story with its verdict at that time; source name and claim ids are current.

    Raises NotFound, also for a time before the first verdict; Gone for a retracted story.
    """
    async with runtime.pool.connection() as connection:
        story_id = await resolve_story(connection, id_or_slug)
        row = await _standing(connection, story_id, at)
        record = await stories.get_story(connection, story_id)
        read = await inputs.get_input(connection, story_id, row.input_digest)
        page = await inputs.get_page(connection, story_id, row.input_digest)
        if record is None or read is None or page is None:
            raise NotFound(NO_STORY)
        verdict = await served_verdict(connection, row)
        gone_at = record.facts.page_gone_at
        facts = msgspec.structs.replace(
            record.facts,
            status=verdict.status,
            title=page.title,
            author=page.author,
            author_organization=page.author_organization,
            published_at=page.published_at,
            language=page.language,
            page_gone_at=gone_at if gone_at and gone_at <= at else None,
            second_opinion=None,  # only the current verdict's is known
            updated_at=row.created_at,
        )
        replies = await appeals.list_replies(connection, story_id)
        return build_story(
            facts,
            source=record.source,
            aliases=await aliases.list_aliases(connection, story_id, at),
            read=read,
            verdict=verdict,
            replies=[reply for reply in replies if reply.shown_since <= at],
            base_url=runtime.base_url,
        )


async def read_past_verdict(runtime: Runtime, verdict_id: str, at: datetime) -> Verdict:
    """The verdict of the same story at that time. Raises what `read_past_story` raises."""
    async with runtime.pool.connection() as connection:
        row = await verdicts.get_verdict(connection, verdict_id) if is_id("vrd", verdict_id) else None
        if row is None:
            raise NotFound(NO_VERDICT)
        await resolve_story(connection, row.story_id)
        return await served_verdict(connection, await _standing(connection, row.story_id, at))


async def _standing(connection: Connection, story_id: str, at: datetime) -> VerdictRecord:
    verdict_id = await verdicts.find_standing(connection, story_id, at)
    row = None if verdict_id is None else await verdicts.get_verdict(connection, verdict_id)
    if row is None:
        raise NotFound("The story had no verdict at that time.")
    return row
