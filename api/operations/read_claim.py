"""One claim as bytes."""

from api.errors import NotFound
from api.operations.retracted_story import gone
from api.operations.runtime import Runtime
from api.storage.claims import StoredClaim, get_claim
from schemas.enums import StoryStatus
from schemas.ids import is_id


async def read_claim(runtime: Runtime, claim_id: str) -> StoredClaim:
    """Raises NotFound, Gone for a claim of a retracted story, Unavailable."""
    claim = None
    if is_id("clm", claim_id):
        async with runtime.pool.connection() as connection:
            claim = await get_claim(connection, claim_id)
            if claim is not None and claim.status is StoryStatus.RETRACTED:
                raise await gone(connection, claim.story_id)
    if claim is None:
        raise NotFound("There is no such claim.")
    return claim
