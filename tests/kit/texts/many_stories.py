"""Inserts many stories by COPY from a seed, for list walks, plans and benchmarks.

Rows are as publication leaves them, without documents and inputs, which lists do not read.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

import asyncpg

from schemas.enums import (
    ClaimKind,
    ClaimSupport,
    EvidenceStrength,
    HappeningKind,
    Risk,
    SourceType,
    SpinType,
    Stance,
    Verification,
)
from schemas.ids import make_id

BEGAN = datetime(2024, 1, 1, tzinfo=UTC)
VERTICALS = ("energy", "health", "finance", "software", "transport", "education", "media", "retail")
TACTICS = ("breakthrough_framing", "efficiency_framing", "public_good", "jargon_saturation", "fomo_framing")
BANDS = ((10, "plain"), (25, "light"), (45, "moderate"), (65, "strong"), (85, "heavy"), (100, "total"))
WORDS = (
    "turbine", "harbour", "ferry", "cooperative", "pilot", "storage", "battery", "sensor", "ledger", "clinic",
    "nurse", "patient", "court", "ruling", "bridge", "tariff", "orchard", "drone", "archive", "lantern", "quarry",
    "timber", "valley", "signal", "gallery", "museum", "kitchen", "engine", "survey", "garden",
)  # fmt: skip
NAMES = ("Brightwater", "Quillon", "Wickmere", "Ottoway", "Carrow", "Fennimore", "Larkspur", "Tidewell")
KINDS = ("Ferries", "Robotics", "Energy", "Clinics", "Press", "Foods", "Bank", "Games")

SOURCES = ("id", "slug", "name", "type", "feeds", "known", "created_at", "updated_at")
ENTITIES = ("id", "type", "key", "name", "created_at")
STORIES = (
    "id", "slug", "canonical_key", "url", "source_id", "source_type", "source_domain", "status", "title",
    "published_at", "listed_at", "language", "vertical", "categories", "input_digest", "verdict_id", "version",
    "primary_type", "tactic", "score", "band", "stance", "evidence_strength", "satire", "happening", "deck",
    "checked_at", "created_at", "updated_at",
)  # fmt: skip
VERDICTS = (
    "id", "story_id", "version", "reason", "engine_name", "engine_version", "engine_digest", "taxonomy_version",
    "input_digest", "text_sha256", "assessment", "created_at",
)  # fmt: skip
CLAIMS = (
    "id", "story_id", "sentence_key", "verdict_id", "source_id", "current", "number", "role", "kind", "support",
    "verification", "risk", "body", "listed_at", "created_at", "happening",
)  # fmt: skip
ALIASES = ("key", "url", "story_id", "kind", "created_at")
MENTIONS = ("entity_id", "story_id", "salience", "listed_at")
SEARCH = ("story_id", "listed_at", "title", "deck", "summary", "keywords", "claims", "entities")

BIG = (
    "stories",
    "story_aliases",
    "claims",
    "verdicts",
    "story_entities",
    "story_search",
)  # tables that grow with stories
_BATCH = 20_000  # stories in memory at a time, some 40 MB

# The indexes of tables, except those of constraints.
SELECT_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE tablename = ANY ($1) AND schemaname = current_schema()
  AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE contype IN ('p', 'u'))
ORDER BY tablename, indexname
"""


