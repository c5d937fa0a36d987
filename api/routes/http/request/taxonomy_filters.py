"""Filters by codes of the taxonomy and verticals, which no type lists."""

from typing import Any, Final

from msgspec import UNSET

from api.analysis.content.categories import CATEGORIES
from api.routes.http.request.validation_errors import refuse_parameter
from schemas.taxonomy import Taxonomy

VERTICALS: Final = sorted({category.vertical for category in CATEGORIES.values()})
VERTICAL: Final = f"Subject of the story: one of {', '.join(VERTICALS)}."


def check_codes(query: Any, taxonomy: Taxonomy) -> None:
    """Checks `tactic` and `vertical` if the query has them. Raises InvalidRequest."""
    tactic, vertical = getattr(query, "tactic", UNSET), getattr(query, "vertical", UNSET)
    if tactic is not UNSET and taxonomy.tactic(tactic) is None:
        detail = "Unknown tactic; see /v1/taxonomy."
        raise refuse_parameter("tactic", "not_allowed", detail)
    if vertical is not UNSET and (wrong := wrong_vertical(vertical)):
        raise refuse_parameter("vertical", "not_allowed", wrong)


def wrong_vertical(vertical: str) -> str | None:
    """The error message for an unknown vertical, or None."""
    return None if vertical in VERTICALS else f"Expected one of {', '.join(VERTICALS)}"
