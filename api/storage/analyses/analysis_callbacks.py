"""Callbacks: the webhook endpoints that get the end of an analysis, whatever else they want."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from api.storage.database.pool import Connection

# Adds an endpoint to those that get an analysis's end; one that is among them stays so.
INSERT_CALLBACK = """
INSERT INTO analysis_callbacks (analysis_id, endpoint_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""

# Whether an account has this endpoint, and it is active.
SELECT_ACTIVE = """
SELECT id FROM webhook_endpoints WHERE id = $1 AND account_id = $2 AND status = 'active'
"""

# Who gets the ends of analyses.
SELECT_CALLBACKS = """
SELECT analysis_id, endpoint_id FROM analysis_callbacks WHERE analysis_id = ANY($1::text[])
"""


async def is_active(connection: Connection, endpoint_id: str, account_id: str) -> bool:
    """False also for another account's endpoint."""
    return await connection.fetchval(SELECT_ACTIVE, endpoint_id, account_id) is not None


async def add_callback(connection: Connection, analysis_id: str, endpoint_id: str) -> None:
    await connection.execute(INSERT_CALLBACK, analysis_id, endpoint_id)


async def list_callbacks(
    connection: Connection, analysis_ids: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """The endpoints by analysis; those that have none are missing."""
    if not analysis_ids:
        return {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in await connection.fetch(SELECT_CALLBACKS, list(analysis_ids)):
        found[row["analysis_id"]].add(row["endpoint_id"])
    return {analysis_id: frozenset(endpoints) for analysis_id, endpoints in found.items()}
