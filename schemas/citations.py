"""Citations: what may be said of a story in one sentence, under which terms, until when, and what may not."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from schemas.enums import Verification


class CitedClaim(Struct, kw_only=True, frozen=True):
    """A claim of the story. Where `do_not_restate_as_fact` is true, say it only as what `attribute_to` claims.

    `text` is null where the story's quote budget is used up.
    """

    id: str
    url: str
    text: str | None
    attribute_to: str
    verification: Verification
    do_not_restate_as_fact: bool


class Citation(Struct, kw_only=True, frozen=True):
    """A passage to quote, and everything that a quotation owes its reader.

    `passage` is made of our words and the story's title. After `stale_after` look for a newer version before you
    quote it. `faithful_summary` is the story's likely one-sentence summary with attribution and hedge restored.
    """

    object: Literal["citation"] = "citation"
    story_id: str
    verdict_id: str
    version: int
    url: str
    original: str
    title: str
    source: str
    published_at: datetime | None
    passage: str
    faithful_summary: str | None
    license: str
    machine_made: bool
    human_reviewed: bool
    judged_at: datetime
    checked_at: datetime
    stale_after: datetime
    claims: list[CitedClaim]
