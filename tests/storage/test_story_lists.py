"""A story's JSON in lists, which the database writes, equals its struct's, byte for byte."""

import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg
import pytest
from msgspec import Raw
from msgspec.structs import replace

from api.storage.database.pool import Connection
from api.storage.stories.story_lists import StoryFilter, get_story_rows, list_stories, row_of
from schemas.enums import Band, HappeningKind, SourceType, SpinType, Stance, StorySort, StoryStatus
from schemas.ids import make_id
from schemas.sources import SourceSummary
from schemas.stories import StoryRow
from schemas.wire import encode_json
from tests.kit.databases import apply_migration, connected

SEEDS: Final = range(40)
BEGAN: Final = datetime(2026, 3, 1, tzinfo=UTC)
# characters that JSON escapes, or does not, or other formats would: controls, quotes, beyond U+FFFF
CHARACTERS: Final = [
    *map(chr, range(1, 160)),
    *"\"\\/<&>'",
    "\u2028",
    "\ufeff",
    "é",
    "語",
    "\U0001f4f0",
    "\U0010ffff",
]
TIMES: Final = [timedelta(microseconds=us) for us in (0, 1, 999, 1_000, 999_999, 120_000)]
# migrations of the JSON after its first
LATER: Final = (
    "0021_satire_in_lists",
    "0026_happenings",
    "0027_happening_indexes",
    "0028_happenings_in_lists",
)
OPTIONAL: Final = (
    "published_at",
    "language",
    "vertical",
    "primary",
    "secondary",
    "tactic",
    "band",
    "stance",
    "satire",
    "happening",
    "deck",
)

INSERT_SOURCE = """
INSERT INTO sources (id, slug, name, type, feeds, known, created_at, updated_at)
VALUES ($1, $2, $3, $4, '{}', true, now(), now())
"""

INSERT = """
INSERT INTO stories (id, slug, canonical_key, url, source_id, source_type, source_domain, status, title,
                     published_at, listed_at, language, vertical, categories, input_digest, verdict_id, version,
                     primary_type, secondary_type, tactic, score, band, stance, satire, happening, deck,
                     checked_at, created_at, updated_at)
VALUES ($1, $2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, '{}', '', $13, $14, $15, $16, $17, $18, $19, $20,
        $21, $22, $23, now(), $24, $25)
"""

INSERT_VERDICT = """
INSERT INTO verdicts (id, story_id, version, reason, engine_name, engine_version, engine_digest, taxonomy_version,
                      input_digest, text_sha256, assessment, created_at)
VALUES ($1, $2, 1, 'initial', 'rules', '0', '', '', '', '', $3, now())
"""


def _row(seed: int) -> StoryRow:
    """Every optional field is null in half of them; a score needs a judgement."""
    chance = random.Random(seed)

    def text() -> str:
        return "".join(chance.choices(CHARACTERS, k=chance.randrange(1, 60)))

    def at() -> datetime:
        return BEGAN + timedelta(seconds=chance.randrange(10**7)) + chance.choice(TIMES)

    def member(kind: Any) -> Any:
        return chance.choice([*kind])

    row = StoryRow(
        id=make_id("sty", at(), chance.randbytes(10)),
        slug=f"story-{seed}",
        url=f"https://news.brightwater.example/{seed}?{text()}",
        status=StoryStatus.SCORED,
        title=text(),
        published_at=at(),
        language="en",
        vertical=text(),
        source=SourceSummary(
            id=make_id("src", at(), chance.randbytes(10)),
            slug=f"brightwater-{seed}",
            name=text(),
            type=member(SourceType),
            domain="brightwater.example",
        ),
        verdict_id=make_id("vrd", at(), chance.randbytes(10)),
        version=chance.randrange(1, 10**6),
        primary=member(SpinType),
        secondary=member(SpinType),
        tactic=text(),
        score=chance.randrange(101),
        band=member(Band),
        stance=member(Stance),
        satire=chance.random() < 0.5,
        happening=member(HappeningKind),
        deck=text(),
        created_at=at(),
        updated_at=at(),
        match=None,
    )
    row = replace(row, **{name: None for name in OPTIONAL if chance.random() < 0.5})
    return replace(row, status=StoryStatus.NOT_SCORABLE, score=None) if chance.random() < 0.5 else row


