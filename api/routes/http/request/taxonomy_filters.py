"""Filters whose values are closed lists that no type holds: an unknown code is refused, with those that are."""

from typing import Any, Final

from msgspec import UNSET

from api.analysis.content.categories import CATEGORIES
from api.routes.http.request.query import refuse_parameter
from schemas.taxonomy import Taxonomy

VERTICALS: Final = sorted({category.vertical for category in CATEGORIES.values()})
VERTICAL: Final = f"The field, one of {', '.join(VERTICALS)}."


def check_codes(query: Any, taxonomy: Taxonomy) -> None:
    """`tactic` and `vertical` of a query that has one of them. Raises InvalidRequest."""
    tactic, vertical = getattr(query, "tactic", UNSET), getattr(query, "vertical", UNSET)
    if tactic is not UNSET and taxonomy.tactic(tactic) is None:
        detail = "There is no tactic of this code; /v1/taxonomy lists them."
        raise refuse_parameter("tactic", "not_allowed", detail)
    if vertical is not UNSET and (wrong := wrong_vertical(vertical)):
        raise refuse_parameter("vertical", "not_allowed", wrong)


def wrong_vertical(vertical: str) -> str | None:
    """Why this is none, None where it is one."""
    return None if vertical in VERTICALS else f"Expected one of {', '.join(VERTICALS)}"
