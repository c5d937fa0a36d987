"""Imports: writes exported rows under their own ids, and the import's position."""

# Long because each imported table has its statement and function here.

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from api.storage.database.pool import Connection
from api.storage.stories.entities import unlink_story
from api.storage.stories.inputs import Page
from schemas.assessments import Assessment
from schemas.exports import (
    ExportedAppeal,
    ExportedClaim,
    ExportedDeletion,
    ExportedEntity,
    ExportedEvent,
    ExportedInput,
    ExportedMention,
    ExportedRuling,
    ExportedSource,
    ExportedStory,
    ExportedVerdict,
)
from schemas.wire import encode_json

# The latest import.
SELECT_LATEST_IMPORT = """
SELECT export_id, origin, manifest_sha256, since, stage, position, base_sequence, last_sequence, finished_at
FROM imports
ORDER BY started_at DESC, export_id DESC LIMIT 1
"""

# Whether there is no public data.
SELECT_IS_EMPTY = """
SELECT NOT EXISTS (SELECT FROM sources) AND NOT EXISTS (SELECT FROM entities) AND NOT EXISTS (SELECT FROM stories)
"""

# The number of the last event; locks the counter.
SELECT_LAST_SEQUENCE = """
SELECT n FROM event_counter FOR UPDATE
"""

