"""The pages behind every problem's `type`: what it means, what causes it, what to do."""

from collections.abc import Iterator
from importlib.resources import files

import msgspec
from litestar.params import FromPath
from msgspec import Struct

from api.errors import ApiError, NotFound
from api.operations.problem import problem_type
from api.routes.answers import Answer, HttpRequest
from api.routes.operation import NoParameters, Operation, read
from api.routes.query import read_query
from api.routes.shipped import shipped_answer
from schemas.lists import Page
from schemas.problems import ProblemType


class Explanation(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `problems.json`."""

    meaning: str
    cause: str
    fix: str


def explanations() -> dict[str, Explanation]:
    """The registry, by slug."""
    raw = (files("api.routes") / "problems.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, Explanation])


def error_classes(parent: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    """Every error that a client can see, one a slug."""
    for child in parent.__subclasses__():
        yield child
        yield from error_classes(child)


def problem_types(base_url: str) -> dict[str, ProblemType]:
    """All of them by slug. Raises KeyError for an error without an entry in the registry."""
    registry = explanations()
    return {
        error.slug: ProblemType(
            type=problem_type(error, base_url),
            slug=error.slug,
            title=error.title,
            status=error.status,
            **msgspec.structs.asdict(registry[error.slug]),
        )
        for error in error_classes()
    }


@read("/problems", Operation(id="listProblems", tag="problems", answer=Page[ProblemType]))
async def list_problems(request: HttpRequest) -> Answer:
    """List every problem that the service can answer with, on one page."""
    read_query(request, NoParameters)
    found = list(request.app.state.problem_types.values())
    page = Page(url="/problems", data=found, has_more=False, next_cursor=None)
    return shipped_answer(request, "problems", lambda: msgspec.json.encode(page))


@read(
    "/problems/{slug:str}", Operation(id="getProblem", tag="problems", answer=ProblemType, errors=(NotFound,))
)
async def get_problem(request: HttpRequest, slug: FromPath[str]) -> Answer:
    """Get what stands behind a problem's `type`."""
    read_query(request, NoParameters)
    found = request.app.state.problem_types.get(slug)
    if found is None:
        raise NotFound("There is no such problem.")
    return shipped_answer(request, f"problems/{slug}", lambda: msgspec.json.encode(found))


ROUTES = [list_problems, get_problem]
