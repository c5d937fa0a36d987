"""Look-ups: what the service knows about URLs."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.enums import AliasKind, LookupState
from schemas.problems import Problem
from schemas.stories import Story, StoryRow


class LookupsRequest(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The URLs to look up."""

    urls: Annotated[list[str], Meta(min_length=1, max_length=1_000)]


class FoundUrl(Struct, kw_only=True, frozen=True):
    """What the service knows about one URL.

    `known` and `not_scorable` have a `story`, and `alias` says how the URL relates to it; `retracted` has a
    `problem` with the tombstone instead. `queued`: an analysis is queued or running. `failed`: the last analysis
    failed, see `problem`; remembered for at least 30 days. `unknown`: never submitted, or forgotten. `refused`:
    not a URL, or one that is never fetched, see `problem`.
    """

    url: str
    normalized_url: str | None
    state: LookupState
    alias: AliasKind | None
    story: StoryRow | None
    problem: Problem | None


class Lookup(Struct, kw_only=True, frozen=True):
    """What is known of one URL, as in `FoundUrl`; `story` is the whole story, as at its own address."""

    object: Literal["lookup"] = "lookup"
    url: str
    normalized_url: str
    state: LookupState
    alias: AliasKind | None
    story: Story | None
    problem: Problem | None


class Lookups(Struct, kw_only=True, frozen=True):
    """One entry per URL, in the requested order."""

    object: Literal["lookups"] = "lookups"
    data: list[FoundUrl]
