"""Deletion of unreferenced texts and publishers.

It walks through the table in steps. Rows are locked and then checked again before deletion, because a new
reference requires the same lock.
"""

from datetime import datetime

from api.storage.database.pool import Connection

# The position of a walk; no row while another process runs it.
LOCK_POSITION = """
SELECT position FROM sweep_positions WHERE name = $1 FOR UPDATE SKIP LOCKED
"""

# Moves the position.
UPDATE_POSITION = """
UPDATE sweep_positions SET position = $2 WHERE name = $1
"""

# The end of the next step of inputs; a step contains whole stories.
SELECT_INPUTS_END = """
SELECT max(story_id) FROM (SELECT story_id FROM inputs WHERE story_id > $1 ORDER BY story_id LIMIT $2) AS stretch
"""

# Texts of a step that were first read before a time and that no story, verdict or ruling references.
LOCK_INPUTS = """
SELECT i.story_id, i.digest FROM inputs i
WHERE i.story_id > $1 AND i.story_id <= $2 AND i.fetched_at < $3
  AND NOT EXISTS (SELECT FROM stories s WHERE s.id = i.story_id AND s.input_digest = i.digest)
  AND NOT EXISTS (SELECT FROM verdicts v WHERE v.story_id = i.story_id AND v.input_digest = i.digest)
  AND NOT EXISTS (SELECT FROM rulings r WHERE r.text_sha256 = i.text_sha256)
FOR UPDATE OF i SKIP LOCKED
"""

# Deletes those that are still unreferenced.
DELETE_INPUTS = """
DELETE FROM inputs i USING unnest($1::text[], $2::text[]) AS w (story_id, digest)
WHERE i.story_id = w.story_id AND i.digest = w.digest
  AND NOT EXISTS (SELECT FROM stories s WHERE s.id = i.story_id AND s.input_digest = i.digest)
  AND NOT EXISTS (SELECT FROM verdicts v WHERE v.story_id = i.story_id AND v.input_digest = i.digest)
  AND NOT EXISTS (SELECT FROM rulings r WHERE r.text_sha256 = i.text_sha256)
RETURNING i.digest
"""

# The end of the next step of sources.
SELECT_SOURCES_END = """
SELECT max(id) FROM (SELECT id FROM sources WHERE id > $1 ORDER BY id LIMIT $2) AS stretch
"""

# Publishers of a step that came with a page before a time, without corrections, stories or feeds.
LOCK_SOURCES = """
SELECT o.id FROM sources o
WHERE o.id > $1 AND o.id <= $2 AND NOT o.known AND o.corrected_at IS NULL AND o.feeds = '{}' AND o.updated_at < $3
  AND NOT EXISTS (SELECT FROM stories s WHERE s.source_id = o.id)
  AND NOT EXISTS (SELECT FROM feeds f WHERE f.source_id = o.id)
ORDER BY o.id LIMIT $4 FOR UPDATE OF o SKIP LOCKED
"""

# Invalidates cached copies.
UPDATE_SOURCES = """
UPDATE sources SET row_version = row_version + 1 WHERE id = ANY($1::text[])
"""

# Deletes those that are still unreferenced, also in the event log, which takes a second per million events.
DELETE_SOURCES = """
DELETE FROM sources o WHERE o.id = ANY($1::text[])
  AND NOT EXISTS (SELECT FROM stories s WHERE s.source_id = o.id)
  AND NOT EXISTS (SELECT FROM feeds f WHERE f.source_id = o.id)
  AND NOT EXISTS (SELECT FROM claims c WHERE c.source_id = o.id)
  AND NOT EXISTS (SELECT FROM events e WHERE e.data ->> 'source_id' = o.id)
RETURNING o.id
"""


async def delete_unnamed_inputs(connection: Connection, before: datetime, limit: int) -> int:
    """Check about the next `limit` texts, delete unreferenced ones read before `before`, and return their
    number.
    """
    step = await _next_step(connection, "inputs", SELECT_INPUTS_END, limit)
    if step is None:
        return 0
    deleted = []
    if rows := await connection.fetch(LOCK_INPUTS, *step, before):
        names = [row["story_id"] for row in rows], [row["digest"] for row in rows]
        deleted = await connection.fetch(DELETE_INPUTS, *names)
    await connection.execute(UPDATE_POSITION, "inputs", step[1])
    return len(deleted)


async def delete_unnamed_sources(connection: Connection, before: datetime, limit: int, most: int) -> int:
    """Check the next `limit` publishers, delete at most `most` unreferenced ones older than `before`, and
    return their number.
    """
    step = await _next_step(connection, "sources", SELECT_SOURCES_END, limit)
    if step is None:
        return 0
    deleted = []
    if ids := [row["id"] for row in await connection.fetch(LOCK_SOURCES, *step, before, most)]:
        await connection.execute(UPDATE_SOURCES, ids)
        deleted = await connection.fetch(DELETE_SOURCES, ids)
    await connection.execute(UPDATE_POSITION, "sources", ids[-1] if len(ids) == most else step[1])
    return len(deleted)


async def _next_step(
    connection: Connection, name: str, select_end: str, limit: int
) -> tuple[str, str] | None:
    """The range (exclusive start, inclusive end) to check next; it wraps around at the end. None if the table
    is empty or another process runs the walk.
    """
    position: str | None = await connection.fetchval(LOCK_POSITION, name)
    if position is None:
        return None
    for start in dict.fromkeys((position, "")):
        if (end := await connection.fetchval(select_end, start, limit)) is not None:
            return start, end
    return None
