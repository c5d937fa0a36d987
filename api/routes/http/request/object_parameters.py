"""What a single object takes: how long its Markdown may be, a time, and how much of its JSON is wanted."""

from datetime import datetime
from typing import Annotated, Final, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from api.rendering.forms import Form
from api.rendering.markdown.page import LEAST_BUDGET
from api.routes.http.request.query import Expansions, FieldNames, read_query, refuse_parameter
from api.routes.http.request.types import HttpRequest


class BudgetQuery(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What an object takes that has a Markdown form."""

    budget: (
        Annotated[
            int,
            Meta(
                ge=LEAST_BUDGET,
                le=1_000_000,
                description=(
                    "Of Markdown alone: the most tokens, at four characters each. What matters most comes in "
                    "first, and the last line says what was left out."
                ),
            ),
        ]
        | UnsetType
    ) = UNSET

    @property
    def tokens(self) -> int | None:
        """The budget, None without one."""
        return None if self.budget is UNSET else self.budget


class ObjectQuery(BudgetQuery, kw_only=True, frozen=True):
    """What an object takes that can be had in part."""

    fields: FieldNames | UnsetType = UNSET


class LinkedQuery(ObjectQuery, kw_only=True, frozen=True):
    """What an object takes that names others."""

    expand: Expansions | UnsetType = UNSET


class PastQuery(LinkedQuery, kw_only=True, frozen=True):
    """What an object takes that has a past too."""

    as_of: (
        Annotated[
            datetime,
            Meta(
                tz=True, description="Answers with what stood at this time, in JSON alone; a retraction wins."
            ),
        ]
        | UnsetType
    ) = UNSET


Q = TypeVar("Q", bound=BudgetQuery)

# The one form that a parameter goes with, and what a client is told that asked for another.
_GOES_WITH: Final = {
    "budget": (Form.MARKDOWN, "A budget goes with Markdown: ask for it by Accept or by the suffix .md."),
    "as_of": (Form.JSON, "What stood at a time is there in JSON alone."),
    "fields": (Form.JSON, "fields goes with JSON alone."),
    "expand": (Form.JSON, "expand goes with JSON alone."),
}


def read_object_query(request: HttpRequest, form: Form, query: type[Q]) -> Q:
    """The request's parameters. Raises InvalidRequest also for what does not go with the form, or together."""
    asked = read_query(request, query)
    for name, (needed, detail) in _GOES_WITH.items():
        if form is not needed and getattr(asked, name, UNSET) is not UNSET:
            raise refuse_parameter(name, "not_allowed", detail)
    if isinstance(asked, PastQuery) and UNSET not in (asked.as_of, asked.expand):
        raise refuse_parameter("expand", "not_allowed", "What is expanded is that of now, and as_of is not.")
    return asked
