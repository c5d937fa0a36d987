"""Stories: an article published at one canonical URL, with its current verdict."""

from typing import Literal

from msgspec import Struct

from schemas.appeals import Reply
from schemas.enums import (
    AliasKind,
    Band,
    HappeningKind,
    InputFlag,
    InputKind,
    SecondOpinionState,
    SpinType,
    Stance,
    StoryStatus,
)
from schemas.sources import SourceSummary
from schemas.spans import Range
from schemas.times import Time
from schemas.verdicts import Verdict


class Alias(Struct, kw_only=True, frozen=True):
    """Another URL of the story. A `syndicated` one carries a near-copy of its text."""

    url: str
    kind: AliasKind


class Input(Struct, kw_only=True, frozen=True):
    """The analysed input. The text itself is stored for re-scoring and never served."""

    kind: InputKind
    words: int
    characters: int
    sha256: str
    digest: str
    fetched_at: Time
    extractor: str
    flags: list[InputFlag]


class StoryLinks(Struct, kw_only=True, frozen=True):
    """Absolute URLs of related resources."""

    self: str
    original: str
    verdicts: str
    claims: str
    appeals: str
    source: str
    more_from_source: str
    cite: str
    passages: str


class Story(Struct, kw_only=True, frozen=True):
    """A story with its current verdict. `published_at` is null if the page does not give it.

    `page_gone_at` is when the page was first found missing (404 or 410), null while it exists. `replies` are
    statements by the parties concerned, oldest first; they are not the service's words. `second_opinion` says why
    the verdict is the rules' alone although a language model should have been asked; null if it has a second
    opinion, or needs none. It changes without a new version, and is null for a past time.
    """

    object: Literal["story"] = "story"
    id: str
    slug: str
    url: str
    aliases: list[Alias]
    status: StoryStatus
    title: str
    author: str | None
    author_organization: str | None
    published_at: Time | None
    language: str | None
    vertical: str | None
    categories: list[str]
    source: SourceSummary
    input: Input
    page_gone_at: Time | None
    verdict: Verdict
    second_opinion: SecondOpinionState | None
    replies: list[Reply]
    created_at: Time
    updated_at: Time
    links: StoryLinks


class Snippet(Struct, kw_only=True, frozen=True):
    """An excerpt of one field that matches the search. `marks` are the matches, in code points of `text`."""

    field: Literal["title", "deck", "summary", "keywords", "claims", "entities"]
    text: str
    marks: list[Range]


class Match(Struct, kw_only=True, frozen=True):
    """Why a search found a story. `rank` is comparable within one search only.

    `q` is the query used: a word without matches is replaced by a similar name.
    """

    q: str
    rank: float
    snippets: list[Snippet]


class StoryRow(Struct, kw_only=True, frozen=True):
    """A story in a list. `match` is null in lists that are not ordered by relevance.

    `satire`: the text reads as satire and therefore has no type. `happening` is null in verdicts of engines that
    do not tell it, and for satire.
    """

    object: Literal["story"] = "story"
    id: str
    slug: str
    url: str
    status: StoryStatus
    title: str
    published_at: Time | None
    language: str | None
    vertical: str | None
    source: SourceSummary
    verdict_id: str
    version: int
    primary: SpinType | None
    secondary: SpinType | None
    tactic: str | None
    score: int | None
    band: Band | None
    stance: Stance | None
    satire: bool | None
    happening: HappeningKind | None
    deck: str | None
    created_at: Time
    updated_at: Time
    match: Match | None
