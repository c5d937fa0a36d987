"""From an error to the problem detail that a client sees."""

from api.errors import ApiError, Gone
from schemas.problems import Problem


def to_problem(error: ApiError, *, base_url: str, request_id: str | None = None) -> Problem:
    """`type` is the address of the page that explains the error."""
    return Problem(
        type=f"{base_url}/problems/{error.slug}",
        title=error.title,
        status=error.status,
        detail=error.detail,
        instance=f"urn:uuid:{request_id}" if request_id else None,
        request_id=request_id,
        errors=error.errors,
        tombstone=error.tombstone if isinstance(error, Gone) else None,
    )