@dataclass
class Many:
    """The rows of `stories` stories of `sources` sources, deterministic by seed."""

    stories: int
    sources: int = 200
    entities: int = 2_000
    claims_each: int = 3
    seed: int = 1
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def an_id(self, prefix: str, number: int) -> str:
        """The object's id; ids increase with numbers."""
        entropy = blake2b(f"{self.seed} {prefix} {number}".encode(), digest_size=10).digest()
        return make_id(prefix, BEGAN + timedelta(seconds=number), entropy)

    def story(self, number: int) -> dict[str, Any]:
        """A story's columns. One in fifty could not be judged; most scores are in the middle."""
        chance = self._chance
        at = BEGAN + timedelta(minutes=chance.randrange(self.stories))
        source = min(int(chance.expovariate(8) * self.sources), self.sources - 1)  # few publish most
        scored = chance.random() > 0.02
        score = min(100, max(0, int(chance.gauss(38, 20))))
        words = chance.sample(WORDS, 6)
        return {
            "id": self.an_id("sty", number),
            "slug": f"story-{number}",
            "canonical_key": f"site{source}.example/{number}",
            "url": f"https://site{source}.example/{number}",
            "source_id": self.an_id("src", source),
            "source_type": [*SourceType][source % len(SourceType)].value,
            "source_domain": f"site{source}.example",
            "status": "scored" if scored else "not_scorable",
            "title": f"{self.name(number % self.entities)} and the {' '.join(words[:3])}",
            "published_at": at,
            "listed_at": at,
            "language": "en",
            "vertical": VERTICALS[number % len(VERTICALS)],
            "categories": [],
            "input_digest": "0" * 64,
            "verdict_id": self.an_id("vrd", number),
            "version": 1,
            "primary_type": [*SpinType][chance.randrange(7)].value if scored else None,
            "tactic": chance.choice(TACTICS) if scored else None,
            "score": score if scored else None,
            "band": next(name for most, name in BANDS if score <= most) if scored else None,
            "stance": chance.choice([*Stance]).value if scored else None,
            "evidence_strength": chance.choice([*EvidenceStrength]).value if scored else None,
            "satire": False if scored else None,
            "happening": self.happening(number) if scored else None,
            "deck": f"A {words[3]} is opened beside the {words[4]} with the {words[5]}.",
            "checked_at": at,
            "created_at": at,
            "updated_at": at + timedelta(minutes=chance.randrange(10_000)),
        }

    def happening(self, number: int) -> str | None:
        """One story in ten has a verdict of an engine that tells no happening."""
        return [*HappeningKind][number % len(HappeningKind)].value if number % 10 else None

    def name(self, number: int) -> str:
        return f"{NAMES[number % 8]} {KINDS[number // 8 % 8]} {number // 64}".removesuffix(" 0")

    async def write(self, connection: asyncpg.Connection) -> None:
        """Write all rows, a million stories in a few minutes.

        Foreign keys are not checked, since three for each claim would take most of the time. For many stories,
        indexes are built at the end.
        """
        await connection.execute("SET session_replication_role = replica")
        copy = connection.copy_records_to_table
        await copy("sources", columns=SOURCES, records=(self._source(n) for n in range(self.sources)))
        await copy("entities", columns=ENTITIES, records=(self._entity(n) for n in range(self.entities)))
        indexes = await connection.fetch(SELECT_INDEXES, BIG) if self.stories > _BATCH else []
        for name, _ in indexes:
            await connection.execute(f"DROP INDEX {name}")
        for first in range(0, self.stories, _BATCH):
            stories = [self.story(number) for number in range(first, min(first + _BATCH, self.stories))]
            await copy("stories", columns=STORIES, records=(tuple(s[c] for c in STORIES) for s in stories))
            await copy("story_aliases", columns=ALIASES, records=map(self._alias, stories))
            await copy("verdicts", columns=VERDICTS, records=map(self._verdict, stories))
            await copy("claims", columns=CLAIMS, records=self._claims(first, stories))
            await copy("story_entities", columns=MENTIONS, records=self._mentions(first, stories))
            await copy("story_search", columns=SEARCH, records=map(self._words, stories))
        await connection.execute("SET maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            await connection.execute(definition)
        await connection.execute("RESET maintenance_work_mem")
        await connection.execute("RESET session_replication_role")
        await connection.execute("VACUUM ANALYZE")

    def _mentions(self, first: int, stories: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
        """Each story names one entity in turn, and half of them one of the frequent ones."""
        for number, story in enumerate(stories, first):
            named = {number % self.entities}
            if number % 2:
                named.add(min(int(self._chance.expovariate(40) * self.entities), self.entities - 1))
            for entity in named:
                yield (self.an_id("ent", entity), story["id"], 0.5, story["listed_at"])

    def _claims(self, first: int, stories: list[dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
        chance, number = self._chance, first * self.claims_each
        for story in stories:
            for place in range(1, self.claims_each + 1):
                number += 1
                text = f"The {' '.join(chance.sample(WORDS, 3))} will cost {number} less."
                yield (
                    self.an_id("clm", number), story["id"], number.to_bytes(16, "big"), story["verdict_id"],
                    story["source_id"], True, place, "primary" if place == 1 else "supporting",
                    chance.choice([*ClaimKind]).value, chance.choice([*ClaimSupport]).value,
                    chance.choice([*Verification]).value, chance.choice([*Risk]).value,
                    f'{{"text":"{text}"}}', story["listed_at"], story["created_at"],
                    story["happening"],
                )  # fmt: skip

    def _source(self, number: int) -> tuple[Any, ...]:
        kind = [*SourceType][number % len(SourceType)].value
        name = f"site{number}"
        return (self.an_id("src", number), name, name.title(), kind, [], True, BEGAN, BEGAN)

    def _entity(self, number: int) -> tuple[Any, ...]:
        name = self.name(number)
        return (self.an_id("ent", number), "organization", name.casefold(), name, BEGAN)

    def _alias(self, story: dict[str, Any]) -> tuple[Any, ...]:
        return (story["canonical_key"], story["url"], story["id"], "canonical", story["created_at"])

    def _verdict(self, story: dict[str, Any]) -> tuple[Any, ...]:
        digest = story["input_digest"]
        return (
            story["verdict_id"],
            story["id"],
            1,
            "initial",
            *(("rules", "0.0", digest, "test")),
            digest,
            digest,
            "{}",
            story["created_at"],
        )

    def _words(self, story: dict[str, Any]) -> tuple[Any, ...]:
        name = story["title"].partition(" and ")[0]
        return (story["id"], story["listed_at"], story["title"], story["deck"], story["deck"], "", "", name)
