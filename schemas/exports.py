"""Exports: all public data of a service as lines of JSON, with counts and digests to verify them.

No line contains a story's text; quotes stay within the served quote budget. URLs of the service are left out, so
that a copy can be served elsewhere.
"""

from typing import Final, Literal

from msgspec import Struct

from schemas.appeals import Appeal
from schemas.assessments import EngineRef
from schemas.claims import Claim
from schemas.enums import AliasKind, InputFlag, InputKind, RetractionReason, StoryStatus
from schemas.events import Event
from schemas.sources import Source
from schemas.times import Time
from schemas.verdicts import Verdict

FORMAT: Final = "unspun-export/1"  # changes if the format becomes incompatible


class ExportLine(Struct, kw_only=True, frozen=True):
    """Any line. `key` identifies the object in its file; lines are sorted by it, in byte order."""

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
    created_at: Time


class ExportedAlias(Struct, kw_only=True, frozen=True):
    """A URL that leads to the story."""

    url: str
    kind: AliasKind
    created_at: Time


class ExportedInput(Struct, kw_only=True, frozen=True):
    """The article behind some of the story's verdicts, without its text.

    `long` lists the positions of characters that take two UTF-16 code units; it is needed to convert offsets.
    """

    kind: InputKind
    words: int
    characters: int
    sha256: str
    digest: str
    fetched_at: Time
    extractor: str
    flags: list[InputFlag]
    title: str
    author: str | None
    author_organization: str | None
    published_at: Time | None
    language: str | None
    long: list[int]


class ExportedMention(Struct, kw_only=True, frozen=True):
    """An entity of the story, and how central it is to the story."""

    entity_id: str
    salience: float


class ExportedStory(ExportLine, kw_only=True, frozen=True):
    """A story that is not retracted; `key` is its id. Fields from `primary` on come from its current verdict."""

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
    published_at: Time | None
    listed_at: Time
    language: str | None
    vertical: str | None
    categories: list[str]
    input_digest: str
    verdict_id: str
    version: int
    row_version: int
    checked_at: Time
    created_at: Time
    updated_at: Time
    primary: str | None
    secondary: str | None
    tactic: str | None
    score: int | None
    band: str | None
    stance: str | None
    evidence_strength: str | None
    satire: bool | None = None  # absent from older exports
    happening: str | None = None  # as above
    second_opinion: str | None = None  # as above
    deck: str | None
    aliases: list[ExportedAlias]
    inputs: list[ExportedInput]
    entities: list[ExportedMention]


class ExportedRuling(Struct, kw_only=True, frozen=True):
    """The effect of an upheld appeal: findings of `rule` at [start, end) of this text do not count."""

    text_sha256: str
    rule: str
    start: int
    end: int
    note: str


class ExportedVerdict(ExportLine, kw_only=True, frozen=True):
    """A version of a story's verdict as served, and the rulings applied to it.

    `key` is the story's id and the version number.
    """

    object: Literal["exported_verdict"] = "exported_verdict"
    rulings: list[ExportedRuling]
    verdict: Verdict


class ExportedClaim(ExportLine, kw_only=True, frozen=True):
    """A claim of the current or an earlier version; `key` is the story's id and the claim's id.

    `sentence` is the digest of the normalised sentence, which identifies the claim in later versions.
    """

    object: Literal["exported_claim"] = "exported_claim"
    sentence: str
    current: bool
    claim: Claim


class ExportedAppeal(ExportLine, kw_only=True, frozen=True):
    """The public part of an appeal, and the resulting rulings."""

    object: Literal["exported_appeal"] = "exported_appeal"
    appeal: Appeal
    rulings: list[ExportedRuling]


class ExportedEvent(ExportLine, kw_only=True, frozen=True):
    """A public event in the log; `key` is its sequence number in twenty digits."""

    object: Literal["exported_event"] = "exported_event"
    event: Event


class ExportedDeletion(ExportLine, kw_only=True, frozen=True):
    """A retracted story: the public statement, and the ids that are no longer served.

    `key` is the story's id. Title and URL are left out, because they may be the reason for the retraction.
    """

    object: Literal["exported_deletion"] = "exported_deletion"
    reason: RetractionReason
    statement: str
    retracted_at: Time
    source_id: str
    verdict_ids: list[str]
    claim_ids: list[str]


# The files of an export in reading order, with the type of their lines.
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
    """One file of gzipped JSON lines. `sha256` and `bytes` are those of the compressed file.

    `url` is null in a manifest that was not served, but written by a command.
    """

    name: str
    object: str
    lines: int
    bytes: int
    sha256: str
    url: str | None = None


class ExportDelta(Struct, kw_only=True, frozen=True):
    """New and changed lines since the export `since`; deletions are listed in the deletions file."""

    since: str
    files: list[ExportFile]


class Export(Struct, kw_only=True, frozen=True):
    """The manifest of an export: all data, and the changes since the previous export.

    It shows the database at `created_at`. `last_sequence` is the sequence number of the newest event at that
    time, `forgotten_sequence` that of the newest event deleted from the log. `counts` are the lines of the full
    export per object. `engines` and `taxonomy_versions` are those of its verdicts; `license` gives the terms of
    use. `oldest_at` and `newest_at` are the times of its oldest and newest story (publication, or first fetch if
    unknown); null if there are no stories.
    """

    object: Literal["export"] = "export"
    id: str
    format: str
    created_at: Time
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
    oldest_at: Time | None = None  # absent from older exports
    newest_at: Time | None = None
