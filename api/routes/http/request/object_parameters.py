"""Query parameters of single objects: Markdown budget, past time, fields and expansions."""

from datetime import datetime
from typing import Annotated, Final, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from api.rendering.forms import Form
from api.rendering.markdown.page import LEAST_BUDGET
from api.routes.http.request.query import Expansions, FieldNames, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.request.validation_errors import refuse_parameter


class BudgetQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """For objects with a Markdown format."""

    budget: (
        Annotated[
            int,
            Meta(
                ge=LEAST_BUDGET,
                le=1_000_000,
                description=(
                    "Markdown only: maximum length in tokens of four characters. The most important parts "
                    "come first; the last line says what was omitted."
                ),
            ),
        ]
        | UnsetType
    ) = UNSET

    @property
    def tokens(self) -> int | None:
        """The budget, or None."""
        return None if self.budget is UNSET else self.budget


class ObjectQuery(BudgetQuery, kw_only=True, frozen=True):
    """For objects with selectable fields."""

    fields: FieldNames | UnsetType = UNSET


class LinkedQuery(ObjectQuery, kw_only=True, frozen=True):
    """For objects that reference others."""

    expand: Expansions | UnsetType = UNSET


class PastQuery(LinkedQuery, kw_only=True, frozen=True):
    """For objects with a history."""

    as_of: (
        Annotated[
            datetime,
            Meta(
                tz=True, description="Returns the state at this time; JSON only. Retracted stories stay 410."
            ),
        ]
        | UnsetType
    ) = UNSET


Q = TypeVar("Q", bound=BudgetQuery)

# The format that a parameter requires, and the error for others.
_GOES_WITH: Final = {
    "budget": (Form.MARKDOWN, "budget requires Markdown: use Accept or the suffix .md."),
    "as_of": (Form.JSON, "as_of is only supported for JSON."),
    "fields": (Form.JSON, "fields is only supported for JSON."),
    "expand": (Form.JSON, "expand is only supported for JSON."),
}


def read_object_query(request: HttpRequest, form: Form, query: type[Q]) -> Q:
    """The request's parameters. Raises InvalidRequest also for invalid combinations with the format."""
    parameters = read_query(request, query)
    for name, (needed, detail) in _GOES_WITH.items():
        if form is not needed and getattr(parameters, name, UNSET) is not UNSET:
            raise refuse_parameter(name, "not_allowed", detail)
    if isinstance(parameters, PastQuery) and UNSET not in (parameters.as_of, parameters.expand):
        raise refuse_parameter("expand", "not_allowed", "expand cannot be combined with as_of.")
    return parameters
