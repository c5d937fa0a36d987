"""The content of an export, read from one snapshot, a few hundred rows at a time, ordered by key."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

import asyncpg

from api.storage.database.pool import Connection, Pool

# Locks exports until the transaction ends; false if another runs.
TRY_LOCK_EXPORT = """
SELECT pg_try_advisory_xact_lock(hashtext('unspun export'))
"""

# The number of retractions; an export with fewer deletions contains a retracted story.
COUNT_RETRACTIONS = """
SELECT count(*) FROM retractions
"""

# The engines and taxonomies of all served verdicts.
SELECT_MAKERS = """
SELECT DISTINCT v.engine_name, v.engine_version, v.engine_digest, v.taxonomy_version
FROM verdicts v JOIN stories s ON s.id = v.story_id WHERE s.status <> 'retracted'
ORDER BY v.engine_name, v.engine_version, v.engine_digest, v.taxonomy_version
"""

# The times of the oldest and newest served story.
SELECT_PERIOD = """
SELECT min(listed_at) AS oldest_at, max(listed_at) AS newest_at FROM stories WHERE status <> 'retracted'
"""

# All sources, without the permission for language models, which each service gives by itself.
SELECT_SOURCES = """
SELECT s.id, s.slug, s.name, s.type, s.feeds, s.ownership, s.known, s.corrected_at, s.created_at, s.updated_at,
       s.row_version, NULL AS model_use,
       ARRAY(SELECT d.domain FROM source_domains d WHERE d.source_id = s.id ORDER BY d.position) AS domains
FROM sources s ORDER BY s.id
"""

# All entities.
SELECT_ENTITIES = """
SELECT id, type, name, created_at FROM entities ORDER BY id
"""

# All served stories.
SELECT_STORIES = """
SELECT id, slug, url, canonical_hint_key, source_id, source_type, source_domain, status, title, author,
       author_organization, published_at, listed_at, language, vertical, categories, input_digest, verdict_id,
       version, row_version, checked_at, created_at, updated_at, primary_type, secondary_type, tactic, score,
       band, stance, evidence_strength, satire, happening, second_opinion, deck
FROM stories WHERE status <> 'retracted' ORDER BY id
"""

# The aliases of stories.
SELECT_ALIASES = """
SELECT story_id, url, kind, created_at FROM story_aliases WHERE story_id = ANY ($1)
ORDER BY story_id, created_at, key
"""

# The inputs of stories.
SELECT_INPUTS = """
SELECT story_id, kind, words, characters, text_sha256, digest, fetched_at, extractor, flags, article, page
FROM inputs WHERE story_id = ANY ($1) ORDER BY story_id, fetched_at, digest
"""

# The entities of stories.
SELECT_MENTIONS = """
SELECT story_id, entity_id, salience FROM story_entities WHERE story_id = ANY ($1)
ORDER BY story_id, salience DESC, entity_id
"""

# The verdicts of stories, with their rendered JSON if it is current.
SELECT_VERDICTS = """
SELECT v.id, v.story_id, v.version, v.rulings, d.body
FROM verdicts v
JOIN stories s ON s.id = v.story_id
JOIN sources o ON o.id = s.source_id
LEFT JOIN documents d ON d.object_id = v.id AND d.form = 'json' AND d.renderer = $2
                         AND d.object_version >= v.version * 1000000::bigint + o.row_version
WHERE v.story_id = ANY ($1) ORDER BY v.story_id, v.version
"""

# All claims of stories, from all versions.
SELECT_CLAIMS = """
SELECT id, story_id, sentence_key, current, body FROM claims WHERE story_id = ANY ($1) ORDER BY story_id, id
"""

# The ids of appeals on served stories.
SELECT_APPEALS = """
SELECT a.id FROM appeals a JOIN stories s ON s.id = a.story_id WHERE s.status <> 'retracted' ORDER BY a.id
"""

# The rulings of an appeal.
SELECT_RULINGS_OF_APPEAL = """
SELECT appeal_id, text_sha256, rule, start_offset, end_offset FROM rulings WHERE appeal_id = $1
ORDER BY start_offset, end_offset, rule
"""

# All public events; for a retracted story, only its retraction.
SELECT_EVENTS = """
SELECT e.sequence, e.id, e.type, e.account_id, e.data, e.created_at
FROM events e LEFT JOIN stories s ON s.id = e.story_id
WHERE e.account_id IS NULL
  AND (s.status IS DISTINCT FROM 'retracted' OR e.type NOT IN ('story.published', 'verdict.revised'))
ORDER BY e.sequence
"""

# All retractions, with the ids of their objects.
SELECT_DELETIONS = """
SELECT r.story_id, r.reason, r.statement, r.retracted_at, s.source_id,
       ARRAY(SELECT v.id FROM verdicts v WHERE v.story_id = r.story_id ORDER BY v.version) AS verdict_ids,
       ARRAY(SELECT c.id FROM claims c WHERE c.story_id = r.story_id ORDER BY c.id) AS claim_ids
FROM retractions r JOIN stories s ON s.id = r.story_id ORDER BY r.story_id
"""

_ROWS: Final = 200  # per fetch


@asynccontextmanager
async def snapshot(pool: Pool) -> AsyncIterator[Connection | None]:
    """A connection with a fixed snapshot; None if another export runs."""
    async with pool.connection() as connection, connection.transaction(isolation="repeatable_read"):
        yield connection if await connection.fetchval(TRY_LOCK_EXPORT) else None


async def batches(
    connection: Connection, query: str, *values: object
) -> AsyncIterator[Sequence[asyncpg.Record]]:
    """The rows of a statement above, in batches."""
    cursor = await connection.cursor(query, *values)
    while rows := await cursor.fetch(_ROWS):
        yield rows


async def count_retractions(connection: Connection) -> int:
    count: int = await connection.fetchval(COUNT_RETRACTIONS)
    return count
