"""Problem details (RFC 9457), the body of every 4xx and 5xx answer, and the pages that explain them."""

from msgspec import Struct

from schemas.retractions import Tombstone


class FieldError(Struct, kw_only=True, frozen=True):
    """One thing wrong with the request: `pointer` into the body (JSON Pointer), or the `parameter`'s name."""

    pointer: str | None
    parameter: str | None
    code: str
    detail: str


class Problem(Struct, kw_only=True, frozen=True):
    """`type` is a URL that names and explains the problem, `title` is the same for every problem of the type,
    `detail` is about this occurrence, `instance` is `urn:uuid:` and the request's id, null inside an analysis and
    for a request that its client named otherwise (X-Request-Id).
    `tombstone` is what is left of a retracted story, null in every other problem.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str | None
    request_id: str | None
    errors: list[FieldError]
    # a default, for the problems of analyses that were stored before there was one
    tombstone: Tombstone | None = None


class QuotaProblem(Problem, kw_only=True, frozen=True, rename={"violated_policies": "violated-policies"}):
    """A quota or a cap does not allow the request; `violated-policies` names which."""

    violated_policies: list[str]


class NotAcceptableProblem(Problem, kw_only=True, frozen=True):
    """The problem of a request that takes none of the forms; `available` are their media types."""

    available: list[str]


class ProblemType(Struct, kw_only=True, frozen=True):
    """What stands behind a problem's `type`: what it means, what causes it, and what the client can do."""

    type: str
    slug: str
    title: str
    status: int
    meaning: str
    cause: str
    fix: str
