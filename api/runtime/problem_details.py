"""Converts errors to problem details."""

import re
from typing import Final

import msgspec

from api.errors import ApiError, Gone, NotAcceptable, QuotaExceeded
from schemas.problems import NotAcceptableProblem, Problem, QuotaProblem

_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def problem_type(error: ApiError | type[ApiError], base_url: str) -> str:
    """The registered type, or the URL of the page that explains the error."""
    return error.registered or f"{base_url}/problems/{error.slug}"


def to_problem(error: ApiError, *, base_url: str, request_id: str | None = None) -> Problem:
    """The problem as served and stored. `instance` is set only if the request id is a UUID."""
    problem = Problem(
        type=problem_type(error, base_url),
        title=error.title,
        status=error.status,
        detail=error.detail,
        instance=f"urn:uuid:{request_id}" if request_id and _UUID.fullmatch(request_id) else None,
        request_id=request_id,
        errors=error.errors,
        tombstone=error.tombstone if isinstance(error, Gone) else None,
        code=error.slug,
    )
    if isinstance(error, QuotaExceeded):
        return QuotaProblem(**msgspec.structs.asdict(problem), violated_policies=error.policies)
    if isinstance(error, NotAcceptable):
        return NotAcceptableProblem(**msgspec.structs.asdict(problem), available=error.available)
    return problem


def stored_problem(text: str) -> Problem:
    """A problem from its stored JSON; one from before version 0.2 has its code in the type alone."""
    problem = msgspec.json.decode(text, type=Problem)
    return problem if problem.code else msgspec.structs.replace(problem, code=problem.type.rpartition("/")[2])
