"""What nothing names any more: texts that were read, and publishers that were met, to be forgotten.

A walk through the whole table, some rows at a time. What it finds it locks first, and looks again before it
deletes: whoever has come to name a row meanwhile held that lock before.
"""

from datetime import datetime

from api.storage.database.pool import Connection

# Where a walk stands; no row while another process is at it.
LOCK_POSITION = """
SELECT position FROM sweep_positions WHERE name = $1 FOR UPDATE SKIP LOCKED
"""

# Where it goes on.
UPDATE_POSITION = """
UPDATE sweep_positions SET position = $2 WHERE name = $1
"""

# The end of a stretch of inputs: the story of the last of so many; whole stories at a time.
SELECT_INPUTS_END = """
SELECT max(story_id) FROM (SELECT story_id FROM inputs WHERE story_id > $1 ORDER BY story_id LIMIT $2) AS stretch
"""

# Texts of a stretch that were first read before a moment, and that no story, verdict or ruling names.
LOCK_INPUTS = """
SELECT i.story_id, i.digest FROM inputs i
WHERE i.story_id > $1 AND i.story_id <= $2 AND i.fetched_at < $3
  AND NOT EXISTS (SELECT FROM stories s WHERE s.id = i.story_id AND s.input_digest = i.digest)
  AND NOT EXISTS (SELECT FROM verdicts v WHERE v.story_id = i.story_id AND v.input_digest = i.digest)
  AND NOT EXISTS (SELECT FROM rulings r WHERE r.text_sha256 = i.text_sha256)
FOR UPDATE OF i SKIP LOCKED
"""

# Those of them that are still unnamed.
DELETE_INPUTS = """
DELETE FROM inputs i USING unnest($1::text[], $2::text[]) AS w (story_id, digest)
WHERE i.story_id = w.story_id AND i.digest = w.digest
  AND NOT EXISTS (SELECT FROM stories s WHERE s.id = i.story_id AND s.input_digest = i.digest)
  AND NOT EXISTS (SELECT FROM verdicts v WHERE v.story_id = i.story_id AND v.input_digest = i.digest)
  AND NOT EXISTS (SELECT FROM rulings r WHERE r.text_sha256 = i.text_sha256)
RETURNING i.digest
"""

# The end of a stretch of sources.
SELECT_SOURCES_END = """
SELECT max(id) FROM (SELECT id FROM sources WHERE id > $1 ORDER BY id LIMIT $2) AS stretch
"""

# Publishers of a stretch that came with a page before a moment, of whom nobody has said anything, and who have
# neither stories nor feeds.
LOCK_SOURCES = """
SELECT o.id FROM sources o
WHERE o.id > $1 AND o.id <= $2 AND NOT o.known AND o.corrected_at IS NULL AND o.feeds = '{}' AND o.updated_at < $3
  AND NOT EXISTS (SELECT FROM stories s WHERE s.source_id = o.id)
  AND NOT EXISTS (SELECT FROM feeds f WHERE f.source_id = o.id)
ORDER BY o.id LIMIT $4 FOR UPDATE OF o SKIP LOCKED
"""

# Tells those who hold a copy that there is something new to be read.
UPDATE_SOURCES = """
UPDATE sources SET row_version = row_version + 1 WHERE id = ANY($1::text[])
"""

# Those of them that are still unnamed, also by the log: to look through it takes a second for a million events.
DELETE_SOURCES = """
DELETE FROM sources o WHERE o.id = ANY($1::text[])
  AND NOT EXISTS (SELECT FROM stories s WHERE s.source_id = o.id)
  AND NOT EXISTS (SELECT FROM feeds f WHERE f.source_id = o.id)
  AND NOT EXISTS (SELECT FROM claims c WHERE c.source_id = o.id)
  AND NOT EXISTS (SELECT FROM events e WHERE e.data ->> 'source_id' = o.id)
RETURNING o.id
"""


async def delete_unnamed_inputs(connection: Connection, before: datetime, limit: int) -> int:
    """Look at about the next `limit` texts, and forget those that were read before a moment. How many."""
    stretch = await _stretch(connection, "inputs", SELECT_INPUTS_END, limit)
    if stretch is None:
        return 0
    gone = []
    if found := await connection.fetch(LOCK_INPUTS, *stretch, before):
        names = [row["story_id"] for row in found], [row["digest"] for row in found]
        gone = await connection.fetch(DELETE_INPUTS, *names)
    await connection.execute(UPDATE_POSITION, "inputs", stretch[1])
    return len(gone)


async def delete_unnamed_sources(connection: Connection, before: datetime, limit: int, most: int) -> int:
    """Look at the next `limit` publishers, and forget at most `most` that were met before a moment. How many."""
    stretch = await _stretch(connection, "sources", SELECT_SOURCES_END, limit)
    if stretch is None:
        return 0
    gone = []
    if ids := [row["id"] for row in await connection.fetch(LOCK_SOURCES, *stretch, before, most)]:
        await connection.execute(UPDATE_SOURCES, ids)
        gone = await connection.fetch(DELETE_SOURCES, ids)
    await connection.execute(UPDATE_POSITION, "sources", ids[-1] if len(ids) == most else stretch[1])
    return len(gone)


async def _stretch(connection: Connection, name: str, select_end: str, limit: int) -> tuple[str, str] | None:
    """What is to be looked at next: beyond the first and up to the second; after the last row comes the first.

    None where there are no rows, or another process is at it.
    """
    position: str | None = await connection.fetchval(LOCK_POSITION, name)
    if position is None:
        return None
    for begin in dict.fromkeys((position, "")):
        if (end := await connection.fetchval(select_end, begin, limit)) is not None:
            return begin, end
    return None
