"""Compares two versions of a story's verdict."""

import msgspec

from api.errors import InvalidRequest, NotFound
from api.operations.stories.read_document import read_verdict
from api.operations.stories.resolve_story import NO_VERDICT
from api.rendering.verdict_diffs import build_diff
from api.runtime.runtime import Runtime
from api.storage.stories.verdicts import find_version
from schemas.problems import FieldError
from schemas.verdict_diffs import VerdictDiff
from schemas.verdicts import Verdict


async def diff_verdicts(runtime: Runtime, verdict_id: str, against: str | None) -> VerdictDiff:
    """Changes from `against`, or the previous version, to the verdict.

    Raises NotFound, also if there is no previous version; Gone if the story is retracted; InvalidRequest if the
    verdicts are of different stories.
    """
    after = await _verdict(runtime, verdict_id)
    if against is None:
        async with runtime.pool.connection() as connection:
            against = await find_version(connection, after.story_id or "", (after.version or 0) - 1)
        if against is None:
            raise NotFound("This is the first version; there is no earlier one.")
    before = await _verdict(runtime, against)
    if before.story_id != after.story_id:
        detail = "The two verdicts are of different stories."
        error = FieldError(pointer=None, parameter="against", code="not_allowed", detail=detail)
        raise InvalidRequest(f"against: {detail}", errors=[error])
    return build_diff(before, after)


async def _verdict(runtime: Runtime, verdict_id: str) -> Verdict:
    document = await read_verdict(runtime, verdict_id)
    try:
        return msgspec.json.decode(document.body, type=Verdict)
    except msgspec.ValidationError as unreadable:  # written by an incompatible version of the service
        raise NotFound(NO_VERDICT) from unreadable
