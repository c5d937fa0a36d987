"""Look-ups: what is known of many URLs at once."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.enums import AliasKind, LookupState
from schemas.problems import Problem
from schemas.stories import StoryRow

Url = Annotated[str, Meta(min_length=1, max_length=2_048)]


class LookupsRequest(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The pages that are asked about, in any spelling of their URLs."""

    urls: Annotated[list[Url], Meta(min_length=1, max_length=1_000)]


class FoundUrl(Struct, kw_only=True, frozen=True):
    """What is known of one URL.

    `known` and `not_scorable` have a `story`, and `alias` says how the URL names it; `retracted` has none any
    more. `queued`: the page is to be read, or is being read. `failed`: it could not be read the last time, and
    `problem` says why, for as long as analyses are kept (30 days at least). `unknown`: nobody has asked for it,
    or not since then. `refused`: it is no URL, or none that is ever read, as `problem` says.
    """

    url: str
    normalized_url: str | None
    state: LookupState
    alias: AliasKind | None
    story: StoryRow | None
    problem: Problem | None


class Lookups(Struct, kw_only=True, frozen=True):
    """One entry a URL, in the order in which they were asked for."""

    object: Literal["lookups"] = "lookups"
    data: list[FoundUrl]
