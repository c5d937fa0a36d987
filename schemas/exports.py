"""Exports: everything public of a service as lines of JSON, with what tells whether it is whole.

No line holds the text of a story: quotes are within the budget of what is served. Addresses of the service itself
are left out, so that a copy of it can stand elsewhere.
"""

from datetime import datetime
from typing import Final, Literal

from msgspec import Struct

from schemas.appeals import Appeal
from schemas.assessments import EngineRef
from schemas.claims import Claim
from schemas.enums import AliasKind, InputFlag, InputKind, RetractionReason, StoryStatus
from schemas.events import Event
from schemas.sources import Source
from schemas.verdicts import Verdict

FORMAT: Final = "unspun-export/1"  # another number where a reader of this one would go wrong


class ExportLine(Struct, kw_only=True, frozen=True):
    """Any line. `key` names the object in its file and rises from line to line, compared as bytes."""

    key: str


class ExportedSource(ExportLine, kw_only=True, frozen=True):
    """A publisher."""

    object: Literal["exported_source"] = "exported_source"
    source: Source
    row_version: int


class ExportedEntity(ExportLine, kw_only=True, frozen=True):
    """A named thing; `key` is its id."""

    object: Literal["exported_entity"] = "exported_entity"
    type: str
    name: str
    created_at: datetime


class ExportedAlias(Struct, kw_only=True, frozen=True):
    """A URL that leads to the story."""

    url: str
    kind: AliasKind
    created_at: datetime


class ExportedInput(Struct, kw_only=True, frozen=True):
    """What was read for some of the story's verdicts, without its text.

    `long` are the places of the characters that UTF-16 writes as two, with which offsets are counted.
    """

    kind: InputKind
    words: int
    characters: int
    sha256: str
    digest: str
    fetched_at: datetime
    extractor: str
    flags: list[InputFlag]
    title: str
    author: str | None
    author_organization: str | None
    published_at: datetime | None
    language: str | None
    long: list[int]


class ExportedMention(Struct, kw_only=True, frozen=True):
    """An entity of the story, and how central it is there."""

    entity_id: str
    salience: float


class ExportedStory(ExportLine, kw_only=True, frozen=True):
    """A story that is not retracted; `key` is its id. From `primary` on the columns of its current verdict."""

    object: Literal["exported_story"] = "exported_story"
    slug: str
    url: str
    hint_key: str | None
    source_id: str
    source_type: str
    source_domain: str
    status: StoryStatus
    title: str
    author: str | None
    author_organization: str | None
    published_at: datetime | None
    listed_at: datetime
    language: str | None
    vertical: str | None
    categories: list[str]
    input_digest: str
    verdict_id: str
    version: int
    row_version: int
    checked_at: datetime
    created_at: datetime
    updated_at: datetime
    primary: str | None
    secondary: str | None
    tactic: str | None
    score: int | None
    band: str | None
    stance: str | None
    evidence_strength: str | None
    satire: bool | None = None  # not in exports of a version that did not ask
    deck: str | None
    aliases: list[ExportedAlias]
    inputs: list[ExportedInput]
    entities: list[ExportedMention]


class ExportedRuling(Struct, kw_only=True, frozen=True):
    """What an upheld appeal says of a text: the findings of `rule` at [start, end) do not count."""

    text_sha256: str
    rule: str
    start: int
    end: int
    note: str


class ExportedVerdict(ExportLine, kw_only=True, frozen=True):
    """A version of a story's verdict as it is served, and the rulings that it was made under.

    `key` is the story's id and the number of the version.
    """

    object: Literal["exported_verdict"] = "exported_verdict"
    rulings: list[ExportedRuling]
    verdict: Verdict


class ExportedClaim(ExportLine, kw_only=True, frozen=True):
    """A claim of the current or an earlier version; `key` is the story's id and the claim's.

    `sentence` is the digest of its normalised sentence, by which later versions know it again.
    """

    object: Literal["exported_claim"] = "exported_claim"
    sentence: str
    current: bool
    claim: Claim


class ExportedAppeal(ExportLine, kw_only=True, frozen=True):
    """What everybody may know of an appeal, and the rulings that came of it."""

    object: Literal["exported_appeal"] = "exported_appeal"
    appeal: Appeal
    rulings: list[ExportedRuling]


class ExportedEvent(ExportLine, kw_only=True, frozen=True):
    """A public event that the log holds; `key` is its number in twenty digits."""

    object: Literal["exported_event"] = "exported_event"
    event: Event


class ExportedDeletion(ExportLine, kw_only=True, frozen=True):
    """A story that was retracted: what is said in its place, and the ids that are served no more.

    `key` is the story's id. Neither its title nor its address is here: they may be the reason.
    """

    object: Literal["exported_deletion"] = "exported_deletion"
    reason: RetractionReason
    statement: str
    retracted_at: datetime
    source_id: str
    verdict_ids: list[str]
    claim_ids: list[str]


# The files of an export in the order in which they are read, each with what its lines are.
EXPORTED: Final[dict[str, type[ExportLine]]] = {
    "sources": ExportedSource,
    "entities": ExportedEntity,
    "stories": ExportedStory,
    "verdicts": ExportedVerdict,
    "claims": ExportedClaim,
    "appeals": ExportedAppeal,
    "deletions": ExportedDeletion,
    "events": ExportedEvent,
}


class ExportFile(Struct, kw_only=True, frozen=True):
    """One file: gzip of lines of JSON. `sha256` is that of the file as it is, `bytes` its length."""

    name: str
    object: str
    lines: int
    bytes: int
    sha256: str


class ExportDelta(Struct, kw_only=True, frozen=True):
    """The lines that are new or different since the export `since`; what went stands among the deletions."""

    since: str
    files: list[ExportFile]


class Export(Struct, kw_only=True, frozen=True):
    """The manifest of an export: a full one, and how it differs from the one before.

    It shows the database at one moment, `created_at`. `last_sequence` is the number of the last event then,
    `forgotten_sequence` that of the last event which the log holds no more. `counts` are the lines of the full
    export by object. `engines` and `taxonomy_versions` are those of its verdicts, `license` the terms of use.
    `oldest_at` and `newest_at` are the times of its oldest and newest story: when it was published or, where it
    bears no date, first read; null where there is none.
    """

    object: Literal["export"] = "export"
    id: str
    format: str
    created_at: datetime
    origin: str
    service_version: str
    license: str
    engines: list[EngineRef]
    taxonomy_versions: list[str]
    last_sequence: int
    forgotten_sequence: int
    counts: dict[str, int]
    files: list[ExportFile]
    delta: ExportDelta | None
    oldest_at: datetime | None = None  # older exports do not say
    newest_at: datetime | None = None
