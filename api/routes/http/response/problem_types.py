"""The registry of problem types: meaning, cause and fix of each error."""

from collections.abc import Iterator
from importlib.resources import files

import msgspec
from msgspec import Struct

from api.errors import ApiError
from api.runtime.problem_details import problem_type
from schemas.problems import ProblemType


class Explanation(Struct, frozen=True, forbid_unknown_fields=True):
    """One entry of `problems.json`."""

    meaning: str
    cause: str
    fix: str


def explanations() -> dict[str, Explanation]:
    """The registry, by slug."""
    raw = (files("api.routes.http.response") / "problems.json").read_bytes()
    return msgspec.json.decode(raw, type=dict[str, Explanation])


def error_classes(parent: type[ApiError] = ApiError) -> Iterator[type[ApiError]]:
    """All API error classes, one per slug."""
    for child in parent.__subclasses__():
        yield child
        yield from error_classes(child)


def problem_types(base_url: str) -> dict[str, ProblemType]:
    """All problem types by slug. Raises KeyError for an error without an entry."""
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
