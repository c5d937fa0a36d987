"""Claims, with stable ids by normalised sentence; `body` is the public JSON."""

from collections.abc import Sequence
from datetime import datetime

import asyncpg
import msgspec
from msgspec import Raw, Struct

from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from schemas.claims import Claim, SingleClaim
from schemas.enums import ClaimKind, ClaimSupport, HappeningKind, Risk, StoryStatus, Verification
from schemas.wire import encode_json

# One claim with its story's status; for an outdated claim, when it was superseded and the current verdict.
SELECT_CLAIM = """
SELECT c.story_id, c.body, CASE WHEN c.current THEN v.created_at ELSE n.created_at END AS changed_at, s.status,
       CASE WHEN NOT c.current THEN s.verdict_id END AS superseded_by
FROM claims c
JOIN verdicts v ON v.id = c.verdict_id
JOIN stories s ON s.id = c.story_id
JOIN verdicts n ON n.id = s.verdict_id
WHERE c.id = $1
"""

# A page of current claims, newest first, after a (listed_at, id) position.
SELECT_CLAIMS = """
SELECT c.id, c.listed_at, c.body, v.created_at AS changed_at
FROM claims_matching($1, $2, $3, $4, $5, $6, $7, $8) c JOIN verdicts v ON v.id = c.verdict_id
WHERE $9::timestamptz IS NULL OR (c.listed_at, c.id) < ($9, $10::text)
ORDER BY c.listed_at DESC, c.id DESC LIMIT $11
"""

# Matching current claims, counted up to a limit.
COUNT_CLAIMS = """
SELECT count(*) FROM (SELECT FROM claims_matching($1, $2, $3, $4, $5, $6, $7, $8) LIMIT $9) AS found
"""

# The current claims of stories, by weight.
SELECT_CLAIMS_OF_STORIES = """
SELECT story_id, body FROM claims WHERE story_id = ANY ($1) AND current ORDER BY story_id, number
"""

# A story's current claims by weight, after a number.
SELECT_CLAIMS_OF_STORY = """
SELECT c.number, c.body, v.created_at AS changed_at
FROM claims c JOIN verdicts v ON v.id = c.verdict_id
WHERE c.story_id = $1 AND c.current AND c.number > $2 ORDER BY c.number LIMIT $3
"""

# The ids and creation times of all claims of a story, by sentence.
SELECT_CLAIM_IDS = """
SELECT sentence_key, id, created_at FROM claims WHERE story_id = $1
"""

# Marks a story's claims as outdated, before the new version's are written.
RETIRE_CLAIMS = """
UPDATE claims SET current = false WHERE story_id = $1 AND current
"""

# Writes a claim of the current version, which is stored before.
UPSERT_CLAIM = """
INSERT INTO claims (id, story_id, sentence_key, verdict_id, source_id, current, number, role, kind, support,
                    verification, risk, body, listed_at, created_at, happening)
VALUES ($1, $2, $3, $4, $5, true, $6, $7, $8, $9, $10, $11, $12, $13, $14,
        (SELECT happening FROM verdicts WHERE id = $4))
ON CONFLICT (story_id, sentence_key) DO UPDATE
SET verdict_id = excluded.verdict_id, source_id = excluded.source_id, current = true,
    number = excluded.number, role = excluded.role, kind = excluded.kind, support = excluded.support,
    verification = excluded.verification, risk = excluded.risk, body = excluded.body,
    listed_at = excluded.listed_at, happening = excluded.happening
"""


class ClaimFilter(Struct, kw_only=True, frozen=True):
    """Filters of a list; None does not filter. `source` and `story` are ids; `q` contains words of the claim.

    The fields are in the order of `claims_matching`'s parameters.
    """

    kind: ClaimKind | None = None
    support: ClaimSupport | None = None
    verification: Verification | None = None
    risk: Risk | None = None
    source: str | None = None
    story: str | None = None
    q: str | None = None
    happening: HappeningKind | None = None

    def values(self) -> tuple[str | None, ...]:
        """Arguments $1 to $8 of every statement with these filters."""
        return tuple(getattr(self, name) for name in self.__struct_fields__)