# Starts an import.
INSERT_IMPORT = """
INSERT INTO imports (export_id, origin, manifest_sha256, since, base_sequence, last_sequence, started_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""

# Records the position; no row if another process has continued the import.
UPDATE_POSITION = """
UPDATE imports SET stage = $4, position = $5 WHERE export_id = $1 AND stage = $2 AND position = $3
RETURNING export_id
"""

# Finishes it.
UPDATE_FINISHED = """
UPDATE imports SET finished_at = $2 WHERE export_id = $1
"""

# The log continues after the origin's last event; none of its events is stored here.
UPDATE_COUNTER = """
UPDATE event_counter SET n = $1, forgotten = $1, forgotten_at = clock_timestamp()
"""

# A source, as at the origin.
UPSERT_SOURCE = """
INSERT INTO sources AS s (id, slug, name, type, feeds, ownership, known, row_version, corrected_at, created_at,
                          updated_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
ON CONFLICT (id) DO UPDATE
SET slug = excluded.slug, name = excluded.name, type = excluded.type, feeds = excluded.feeds,
    ownership = excluded.ownership, known = excluded.known, row_version = excluded.row_version,
    corrected_at = excluded.corrected_at, updated_at = excluded.updated_at
WHERE s.row_version <= excluded.row_version
"""

# Deletes its domains.
DELETE_DOMAINS = """
DELETE FROM source_domains WHERE source_id = $1
"""

# Its domains in order.
INSERT_DOMAINS = """
INSERT INTO source_domains (domain, source_id, position)
SELECT w.domain, $1, w.position - 1 FROM unnest($2::text[]) WITH ORDINALITY AS w (domain, position)
ON CONFLICT (domain) DO UPDATE SET source_id = excluded.source_id, position = excluded.position
"""

# An entity (immutable).
INSERT_ENTITY = """
INSERT INTO entities (id, type, key, name, created_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING
"""

# A story, as at the origin.
UPSERT_STORY = """
INSERT INTO stories AS s (
    id, slug, canonical_key, canonical_hint_key, url, source_id, source_type, source_domain, status, title,
    author, author_organization, published_at, listed_at, language, vertical, categories, input_digest,
    verdict_id, version, row_version, checked_at, created_at, updated_at, primary_type, secondary_type, tactic,
    score, band, stance, evidence_strength, satire, happening, second_opinion, deck)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23,
        $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34, $35)
ON CONFLICT (id) DO UPDATE
SET slug = excluded.slug, canonical_key = excluded.canonical_key,
    canonical_hint_key = excluded.canonical_hint_key, url = excluded.url, source_id = excluded.source_id,
    source_type = excluded.source_type, source_domain = excluded.source_domain, status = excluded.status,
    title = excluded.title, author = excluded.author, author_organization = excluded.author_organization,
    published_at = excluded.published_at, listed_at = excluded.listed_at, language = excluded.language,
    vertical = excluded.vertical, categories = excluded.categories, input_digest = excluded.input_digest,
    verdict_id = excluded.verdict_id, version = excluded.version, row_version = excluded.row_version,
    checked_at = excluded.checked_at, updated_at = excluded.updated_at, primary_type = excluded.primary_type,
    secondary_type = excluded.secondary_type, tactic = excluded.tactic, score = excluded.score,
    band = excluded.band, stance = excluded.stance, evidence_strength = excluded.evidence_strength,
    satire = excluded.satire, happening = excluded.happening, second_opinion = excluded.second_opinion,
    deck = excluded.deck
WHERE s.status <> 'retracted' AND s.row_version <= excluded.row_version
"""

# Deletes a story's aliases.
DELETE_ALIASES = """
DELETE FROM story_aliases WHERE story_id = $1
"""

# An alias, possibly of another story before.
UPSERT_ALIAS = """
INSERT INTO story_aliases (key, url, story_id, kind, created_at) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (key) DO UPDATE
SET url = excluded.url, story_id = excluded.story_id, kind = excluded.kind, created_at = excluded.created_at
"""

# An input without its text.
INSERT_INPUT = """
INSERT INTO inputs (story_id, digest, kind, page, words, characters, text_sha256, extractor, flags, fetched_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (story_id, digest) DO NOTHING
"""

# A verdict (immutable).
INSERT_VERDICT = """
INSERT INTO verdicts (id, story_id, version, reason, engine_name, engine_version, engine_digest, taxonomy_version,
                      input_digest, text_sha256, assessment, created_at, rulings, served, happening, contested)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $11::json #>> '{happening,kind}',
        ($14::json #>> '{agreement,contested}')::boolean)
ON CONFLICT (id) DO NOTHING
"""

# A claim, as at the origin.
UPSERT_CLAIM = """
INSERT INTO claims (id, story_id, sentence_key, verdict_id, source_id, current, number, role, kind, support,
                    verification, risk, body, listed_at, created_at, happening)
SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, s.listed_at, $14,
       (SELECT v.happening FROM verdicts v WHERE v.id = $4)
FROM stories s WHERE s.id = $2
ON CONFLICT (id) DO UPDATE
SET verdict_id = excluded.verdict_id, source_id = excluded.source_id, current = excluded.current,
    number = excluded.number, role = excluded.role, kind = excluded.kind, support = excluded.support,
    verification = excluded.verification, risk = excluded.risk, body = excluded.body,
    listed_at = excluded.listed_at, happening = excluded.happening
"""

# A story's entities.
INSERT_MENTIONS = """
INSERT INTO story_entities (entity_id, story_id, salience, listed_at)
SELECT w.entity_id, $1, w.salience, $2 FROM unnest($3::text[], $4::real[]) AS w (entity_id, salience)
"""

# An appeal without private data.
UPSERT_APPEAL = """
INSERT INTO appeals (id, account_id, story_id, verdict_id, status, findings, passages, statement, reply, reply_by,
                     reply_shown, explanation, created_at, decided_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, '', $8, $9, $8::text IS NOT NULL, $10, $11, $12)
ON CONFLICT (id) DO UPDATE
SET status = excluded.status, reply = excluded.reply, reply_by = excluded.reply_by,
    reply_shown = excluded.reply_shown, explanation = excluded.explanation, decided_at = excluded.decided_at
"""

# A ruling of an appeal.
INSERT_RULING = """
INSERT INTO rulings (appeal_id, text_sha256, rule, start_offset, end_offset) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT DO NOTHING
"""

# A public event with its number.
INSERT_EVENT = """
INSERT INTO events (sequence, id, type, story_id, data, created_at)
VALUES ($1, $2, $3, (SELECT s.id FROM stories s WHERE s.id = $4), $5, $6) ON CONFLICT DO NOTHING
"""

# A placeholder for a story that was retracted before this import.
INSERT_HOLLOW_STORY = """
INSERT INTO stories (id, slug, canonical_key, url, source_id, source_type, source_domain, status, title,
                     listed_at, categories, input_digest, verdict_id, version, checked_at, created_at, updated_at)
SELECT $1, $1, 'retracted:' || $1, '', o.id, o.type, '', 'retracted', '', $3, '{}', '', $4, 1, $3, $3, $3
FROM sources o WHERE o.id = $2
ON CONFLICT (id) DO NOTHING
"""

# Its verdicts, as placeholders.
INSERT_HOLLOW_VERDICTS = """
INSERT INTO verdicts (id, story_id, version, reason, engine_name, engine_version, engine_digest, taxonomy_version,
                      input_digest, text_sha256, assessment, created_at)
SELECT w.id, $1, w.version, 'initial', '', '', '', '', '', '', '{}', $3
FROM unnest($2::text[]) WITH ORDINALITY AS w (id, version)
ON CONFLICT DO NOTHING
"""

# Its claims, as placeholders.
INSERT_HOLLOW_CLAIMS = """
INSERT INTO claims (id, story_id, sentence_key, verdict_id, source_id, current, number, role, kind, support,
                    verification, risk, body, listed_at, created_at)
SELECT w.id, $1, decode(md5(w.id), 'hex'), $3, $4, false, 0, '', '', '', '', '', '{}', $5, $5
FROM unnest($2::text[]) AS w (id)
ON CONFLICT DO NOTHING
"""

# The account of imported appeals.
ELSEWHERE = "acc_" + "0" * 26


class ImportState(Struct, kw_only=True, frozen=True):
    """`since` is set if only the differences since that export are imported.

    `base_sequence`: the number of the last event at the start; `last_sequence`: the origin's.
    """

    export_id: str
    origin: str
    manifest_sha256: str
    since: str | None
    stage: int
    position: str
    base_sequence: int
    last_sequence: int
    finished_at: datetime | None


async def get_latest_import(connection: Connection) -> ImportState | None:
    row = await connection.fetchrow(SELECT_LATEST_IMPORT)
    return None if row is None else ImportState(**dict(row))


async def is_empty(connection: Connection) -> bool:
    """Whether there is no public data; keys and accounts may exist."""
    return bool(await connection.fetchval(SELECT_IS_EMPTY))


async def lock_log(connection: Connection) -> int:
    """The number of the last event; no event is emitted until the transaction ends."""
    last: int = await connection.fetchval(SELECT_LAST_SEQUENCE)
    return last


async def begin_import(connection: Connection, state: ImportState, at: datetime) -> None:
    await connection.execute(
        INSERT_IMPORT,
        state.export_id,
        state.origin,
        state.manifest_sha256,
        state.since,
        state.base_sequence,
        state.last_sequence,
        at,
    )


async def move_position(connection: Connection, state: ImportState, stage: int, position: str) -> bool:
    """False if another process has moved it since `state` was read."""
    moved = await connection.fetchval(
        UPDATE_POSITION, state.export_id, state.stage, state.position, stage, position
    )
    return moved is not None


async def finish_import(connection: Connection, state: ImportState, at: datetime) -> None:
    await connection.execute(UPDATE_FINISHED, state.export_id, at)
    await connection.execute(UPDATE_COUNTER, state.last_sequence)


async def put_source(connection: Connection, line: ExportedSource) -> None:
    source = line.source
    await connection.execute(
        UPSERT_SOURCE,
        source.id,
        source.slug,
        source.name,
        source.type,
        source.feeds,
        source.ownership,
        source.known,
        line.row_version,
        source.corrected_at,
        source.created_at,
        source.updated_at,
    )
    await connection.execute(DELETE_DOMAINS, source.id)
    await connection.execute(INSERT_DOMAINS, source.id, source.domains)


async def put_entity(connection: Connection, line: ExportedEntity, key: str) -> None:
    await connection.execute(INSERT_ENTITY, line.key, line.type, key, line.name, line.created_at)


async def put_story(connection: Connection, line: ExportedStory, canonical_key: str) -> None:
    await connection.execute(
        UPSERT_STORY,
        line.key,
        line.slug,
        canonical_key,
        line.hint_key,
        line.url,
        line.source_id,
        line.source_type,
        line.source_domain,
        line.status,
        line.title,
        line.author,
        line.author_organization,
        line.published_at,
        line.listed_at,
        line.language,
        line.vertical,
        line.categories,
        line.input_digest,
        line.verdict_id,
        line.version,
        line.row_version,
        line.checked_at,
        line.created_at,
        line.updated_at,
        line.primary,
        line.secondary,
        line.tactic,
        line.score,
        line.band,
        line.stance,
        line.evidence_strength,
        # older exports have no satire field; they judged no text as satire
        False if line.satire is None and line.primary is not None else line.satire,
        line.happening,
        line.second_opinion,
        line.deck,
    )


async def put_aliases(
    connection: Connection, story_id: str, aliases: Sequence[tuple[str, str, str, datetime]]
) -> None:
    """`aliases`: (key, url, kind, creation time)."""
    await connection.execute(DELETE_ALIASES, story_id)
    await connection.executemany(
        UPSERT_ALIAS, [(key, url, story_id, kind, at) for key, url, kind, at in aliases]
    )


async def put_inputs(connection: Connection, story_id: str, inputs: Sequence[ExportedInput]) -> None:
    await connection.executemany(
        INSERT_INPUT,
        [
            (
                story_id,
                input_.digest,
                input_.kind,
                encode_json(_page(input_)).decode(),
                input_.words,
                input_.characters,
                input_.sha256,
                input_.extractor,
                list(input_.flags),
                input_.fetched_at,
            )
            for input_ in inputs
        ],
    )


async def put_mentions(
    connection: Connection, story_id: str, listed_at: datetime, mentions: Sequence[ExportedMention]
) -> None:
    await unlink_story(connection, story_id)
    ids, saliences = [m.entity_id for m in mentions], [m.salience for m in mentions]
    await connection.execute(INSERT_MENTIONS, story_id, listed_at, ids, saliences)


async def put_verdict(connection: Connection, line: ExportedVerdict, assessment: Assessment) -> None:
    """`assessment`: the verdict without ids."""
    verdict = line.verdict
    await connection.execute(
        INSERT_VERDICT,
        verdict.id,
        verdict.story_id,
        verdict.version,
        verdict.reason,
        verdict.engine.name,
        verdict.engine.version,
        verdict.engine.digest,
        verdict.taxonomy_version,
        verdict.input_digest,
        verdict.text_sha256,
        msgspec.json.encode(assessment).decode(),
        verdict.created_at,
        msgspec.json.encode(line.rulings).decode(),
        encode_json(verdict).decode(),
    )


async def put_claim(connection: Connection, line: ExportedClaim) -> None:
    claim = line.claim
    await connection.execute(
        UPSERT_CLAIM,
        claim.id,
        claim.story_id,
        bytes.fromhex(line.sentence),
        claim.verdict_id,
        claim.source_id,
        line.current,
        claim.number,
        claim.role,
        claim.kind,
        claim.support,
        claim.verification,
        claim.risk,
        encode_json(claim).decode(),
        claim.created_at,
    )


async def put_appeal(connection: Connection, line: ExportedAppeal) -> None:
    """Requires the account `ELSEWHERE`."""
    appeal, reply = line.appeal, line.appeal.reply
    await connection.execute(
        UPSERT_APPEAL,
        appeal.id,
        ELSEWHERE,
        appeal.story_id,
        appeal.verdict_id,
        appeal.status,
        appeal.findings,
        msgspec.json.encode(appeal.passages).decode(),
        reply.text if reply else None,
        reply.by if reply else None,
        appeal.explanation,
        appeal.created_at,
        appeal.decided_at,
    )
    await connection.executemany(INSERT_RULING, [_ruling(ruling) for ruling in line.rulings])


async def put_event(connection: Connection, line: ExportedEvent) -> None:
    event = line.event
    await connection.execute(
        INSERT_EVENT,
        event.sequence,
        event.id,
        event.type,
        event.data.get("story_id"),
        encode_json(event.data).decode(),
        event.timestamp,
    )


async def put_hollow_story(connection: Connection, line: ExportedDeletion) -> None:
    """Add a placeholder for a story that was retracted before this import, unless the story exists."""
    first, at = line.verdict_ids[0], line.retracted_at
    await connection.execute(INSERT_HOLLOW_STORY, line.key, line.source_id, at, first)
    await connection.execute(INSERT_HOLLOW_VERDICTS, line.key, line.verdict_ids, at)
    await connection.execute(INSERT_HOLLOW_CLAIMS, line.key, line.claim_ids, first, line.source_id, at)


def _page(input_: ExportedInput) -> Page:
    return Page(
        title=input_.title,
        author=input_.author,
        author_organization=input_.author_organization,
        published_at=input_.published_at,
        language=input_.language,
        characters=input_.characters,
        long=input_.long,
        text=None,
    )


def _ruling(ruling: ExportedRuling) -> tuple[str, str, str, int, int]:
    return ruling.note, ruling.text_sha256, ruling.rule, ruling.start, ruling.end
