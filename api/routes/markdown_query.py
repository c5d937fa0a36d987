"""The budget of a Markdown document: how many tokens it may cost its reader."""

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from api.errors import InvalidRequest
from api.rendering.forms import Form
from api.rendering.markdown.page import LEAST_BUDGET
from api.routes.answers import HttpRequest
from api.routes.query import read_query, refuse_parameter
from schemas.problems import FieldError


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


class MarkdownQuery(BudgetQuery, kw_only=True, frozen=True):
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


def read_moment(request: HttpRequest, form: Form) -> datetime | None:
    """The time that is asked about, None for now. Raises InvalidRequest where the form is not JSON."""
    moment = read_query(request, MarkdownQuery).as_of
    if moment is UNSET:
        return None
    if form is not Form.JSON:
        raise refuse_parameter("as_of", "not_allowed", "What stood at a time is there in JSON alone.")
    return moment


def read_budget(request: HttpRequest, form: Form, query: type[BudgetQuery] = BudgetQuery) -> int | None:
    """The budget, None without one; `query` is what the route takes. Raises InvalidRequest where the form is not
    Markdown.
    """
    budget = read_query(request, query).budget
    if budget is UNSET:
        return None
    if form is not Form.MARKDOWN:
        detail = "A budget goes with Markdown: ask for it by Accept or by the suffix .md."
        error = FieldError(pointer=None, parameter="budget", code="not_allowed", detail=detail)
        raise InvalidRequest(f"budget: {detail}", errors=[error])
    return budget
