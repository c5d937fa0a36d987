"""Stories: what was published at one canonical URL, with its current verdict."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from schemas.appeals import Reply
from schemas.enums import AliasKind, Band, InputFlag, InputKind, SpinType, Stance, StoryStatus
from schemas.sources import SourceSummary
from schemas.spans import Range
from schemas.verdicts import Verdict


class Alias(Struct, kw_only=True, frozen=True):
    """Another URL under which the story is found. A `syndicated` one carries a near-copy of its text."""

    url: str
    kind: AliasKind


class Input(Struct, kw_only=True, frozen=True):
    """What was read. The text itself is kept for re-scoring and never served."""

    kind: InputKind
    words: int
    characters: int
    sha256: str
    digest: str
    fetched_at: datetime
    extractor: str
    flags: list[InputFlag]


class StoryLinks(Struct, kw_only=True, frozen=True):
    """Where to go from here; absolute URLs."""

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
    """A story with its current verdict. `published_at` is null where the page does not say.

    `page_gone_at` is when the page was first found missing (404 or 410), null while it is there.
    `replies` is what those concerned say of its verdicts, the oldest first: their words, not the service's.
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
    published_at: datetime | None
    language: str | None
    vertical: str | None
    categories: list[str]
    source: SourceSummary
    input: Input
    page_gone_at: datetime | None
    verdict: Verdict
    replies: list[Reply]
    created_at: datetime
    updated_at: datetime
    links: StoryLinks


class Snippet(Struct, kw_only=True, frozen=True):
    """A piece of one field in which searched words stand. `marks`: their places in `text`, in code points."""

    field: Literal["title", "deck", "summary", "keywords", "claims", "entities"]
    text: str
    marks: list[Range]


class Match(Struct, kw_only=True, frozen=True):
    """Why a search found a story. `q` is what was looked for: another word where one asked for was nowhere
    and a name came near it. `rank` orders stories of one search, nothing else.
    """

    q: str
    rank: float
    snippets: list[Snippet]


class StoryRow(Struct, kw_only=True, frozen=True):
    """A story as it stands in lists. `satire` says that its text reads as satire, which is why it has no type;
    `match` is null in lists that are not ordered by relevance."""

    object: Literal["story"] = "story"
    id: str
    slug: str
    url: str
    status: StoryStatus
    title: str
    published_at: datetime | None
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
    deck: str | None
    created_at: datetime
    updated_at: datetime
    match: Match | None


class Lookup(Struct, kw_only=True, frozen=True):
    """Where a URL leads: the story found, and how the URL names it."""

    object: Literal["lookup"] = "lookup"
    url: str
    normalized_url: str
    alias: AliasKind
    story: Story
