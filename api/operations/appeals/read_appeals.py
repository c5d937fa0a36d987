"""Reads one appeal, or a list."""

from api.errors import NotFound
from api.operations.appeals.decide_appeal import NO_APPEAL
from api.operations.stories.resolve_story import NO_VERDICT, gone, resolve_story
from api.runtime.runtime import Runtime
from api.storage.analyses import appeals
from api.storage.analyses.appeals import AppealFilter, get_appealed, list_cases, public
from api.storage.keys.keys import KeyHolder
from schemas.appeals import Appeal, AppealCase
from schemas.enums import StoryStatus
from schemas.ids import is_id
from schemas.keys import Scope


async def read_appeal(runtime: Runtime, appeal_id: str, reader: KeyHolder | None) -> Appeal:
    """The public part; the whole case for the appellant and for administrators.

    Raises NotFound; Gone if its story is retracted; Unavailable.
    """
    if not is_id("apl", appeal_id):
        raise NotFound(NO_APPEAL)
    async with runtime.pool.connection() as connection:
        case = await appeals.get_case(connection, appeal_id)
        if case is None:
            raise NotFound(NO_APPEAL)
        appealed = await get_appealed(connection, case.verdict_id)
        if appealed is not None and appealed.status is StoryStatus.RETRACTED:
            raise await gone(connection, case.story_id)
    return case if reader is not None and _may_see(reader, case) else appeals.public(case)


def _may_see(reader: KeyHolder, case: AppealCase) -> bool:
    """Whether the list of cases shows it too."""
    return reader.is_admin or (reader.account_id == case.account_id and Scope.WRITE_APPEALS in reader.scopes)


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