class StoredClaim(Struct, kw_only=True, frozen=True):
    """A claim's JSON, its last change, its story's status, and the verdict that superseded it, if any.

    The JSON is empty for an imported story that was retracted elsewhere.
    """

    story_id: str
    body: bytes
    changed_at: datetime
    status: StoryStatus
    superseded_by: str | None

    def claim(self) -> SingleClaim:
        """The claim of a served story."""
        claim = msgspec.json.decode(self.body, type=Claim)
        fields = {name: getattr(claim, name) for name in claim.__struct_fields__}
        return SingleClaim(**fields, superseded_by=self.superseded_by)


async def get_claim(connection: Connection, claim_id: str) -> StoredClaim | None:
    row = await connection.fetchrow(SELECT_CLAIM, claim_id)
    if row is None:
        return None
    return StoredClaim(
        story_id=row["story_id"],
        body=row["body"].encode(),
        changed_at=row["changed_at"],
        status=StoryStatus(row["status"]),
        superseded_by=row["superseded_by"],
    )


async def list_claims(
    connection: Connection, filter_: ClaimFilter, *, after: tuple[datetime, str] | None, limit: int
) -> list[Listed]:
    """At most `limit` claims, newest first, after a (listed_at, id) position."""
    listed_at, claim_id = after or (None, None)
    return [
        _listed((row["listed_at"], row["id"]), row)
        for row in await connection.fetch(SELECT_CLAIMS, *filter_.values(), listed_at, claim_id, limit)
    ]


async def count_claims(connection: Connection, filter_: ClaimFilter, limit: int) -> int:
    """At most `limit`, to bound the cost."""
    count: int = await connection.fetchval(COUNT_CLAIMS, *filter_.values(), limit)
    return count


async def list_story_claims(connection: Connection, story_id: str, *, after: int, limit: int) -> list[Listed]:
    """At most `limit` of a story's current claims, most central first, after number `after`."""
    return [
        _listed(row["number"], row)
        for row in await connection.fetch(SELECT_CLAIMS_OF_STORY, story_id, after, limit)
    ]


async def get_claims_of_stories(connection: Connection, story_ids: list[str]) -> dict[str, list[Raw]]:
    """The current claims of each story as JSON, without empty entries."""
    claims: dict[str, list[Raw]] = {}
    for row in await connection.fetch(SELECT_CLAIMS_OF_STORIES, story_ids):
        claims.setdefault(row["story_id"], []).append(Raw(row["body"].encode()))
    return claims


async def list_claim_ids(connection: Connection, story_id: str) -> dict[bytes, tuple[str, datetime]]:
    """Id and creation time of each claim, by sentence key."""
    rows = await connection.fetch(SELECT_CLAIM_IDS, story_id)
    return {row["sentence_key"]: (row["id"], row["created_at"]) for row in rows}


async def retire_claims(connection: Connection, story_id: str) -> None:
    """Remove the story's claims from lists; each stays available by id."""
    await connection.execute(RETIRE_CLAIMS, story_id)


async def replace_claims(
    connection: Connection, story_id: str, listed_at: datetime, claims: Sequence[tuple[bytes, Claim]]
) -> None:
    """Set the story's current claims, each with its sentence key."""
    await retire_claims(connection, story_id)
    await connection.executemany(
        UPSERT_CLAIM,
        [
            (
                claim.id,
                story_id,
                key,
                claim.verdict_id,
                claim.source_id,
                claim.number,
                claim.role,
                claim.kind,
                claim.support,
                claim.verification,
                claim.risk,
                encode_json(claim).decode(),
                listed_at,
                claim.created_at,
            )
            for key, claim in claims
        ],
    )


def _listed(key: tuple[datetime, str] | int, row: asyncpg.Record) -> Listed:
    return Listed(key=key, shown=Raw(row["body"].encode()), changed_at=row["changed_at"])
