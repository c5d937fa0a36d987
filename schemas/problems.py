"""Problem details (RFC 9457), the body of every 4xx and 5xx response, and their documentation pages."""

from msgspec import Struct

from schemas.retractions import Tombstone


class FieldError(Struct, kw_only=True, frozen=True):
    """One error in the request: `pointer` (JSON Pointer into the body) or `parameter` gives the place."""

    pointer: str | None
    parameter: str | None
    code: str
    detail: str


class Problem(Struct, kw_only=True, frozen=True):
    """An error response.

    `type` is a URL that identifies and documents the problem; `title` is the same for all problems of the type;
    `detail` describes this occurrence. `instance` is `urn:uuid:` and the request id; null inside an analysis and
    if the client sent another form of X-Request-Id. `tombstone` is set for retracted stories only.
    """

    type: str
    title: str
    status: int
    detail: str
    instance: str | None
    request_id: str | None
    errors: list[FieldError]
    # default for stored problems without it
    tombstone: Tombstone | None = None
    code: str = ""


class QuotaProblem(Problem, kw_only=True, frozen=True, rename={"violated_policies": "violated-policies"}):
    """The request exceeds a quota or cap; `violated-policies` names them."""

    violated_policies: list[str]


class NotAcceptableProblem(Problem, kw_only=True, frozen=True):
    """The client accepts none of the formats; `available` lists their media types."""

    available: list[str]


class ProblemType(Struct, kw_only=True, frozen=True):
    """The meaning, cause and fix of a problem type."""

    type: str
    slug: str
    title: str
    status: int
    meaning: str
    cause: str
    fix: str
