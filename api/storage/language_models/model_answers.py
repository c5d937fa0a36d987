"""Answers of language models, before verification against the text; neither served nor exported.

An answer is stored once it is paid for, so that a job that is tried again does not ask again.
"""

from datetime import datetime

from msgspec import Struct

from api.proposals.requests import Call
from api.storage.database.pool import Connection

# The answer of a model to a request.
SELECT_ANSWER = """
SELECT request_digest, model, input_digest, call, part, prompt_digest, answer, recorded, prompt_tokens,
       completion_tokens, cost_micros, job_id, story_id, created_at
FROM model_answers WHERE request_digest = $1 AND model = $2
"""

# Locks the job of an answer against erasure; no row if it was erased or deleted.
LOCK_JOB = """
SELECT id FROM analysis_jobs WHERE id = $1 AND status <> 'erased' FOR SHARE
"""

# Stores an answer, unless one exists.
INSERT_ANSWER = """
INSERT INTO model_answers (request_digest, model, input_digest, call, part, prompt_digest, answer, recorded,
                           prompt_tokens, completion_tokens, cost_micros, job_id, story_id, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
ON CONFLICT DO NOTHING
"""

# Assigns the answers on an article to its story, unless it is retracted.
UPDATE_STORY = """
UPDATE model_answers SET story_id = $2
WHERE input_digest = $1 AND story_id IS NULL AND NOT EXISTS (SELECT FROM retractions WHERE story_id = $2)
"""

# Deletes the answers on a draft.
DELETE_OF_JOB = """
DELETE FROM model_answers WHERE job_id = $1
"""

# Deletes the answers on a story.
DELETE_OF_STORY = """
DELETE FROM model_answers WHERE story_id = $1
"""

# Deletes old answers without a story.
DELETE_UNPUBLISHED = """
DELETE FROM model_answers WHERE (request_digest, model) IN (
    SELECT request_digest, model FROM model_answers WHERE story_id IS NULL AND created_at < $1
    ORDER BY created_at LIMIT $2)
"""


class ModelAnswer(Struct, kw_only=True, frozen=True):
    """An answer as given, with its provenance.

    `request_digest` is that of a `ModelRequest`, `input_digest` names the article, `prompt_digest` the
    prompt's version. `part` counts the parts of the text from 0. `model` is the configured name. `recorded`:
    imported, this service called no model. Tokens and cost (millionths of the currency) are None if unknown.
    `job_id` is None if imported; `story_id` is None until publication.
    """

    request_digest: str
    model: str
    input_digest: str
    call: Call
    part: int
    prompt_digest: str
    answer: str
    recorded: bool
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    cost_micros: int | None = None
    job_id: str | None = None
    story_id: str | None = None
    created_at: datetime


async def get_answer(connection: Connection, request_digest: str, model: str) -> ModelAnswer | None:
    """None if there is no answer yet."""
    row = await connection.fetchrow(SELECT_ANSWER, request_digest, model)
    if row is None:
        return None
    return ModelAnswer(**dict(row) | {"call": Call(row["call"]), "answer": row["answer"].decode()})


async def put_answer(connection: Connection, answer: ModelAnswer) -> ModelAnswer:
    """The stored answer: this one, or an earlier one to the same request. Needs a transaction.

    Nothing is stored for an erased draft.
    """
    if answer.job_id is not None and await connection.fetchval(LOCK_JOB, answer.job_id) is None:
        return answer
    await connection.execute(
        INSERT_ANSWER,
        answer.request_digest,
        answer.model,
        answer.input_digest,
        answer.call.value,
        answer.part,
        answer.prompt_digest,
        answer.answer.encode(),
        answer.recorded,
        answer.prompt_tokens,
        answer.completion_tokens,
        answer.cost_micros,
        answer.job_id,
        answer.story_id,
        answer.created_at,
    )
    stored = await get_answer(connection, answer.request_digest, answer.model)
    return answer if stored is None else stored


async def keep_for_story(connection: Connection, input_digest: str, story_id: str) -> None:
    """Assign the answers on an article to a story, which the caller has locked; not to a retracted one."""
    await connection.execute(UPDATE_STORY, input_digest, story_id)


async def delete_of_job(connection: Connection, job_id: str) -> None:
    await connection.execute(DELETE_OF_JOB, job_id)


async def delete_of_story(connection: Connection, story_id: str) -> None:
    await connection.execute(DELETE_OF_STORY, story_id)


async def delete_unpublished(connection: Connection, before: datetime, most: int) -> None:
    """Delete at most `most` answers that are older than `before` and have no story."""
    await connection.execute(DELETE_UNPUBLISHED, before, most)
