"""What engines proposed of articles, before it was checked against the text. Never served, never exported."""

from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# The proposal for an article, if the engine was asked already.
SELECT_PROPOSAL = """
SELECT proposal FROM proposals WHERE input_digest = $1 AND engine = $2 AND prompt = $3
"""

# Keeps a proposal; of two the first.
INSERT_PROPOSAL = """
INSERT INTO proposals (input_digest, engine, prompt, job_id, proposal, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
"""

# The proposals for an article become those of the story that was published from it.
UPDATE_STORY = """
UPDATE proposals SET story_id = $2 WHERE input_digest = $1 AND story_id IS NULL
"""

# Forgets what was proposed of a draft.
DELETE_OF_JOB = """
DELETE FROM proposals WHERE job_id = $1
"""

# Forgets what was proposed of a story.
DELETE_OF_STORY = """
DELETE FROM proposals WHERE story_id = $1
"""

# Forgets what no story was published from.
DELETE_UNPUBLISHED = """
DELETE FROM proposals WHERE (input_digest, engine, prompt) IN (
    SELECT input_digest, engine, prompt FROM proposals WHERE story_id IS NULL AND created_at < $1
    ORDER BY created_at LIMIT $2)
"""


class ProposalKey(Struct, kw_only=True, frozen=True):
    """Of which article, by which engine, in answer to what."""

    input_digest: str
    engine: str
    prompt: str


async def get_proposal(connection: Connection, key: ProposalKey) -> bytes | None:
    """None if the engine was not asked yet."""
    found: bytes | None = await connection.fetchval(SELECT_PROPOSAL, key.input_digest, key.engine, key.prompt)
    return found


async def put_proposal(
    connection: Connection, key: ProposalKey, job_id: str, proposal: bytes, at: datetime
) -> bytes:
    """The proposal that counts: this one, or one that was stored before."""
    await connection.execute(INSERT_PROPOSAL, key.input_digest, key.engine, key.prompt, job_id, proposal, at)
    kept = await get_proposal(connection, key)
    return proposal if kept is None else kept


async def keep_for_story(connection: Connection, input_digest: str, story_id: str) -> None:
    """The proposals for an article now belong to a story."""
    await connection.execute(UPDATE_STORY, input_digest, story_id)


async def delete_of_job(connection: Connection, job_id: str) -> None:
    """Those of a draft."""
    await connection.execute(DELETE_OF_JOB, job_id)


async def delete_of_story(connection: Connection, story_id: str) -> None:
    """Those of a story."""
    await connection.execute(DELETE_OF_STORY, story_id)


async def delete_unpublished(connection: Connection, before: datetime, most: int) -> None:
    """At most so many that are older than `before` and belong to no story."""
    await connection.execute(DELETE_UNPUBLISHED, before, most)
