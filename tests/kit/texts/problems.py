"""The common members of all problems, checked in one place."""

import uuid
from typing import Any

import httpx

from api.routes.http.response.problem_types import problem_types
from schemas.problems import Problem
from tests.kit.clients.api_client import BASE_URL

JSON = {"Content-Type": "application/json"}


def urn(request_id: str) -> str | None:
    """A problem's name for the request: a client's own id may be no UUID (RFC 9562)."""
    try:
        uuid.UUID(request_id)
    except ValueError:
        return None
    return f"urn:uuid:{request_id}"


def check_problem(answer: httpx.Response, status: int, slug: str) -> dict[str, Any]:
    """The problem in the response, after checks of the common members."""
    problem: dict[str, Any] = answer.json()
    assert answer.status_code == problem["status"] == status
    assert answer.headers["content-type"] == "application/problem+json"
    known = problem_types(BASE_URL)[slug]
    assert (problem["type"], problem["title"], problem["code"]) == (known.type, known.title, slug)
    page = f"{BASE_URL}/problems/{slug}"
    assert problem["type"] == page or answer.headers["link"] == f'<{page}>; rel="help"'
    assert problem["detail"] not in ("", problem["title"])
    assert problem["instance"] == urn(problem["request_id"])
    assert answer.headers["x-request-id"] == problem["request_id"]
    more = {"violated-policies"} if slug == "quota-exceeded" else {"available"} if status == 406 else set()
    assert set(problem) == {*Problem.__struct_fields__, *more}
    return problem


def check_invalid(answer: httpx.Response, **expected: object) -> dict[str, Any]:
    """The single error of an invalid request, after a check of its members."""
    (error,) = check_problem(answer, 400, "invalid-request")["errors"]
    assert {name: error[name] for name in expected} == expected
    return error


def check_retry(answer: httpx.Response, status: int, slug: str) -> None:
    """A problem with Retry-After."""
    check_problem(answer, status, slug)
    assert int(answer.headers["retry-after"]) > 0
