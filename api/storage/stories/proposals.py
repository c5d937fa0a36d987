"""Engines' proposals for articles, before verification against the text; neither served nor exported."""

import hashlib
from datetime import datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# The stored proposal for an article.
SELECT_PROPOSAL = """
SELECT proposal FROM proposals WHERE input_digest = $1 AND engine = $2 AND prompt = $3
"""

# The newest proposal of an engine for an article.
SELECT_NEWEST = """
SELECT proposal FROM proposals WHERE input_digest = $1 AND engine = $2 ORDER BY created_at DESC, prompt LIMIT 1
"""

# Stories after an id with a proposal of an engine, if their text is stored and no job judges it.
SELECT_STORIES = """
SELECT s.id
FROM stories s
JOIN inputs i ON i.story_id = s.id AND i.digest = s.input_digest
WHERE s.id > $1 AND s.status = 'scored' AND i.article IS NOT NULL
  AND EXISTS (SELECT FROM proposals p WHERE p.story_id = s.id AND p.engine = $2)
  AND NOT EXISTS (SELECT FROM analysis_jobs j
                  WHERE j.story_id = s.id AND j.kind = 'stored' AND j.status IN ('queued', 'running'))
ORDER BY s.id LIMIT $3
"""

# Stores a proposal, unless one exists.
INSERT_PROPOSAL = """
INSERT INTO proposals (input_digest, engine, prompt, job_id, proposal, created_at) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT DO NOTHING
"""

# Assigns an article's proposals to its story.
UPDATE_STORY = """
UPDATE proposals SET story_id = $2 WHERE input_digest = $1 AND story_id IS NULL
"""

# Deletes a draft's proposals.
DELETE_OF_JOB = """
DELETE FROM proposals WHERE job_id = $1
"""

# Deletes a story's proposals.
DELETE_OF_STORY = """
DELETE FROM proposals WHERE story_id = $1
"""

# Deletes old proposals without a story.
DELETE_UNPUBLISHED = """
DELETE FROM proposals WHERE (input_digest, engine, prompt) IN (
    SELECT input_digest, engine, prompt FROM proposals WHERE story_id IS NULL AND created_at < $1
    ORDER BY created_at LIMIT $2)
"""


class ProposalKey(Struct, kw_only=True, frozen=True):
    """Article, engine and prompt."""

    input_digest: str
    engine: str
    prompt: str


def proposal_key(input_digest: str, engine: str, proposal: bytes) -> ProposalKey:
    """The key of answers that are found again by their own digest (`ModelUse.proposal`)."""
    return ProposalKey(input_digest=input_digest, engine=engine, prompt=hashlib.sha256(proposal).hexdigest())


async def get_proposal(connection: Connection, key: ProposalKey) -> bytes | None:
    """None if there is no proposal yet."""
    proposal: bytes | None = await connection.fetchval(
        SELECT_PROPOSAL, key.input_digest, key.engine, key.prompt
    )
    return proposal


async def find_proposal(connection: Connection, input_digest: str, engine: str) -> bytes | None:
    """The newest proposal by any prompt; None if there is none."""
    proposal: bytes | None = await connection.fetchval(SELECT_NEWEST, input_digest, engine)
    return proposal


async def list_stories_with_proposal(
    connection: Connection, engine: str, *, after: str, limit: int
) -> list[str]:
    """Ids of stories to judge again, after an id."""
    return [row["id"] for row in await connection.fetch(SELECT_STORIES, after, engine, limit)]


async def put_proposal(
    connection: Connection, key: ProposalKey, job_id: str, proposal: bytes, at: datetime
) -> bytes:
    """The stored proposal: this one, or an earlier one."""
    await connection.execute(INSERT_PROPOSAL, key.input_digest, key.engine, key.prompt, job_id, proposal, at)
    stored = await get_proposal(connection, key)
    return proposal if stored is None else stored


async def keep_for_story(connection: Connection, input_digest: str, story_id: str) -> None:
    """Assign an article's proposals to a story."""
    await connection.execute(UPDATE_STORY, input_digest, story_id)


async def delete_of_job(connection: Connection, job_id: str) -> None:
    await connection.execute(DELETE_OF_JOB, job_id)


async def delete_of_story(connection: Connection, story_id: str) -> None:
    await connection.execute(DELETE_OF_STORY, story_id)


async def delete_unpublished(connection: Connection, before: datetime, most: int) -> None:
    """Delete at most `most` proposals that are older than `before` and have no story."""
    await connection.execute(DELETE_UNPUBLISHED, before, most)
