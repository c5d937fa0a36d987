"""The appeals against a story's verdicts, or against one of them, as everybody may see them."""

from api.errors import NotFound
from api.operations.stories.read_document import NO_VERDICT
from api.operations.stories.resolve_story import resolve_story
from api.operations.stories.retracted_story import gone
from api.runtime.runtime import Runtime
from api.storage.analyses.appeals import AppealFilter, get_appealed, list_cases, public
from schemas.appeals import Appeal
from schemas.enums import StoryStatus


async def appeals_of_story(
    runtime: Runtime, id_or_slug: str, *, below_id: str | None, limit: int
) -> list[Appeal]:
    """At most `limit`, newest first. Raises NotFound, Gone, Unavailable."""
    async with runtime.pool.connection() as connection:
        where = AppealFilter(story_id=await resolve_story(connection, id_or_slug))
        return [public(case) for case in await list_cases(connection, where, below_id=below_id, limit=limit)]


async def appeals_of_verdict(
    runtime: Runtime, verdict_id: str, *, below_id: str | None, limit: int
) -> list[Appeal]:
    """At most `limit`, newest first. Raises NotFound, Gone, Unavailable."""
    async with runtime.pool.connection() as connection:
        appealed = await get_appealed(connection, verdict_id)
        if appealed is None:
            raise NotFound(NO_VERDICT)
        if appealed.status is StoryStatus.RETRACTED:
            raise await gone(connection, appealed.story_id)
        where = AppealFilter(verdict_id=verdict_id)
        return [public(case) for case in await list_cases(connection, where, below_id=below_id, limit=limit)]
