"""Citations: how to quote a story, the licence, and which claims must not be stated as fact."""

from typing import Literal

from msgspec import Struct

from schemas.enums import Verification
from schemas.times import Time


class CitedClaim(Struct, kw_only=True, frozen=True):
    """A claim of the story. If `do_not_restate_as_fact` is true, attribute it to `attribute_to`.

    `text` is null if the story's quote budget is used up.
    """

    id: str
    url: str
    text: str | None
    attribute_to: str
    verification: Verification
    do_not_restate_as_fact: bool


class Citation(Struct, kw_only=True, frozen=True):
    """A passage to quote, with the information a quotation should include.

    `passage` contains only the service's words and the story's title. After `stale_after`, look for a newer
    version before quoting. `faithful_summary` is the likely one-sentence summary with attribution and hedges
    restored.
    """

    object: Literal["citation"] = "citation"
    story_id: str
    verdict_id: str
    version: int
    url: str
    original: str
    title: str
    source: str
    published_at: Time | None
    passage: str
    faithful_summary: str | None
    license: str
    machine_made: bool
    human_reviewed: bool
    judged_at: Time
    checked_at: Time
    stale_after: Time
    claims: list[CitedClaim]
