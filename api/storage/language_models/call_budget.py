"""The daily budget of calls to language models.

Before a call the most that it can cost is reserved, and after it the actual cost settled; what is spent and
reserved together never exceeds the limits. A call without an end, as of a killed worker, may have been charged:
after its time it counts in full.

The row of a day serialises its reservations, so each needs a short transaction of its own. Locks are taken in the
order of day and call, or of call and day without waiting for a call.
"""

from datetime import date, datetime

from msgspec import Struct

from api.storage.database.pool import Connection

# The row of a day.
INSERT_DAY = """
INSERT INTO model_budgets (day) VALUES ($1) ON CONFLICT DO NOTHING
"""

# Serialises the reservations of a day.
LOCK_DAY = """
SELECT day FROM model_budgets WHERE day = $1 FOR UPDATE
"""

# Whether a call has ended.
SELECT_HAS_ENDED = """
SELECT has_ended FROM model_calls WHERE id = $1
"""

# Reserves tokens and money for a call; no row if a limit would be exceeded. A null limit limits nothing.
INSERT_CALL = """
WITH reserved AS (
    UPDATE model_budgets SET tokens_reserved = tokens_reserved + $3, micros_reserved = micros_reserved + $4
    WHERE day = $2
      AND ($5::bigint IS NULL OR tokens_spent + tokens_reserved + $3 <= $5)
      AND ($6::bigint IS NULL OR micros_spent + micros_reserved + $4 <= $6)
    RETURNING day
)
INSERT INTO model_calls (id, day, tokens, micros, expires_at)
SELECT $1, r.day, $3, $4, $7 FROM reserved r
RETURNING id
"""

# Ends a call with its cost; null: with the most that it could cost. An ended one stays as it is.
UPDATE_SETTLED = """
WITH ended AS (
    UPDATE model_calls SET has_ended = true WHERE id = $1 AND NOT has_ended RETURNING day, tokens, micros
)
UPDATE model_budgets b
SET tokens_reserved = b.tokens_reserved - e.tokens, tokens_spent = b.tokens_spent + coalesce($2, e.tokens),
    micros_reserved = b.micros_reserved - e.micros, micros_spent = b.micros_spent + coalesce($3, e.micros)
FROM ended e WHERE b.day = e.day
"""

# Locks the days with open calls, in order, so that two processes do not wait for each other.
LOCK_OPEN_DAYS = """
SELECT day FROM model_budgets WHERE tokens_reserved > 0 OR micros_reserved > 0 ORDER BY day FOR UPDATE
"""

# Ends expired calls with the most that they could cost.
UPDATE_EXPIRED = """
WITH ended AS (
    UPDATE model_calls SET has_ended = true
    WHERE id IN (SELECT id FROM model_calls WHERE NOT has_ended AND expires_at < $1
                 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING day, tokens, micros
), sums AS (
    SELECT day, sum(tokens)::bigint AS tokens, sum(micros)::bigint AS micros FROM ended GROUP BY day
)
UPDATE model_budgets b
SET tokens_reserved = b.tokens_reserved - s.tokens, tokens_spent = b.tokens_spent + s.tokens,
    micros_reserved = b.micros_reserved - s.micros, micros_spent = b.micros_spent + s.micros
FROM sums s WHERE b.day = s.day
"""

# Deletes ended calls of earlier days; the sums of the days stay.
DELETE_OLD_CALLS = """
DELETE FROM model_calls WHERE id IN (
    SELECT id FROM model_calls WHERE day < $1 AND has_ended ORDER BY day LIMIT $2)
"""

# The sums of a day.
SELECT_DAY = """
SELECT tokens_spent, tokens_reserved, micros_spent, micros_reserved FROM model_budgets WHERE day = $1
"""


class Cost(Struct, kw_only=True, frozen=True):
    """Tokens of prompt and answer, and millionths of the currency of the prices, 0 without prices."""

    tokens: int
    micros: int


class DailyLimits(Struct, kw_only=True, frozen=True):
    """The most of a UTC day; None limits nothing."""

    tokens: int | None
    micros: int | None


class DailyUse(Struct, kw_only=True, frozen=True):
    """The cost of ended calls, and the most that open ones may add."""

    spent: Cost
    reserved: Cost


async def reserve(
    connection: Connection, call_id: str, *, day: date, most: Cost, limits: DailyLimits, expires_at: datetime
) -> bool:
    """Whether `most`, which a call can cost, fits into the day's limits; if so, it is reserved.

    An id names one call and is reserved once, also if given twice; another try of a request is another call.
    Raises ValueError for a call that has ended.
    """
    await connection.execute(INSERT_DAY, day)
    await connection.execute(LOCK_DAY, day)
    has_ended: bool | None = await connection.fetchval(SELECT_HAS_ENDED, call_id)
    if has_ended:
        raise ValueError("The call has ended: another one needs an id of its own.")
    if has_ended is not None:
        return True
    reserved = await connection.fetchval(
        INSERT_CALL, call_id, day, most.tokens, most.micros, limits.tokens, limits.micros, expires_at
    )
    return reserved is not None


async def settle(connection: Connection, call_id: str, cost: Cost | None) -> None:
    """End a call with its cost; None: with the most that it could cost. Repeats change nothing."""
    tokens, micros = (None, None) if cost is None else (cost.tokens, cost.micros)
    await connection.execute(UPDATE_SETTLED, call_id, tokens, micros)


async def settle_expired(connection: Connection, before: datetime, limit: int) -> None:
    """End at most `limit` calls that expired before a time, with the most that they could cost."""
    await connection.execute(LOCK_OPEN_DAYS)
    await connection.execute(UPDATE_EXPIRED, before, limit)


async def delete_old_calls(connection: Connection, before: date, limit: int) -> None:
    """Delete at most `limit` ended calls of days before `before`."""
    await connection.execute(DELETE_OLD_CALLS, before, limit)


async def read_day(connection: Connection, day: date) -> DailyUse:
    """Zeros for a day without calls."""
    row = await connection.fetchrow(SELECT_DAY, day)
    if row is None:
        row = dict.fromkeys(("tokens_spent", "tokens_reserved", "micros_spent", "micros_reserved"), 0)
    return DailyUse(
        spent=Cost(tokens=row["tokens_spent"], micros=row["micros_spent"]),
        reserved=Cost(tokens=row["tokens_reserved"], micros=row["micros_reserved"]),
    )
