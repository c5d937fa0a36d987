"""Appeals against verdicts; the appellant's private data is only in `AppealCase`."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec
from msgspec import Struct

from api.storage.database.pool import Connection
from schemas.appeals import Appeal, AppealCase, Dismissal, Reply
from schemas.enums import AppealStatus, StoryStatus
from schemas.spans import Range

# A verdict's story and the story's current verdict.
SELECT_APPEALED = """
SELECT v.story_id, s.status, s.verdict_id AS current_id
FROM verdicts v JOIN stories s ON s.id = v.story_id WHERE v.id = $1
"""

# Locks an account against concurrent appeals.
LOCK_ACCOUNT = """
SELECT id FROM accounts WHERE id = $1 FOR NO KEY UPDATE
"""

# An account's undecided appeals.
COUNT_OPEN_APPEALS = """
SELECT count(*) FROM appeals WHERE account_id = $1 AND status = 'open'
"""

# Stores an appeal.
INSERT_APPEAL = """
INSERT INTO appeals (id, account_id, story_id, verdict_id, status, findings, passages, statement, reply, reply_by,
                     created_at)
VALUES ($1, $2, $3, $4, 'open', $5, $6, $7, $8, $9, $10)
"""

# One appeal.
SELECT_APPEAL = """
SELECT a.id, a.account_id, a.story_id, a.verdict_id, a.status, a.findings, a.passages, a.statement, a.reply,
       a.reply_by, a.reply_shown, a.explanation, a.created_at, a.decided_at,
       (SELECT json_agg(json_build_object('rule', r.rule, 'start', r.start_offset, 'end', r.end_offset)
                        ORDER BY r.start_offset, r.end_offset, r.rule)
        FROM rulings r WHERE r.appeal_id = a.id) AS dismissed
FROM appeals a WHERE a.id = $1
"""

# A page of appeals below an id, newest first, by account, story, verdict and status.
SELECT_APPEALS = """
SELECT a.id, a.account_id, a.story_id, a.verdict_id, a.status, a.findings, a.passages, a.statement, a.reply,
       a.reply_by, a.reply_shown, a.explanation, a.created_at, a.decided_at,
       (SELECT json_agg(json_build_object('rule', r.rule, 'start', r.start_offset, 'end', r.end_offset)
                        ORDER BY r.start_offset, r.end_offset, r.rule)
        FROM rulings r WHERE r.appeal_id = a.id) AS dismissed
FROM appeals a
WHERE ($1::text IS NULL OR a.account_id = $1)
  AND ($2::text IS NULL OR a.story_id = $2)
  AND ($3::text IS NULL OR a.verdict_id = $3)
  AND ($4::text IS NULL OR a.status = $4)
  AND ($5::text IS NULL OR a.id < $5)
ORDER BY a.id DESC LIMIT $6
"""

# Decides an open appeal.
UPDATE_DECIDED = """
UPDATE appeals
SET status = $2, explanation = $3, reply_shown = reply IS NOT NULL AND $4, decided_at = $5
WHERE id = $1 AND status = 'open'
RETURNING reply_shown
"""

# A story's published replies, oldest first.
SELECT_REPLIES = """
SELECT id, verdict_id, reply, reply_by, decided_at FROM appeals
WHERE story_id = $1 AND reply_shown ORDER BY decided_at, id
"""


class Appealed(Struct, kw_only=True, frozen=True):
    """The story of the appealed verdict, its status and its current verdict."""

    story_id: str
    status: StoryStatus
    current_id: str


class AppealFilter(Struct, kw_only=True, frozen=True):
    """Filters of a list; None does not filter."""

    account_id: str | None = None
    story_id: str | None = None
    verdict_id: str | None = None
    status: AppealStatus | None = None


async def get_appealed(connection: Connection, verdict_id: str) -> Appealed | None:
    row = await connection.fetchrow(SELECT_APPEALED, verdict_id)
    return None if row is None else Appealed(**dict(row) | {"status": StoryStatus(row["status"])})


async def count_open_appeals(connection: Connection, account_id: str) -> int:
    """Exact: the account cannot appeal until the transaction ends."""
    await connection.execute(LOCK_ACCOUNT, account_id)
    count: int = await connection.fetchval(COUNT_OPEN_APPEALS, account_id)
    return count


async def insert_appeal(
    connection: Connection,
    *,
    appeal_id: str,
    account_id: str,
    story_id: str,
    verdict_id: str,
    findings: Sequence[str],
    passages: Sequence[Range],
    statement: str,
    reply: str | None,
    reply_by: str | None,
    at: datetime,
) -> None:
    await connection.execute(
        INSERT_APPEAL,
        appeal_id,
        account_id,
        story_id,
        verdict_id,
        list(findings),
        msgspec.json.encode(passages).decode(),
        statement,
        reply,
        reply_by,
        at,
    )


async def get_case(connection: Connection, appeal_id: str) -> AppealCase | None:
    row = await connection.fetchrow(SELECT_APPEAL, appeal_id)
    return None if row is None else _case(row)


async def list_cases(
    connection: Connection, filter_: AppealFilter, *, below_id: str | None, limit: int
) -> list[AppealCase]:
    """At most `limit`, newest first."""
    rows = await connection.fetch(
        SELECT_APPEALS,
        filter_.account_id,
        filter_.story_id,
        filter_.verdict_id,
        filter_.status,
        below_id,
        limit,
    )
    return [_case(row) for row in rows]


async def close_appeal(
    connection: Connection,
    appeal_id: str,
    status: AppealStatus,
    *,
    explanation: str,
    show_reply: bool,
    at: datetime,
) -> bool | None:
    """Whether a reply is now published; None if the appeal was already decided."""
    shown: bool | None = await connection.fetchval(
        UPDATE_DECIDED, appeal_id, status.value, explanation, show_reply, at
    )
    return shown


async def list_replies(connection: Connection, story_id: str) -> list[Reply]:
    return [_reply(row) for row in await connection.fetch(SELECT_REPLIES, story_id)]


def public(case: AppealCase) -> Appeal:
    """The appeal without the appellant's private data."""
    return Appeal(**{name: getattr(case, name) for name in Appeal.__struct_fields__})


def _case(row: asyncpg.Record) -> AppealCase:
    dismissed = row["dismissed"]
    return AppealCase(
        id=row["id"],
        story_id=row["story_id"],
        verdict_id=row["verdict_id"],
        status=AppealStatus(row["status"]),
        passages=msgspec.json.decode(row["passages"], type=list[Range]),
        findings=row["findings"],
        dismissed=[] if dismissed is None else msgspec.json.decode(dismissed, type=list[Dismissal]),
        explanation=row["explanation"],
        reply=_reply(row) if row["reply_shown"] else None,
        created_at=row["created_at"],
        decided_at=row["decided_at"],
        account_id=row["account_id"],
        statement=row["statement"],
        proposed_reply=row["reply"],
        proposed_reply_by=row["reply_by"],
    )


def _reply(row: asyncpg.Record) -> Reply:
    return Reply(
        appeal_id=row["id"],
        verdict_id=row["verdict_id"],
        text=row["reply"],
        by=row["reply_by"],
        shown_since=row["decided_at"],
    )
