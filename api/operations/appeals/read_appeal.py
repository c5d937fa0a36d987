"""One appeal as everybody may see it."""

from api.errors import NotFound
from api.operations.appeals.decide_appeal import NO_APPEAL
from api.operations.stories.retracted_story import gone
from api.runtime.runtime import Runtime
from api.storage.analyses import appeals
from api.storage.analyses.appeals import get_appealed
from schemas.appeals import Appeal
from schemas.enums import StoryStatus
from schemas.ids import is_id


async def read_appeal(runtime: Runtime, appeal_id: str) -> Appeal:
    """Raises NotFound; Gone where its story is retracted; Unavailable."""
    if not is_id("apl", appeal_id):
        raise NotFound(NO_APPEAL)
    async with runtime.pool.connection() as connection:
        case = await appeals.get_case(connection, appeal_id)
        if case is None:
            raise NotFound(NO_APPEAL)
        appealed = await get_appealed(connection, case.verdict_id)
        if appealed is not None and appealed.status is StoryStatus.RETRACTED:
            raise await gone(connection, case.story_id)
    return appeals.public(case)