async def _insert(connection: Connection, row: StoryRow) -> None:
    of = row.source
    await connection.execute(INSERT_SOURCE, of.id, of.slug, of.name, of.type)
    await connection.execute(
        INSERT, row.id, row.slug, row.url, of.id, of.type, of.domain, row.status, row.title, row.published_at,
        row.published_at or row.created_at, row.language, row.vertical, row.verdict_id, row.version, row.primary,
        row.secondary, row.tactic, row.score, row.band, row.stance, row.satire, row.happening, row.deck,
        row.created_at, row.updated_at,
    )  # fmt: skip


ROWS = {row.id: row for row in map(_row, SEEDS)}


class TestTheJsonOfAStoryInLists:
    def test_is_tried_with_each_optional_field_set_and_null(self) -> None:
        for name in (*OPTIONAL, "score"):
            assert {getattr(row, name) is None for row in ROWS.values()} == {False, True}, name

    @pytest.mark.parametrize("sort", [StorySort.PUBLISHED_AT, StorySort.CREATED_AT, StorySort.UPDATED_AT])
    async def test_is_that_of_its_struct(self, connection: asyncpg.Connection, sort: StorySort) -> None:
        for row in ROWS.values():
            await _insert(connection, row)
        for status in (StoryStatus.SCORED, StoryStatus.NOT_SCORABLE):
            found = await list_stories(connection, StoryFilter(status=status), sort, after=None, limit=100)
            there = {item.key[1]: item.shown for item in found}
            assert there == {row.id: Raw(encode_json(row)) for row in ROWS.values() if row.status is status}
            assert {item.key[1]: item.changed_at for item in found} == {
                story_id: ROWS[story_id].updated_at for story_id in there
            }
        assert await get_story_rows(connection, list(ROWS)) == {
            row.id: Raw(encode_json(row)) for row in ROWS.values()
        }

    async def test_follows_its_story_and_the_source(self, connection: asyncpg.Connection) -> None:
        before, after = _row(1), _row(2)
        await _insert(connection, before)
        await connection.execute("UPDATE stories SET title = $1, deck = $2", after.title, "A deck.")
        await connection.execute(
            "UPDATE sources SET name = $1, type = $2", 'The "Wickmere"', SourceType.RESEARCH
        )
        source = replace(before.source, name='The "Wickmere"', type=SourceType.RESEARCH)
        expected = replace(before, title=after.title, deck="A deck.", source=source)
        assert await get_story_rows(connection, [before.id]) == {before.id: Raw(encode_json(expected))}

    async def test_is_read_back_as_a_struct(self, connection: asyncpg.Connection) -> None:
        row = next(row for row in ROWS.values() if row.status is StoryStatus.SCORED)
        await _insert(connection, row)
        (found,) = await list_stories(connection, StoryFilter(), StorySort.SCORE, after=None, limit=2)
        assert encode_json(row_of(found)) == encode_json(row)

    async def test_learns_from_verdicts_of_before_whether_a_text_is_satire(self, owner_url: str) -> None:
        spins: list[dict[str, Any] | None] = [
            {"primary": "none", "satire": True},
            {"primary": "none", "satire": False},
            {"primary": "hype"},  # written before the request
            None,
        ]
        rows = {}
        async with connected(owner_url) as connection:
            for seed, spin in enumerate(spins):
                row = replace(_row(seed), satire=None if spin is None else spin.get("satire", False))
                await _insert(connection, row)
                await connection.execute(INSERT_VERDICT, row.verdict_id, row.id, json.dumps({"spin": spin}))
                rows[row.id] = row
            for name in reversed(LATER):
                await apply_migration(connection, name, down=True)
            shown = await get_story_rows(connection, list(rows))
            for raw in shown.values():
                assert not {"satire", "happening"} & json.loads(bytes(raw)).keys()
            for name in LATER:
                await apply_migration(connection, name)
            assert await get_story_rows(connection, list(rows)) == {
                row.id: Raw(encode_json(replace(row, happening=None))) for row in rows.values()
            }
