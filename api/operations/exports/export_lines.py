"""Builds the lines of an export: served data, without this service's URLs and without story texts."""

from collections.abc import AsyncIterator, Iterable
from typing import Any

import asyncpg
import msgspec
from msgspec import Raw

from api.operations.stories.render_story import served_verdict
from api.runtime.runtime import Runtime
from api.storage.analyses import appeals
from api.storage.database.pool import Connection
from api.storage.exports import exports
from api.storage.stories.inputs import Page, page_of
from api.storage.stories.sources import source_of
from api.storage.stories.verdicts import get_verdict
from schemas.enums import AliasKind, InputFlag, InputKind, RetractionReason, StoryStatus
from schemas.events import Event, EventType
from schemas.exports import (
    ExportedAlias,
    ExportedAppeal,
    ExportedDeletion,
    ExportedEntity,
    ExportedEvent,
    ExportedInput,
    ExportedMention,
    ExportedRuling,
    ExportedSource,
    ExportedStory,
)
from schemas.wire import encode_json


async def export_lines(connection: Connection, runtime: Runtime) -> AsyncIterator[tuple[str, list[bytes]]]:
    """Batches of (object name, lines); each object's lines are in order of keys.

    The connection must be in a snapshot transaction.
    """
    async for rows in exports.batches(connection, exports.SELECT_SOURCES):
        yield "sources", [encode_json(_source(row)) for row in rows]
    async for rows in exports.batches(connection, exports.SELECT_ENTITIES):
        yield "entities", [encode_json(_entity(row)) for row in rows]
    async for rows in exports.batches(connection, exports.SELECT_STORIES):
        ids = [row["id"] for row in rows]
        yield "stories", [encode_json(story) for story in await _stories(connection, ids, rows)]
        verdicts = await connection.fetch(exports.SELECT_VERDICTS, ids, runtime.renderer)
        yield "verdicts", [await _verdict(connection, row) for row in verdicts]
        yield "claims", [_claim(row) for row in await connection.fetch(exports.SELECT_CLAIMS, ids)]
    async for rows in exports.batches(connection, exports.SELECT_APPEALS):
        yield "appeals", [encode_json(await _appeal(connection, row["id"])) for row in rows]
    async for rows in exports.batches(connection, exports.SELECT_EVENTS):
        yield "events", [encode_json(_event(row)) for row in rows]
    async for rows in exports.batches(connection, exports.SELECT_DELETIONS):
        yield "deletions", [encode_json(_deletion(row)) for row in rows]


def _source(row: asyncpg.Record) -> ExportedSource:
    return ExportedSource(key=row["id"], source=source_of(row), row_version=row["row_version"])


def _entity(row: asyncpg.Record) -> ExportedEntity:
    return ExportedEntity(key=row["id"], type=row["type"], name=row["name"], created_at=row["created_at"])


async def _stories(
    connection: Connection, ids: list[str], rows: Iterable[asyncpg.Record]
) -> list[ExportedStory]:
    aliases: dict[str, list[ExportedAlias]] = {story_id: [] for story_id in ids}
    for row in await connection.fetch(exports.SELECT_ALIASES, ids):
        alias = ExportedAlias(url=row["url"], kind=AliasKind(row["kind"]), created_at=row["created_at"])
        aliases[row["story_id"]].append(alias)
    inputs: dict[str, list[ExportedInput]] = {story_id: [] for story_id in ids}
    for row in await connection.fetch(exports.SELECT_INPUTS, ids):
        inputs[row["story_id"]].append(_input(row))
    mentions: dict[str, list[ExportedMention]] = {story_id: [] for story_id in ids}
    for row in await connection.fetch(exports.SELECT_MENTIONS, ids):
        mention = ExportedMention(entity_id=row["entity_id"], salience=row["salience"])
        mentions[row["story_id"]].append(mention)
    return [
        _story(row, aliases=aliases[row["id"]], inputs=inputs[row["id"]], entities=mentions[row["id"]])
        for row in rows
    ]


def _story(row: asyncpg.Record, **more: Any) -> ExportedStory:
    renamed = {"canonical_hint_key": "hint_key", "primary_type": "primary", "secondary_type": "secondary"}
    fields = {renamed.get(name, name): value for name, value in row.items() if name not in ("id", "status")}
    return ExportedStory(key=row["id"], status=StoryStatus(row["status"]), **fields, **more)


def _input(row: asyncpg.Record) -> ExportedInput:
    page = page_of(row["article"]) if row["article"] else msgspec.json.decode(row["page"], type=Page)
    return ExportedInput(
        kind=InputKind(row["kind"]),
        words=row["words"],
        characters=row["characters"],
        sha256=row["text_sha256"],
        digest=row["digest"],
        fetched_at=row["fetched_at"],
        extractor=row["extractor"],
        flags=[InputFlag(flag) for flag in row["flags"]],
        title=page.title,
        author=page.author,
        author_organization=page.author_organization,
        published_at=page.published_at,
        language=page.language,
        long=page.long,
    )


async def _verdict(connection: Connection, row: asyncpg.Record) -> bytes:
    body = row["body"]
    if body is None:  # an older version, or its source has changed: rendered without storing
        record = await get_verdict(connection, row["id"])
        assert record is not None, "verdicts are never deleted"
        body = encode_json(await served_verdict(connection, record))
    rulings = msgspec.json.decode(row["rulings"], type=list[ExportedRuling])
    return encode_json(
        {
            "key": f"{row['story_id']}/{row['version']:09d}",
            "object": "exported_verdict",
            "rulings": rulings,
            "verdict": Raw(body),
        }
    )


def _claim(row: asyncpg.Record) -> bytes:
    return encode_json(
        {
            "key": f"{row['story_id']}/{row['id']}",
            "object": "exported_claim",
            "sentence": row["sentence_key"].hex(),
            "current": row["current"],
            "claim": Raw(row["body"].encode()),
        }
    )


async def _appeal(connection: Connection, appeal_id: str) -> ExportedAppeal:
    case = await appeals.get_case(connection, appeal_id)
    assert case is not None, "appeals are never deleted"
    rulings = [
        ExportedRuling(
            text_sha256=row["text_sha256"],
            rule=row["rule"],
            start=row["start_offset"],
            end=row["end_offset"],
            note=row["appeal_id"],
        )
        for row in await connection.fetch(exports.SELECT_RULINGS_OF_APPEAL, appeal_id)
    ]
    return ExportedAppeal(key=appeal_id, appeal=appeals.public(case), rulings=rulings)


def _event(row: asyncpg.Record) -> ExportedEvent:
    return ExportedEvent(
        key=f"{row['sequence']:020d}",
        event=Event(
            id=row["id"],
            sequence=row["sequence"],
            type=EventType(row["type"]),
            timestamp=row["created_at"],
            account_id=None,
            data=msgspec.json.decode(row["data"]),
        ),
    )


def _deletion(row: asyncpg.Record) -> ExportedDeletion:
    return ExportedDeletion(
        key=row["story_id"],
        reason=RetractionReason(row["reason"]),
        statement=row["statement"],
        retracted_at=row["retracted_at"],
        source_id=row["source_id"],
        verdict_ids=row["verdict_ids"],
        claim_ids=row["claim_ids"],
    )
