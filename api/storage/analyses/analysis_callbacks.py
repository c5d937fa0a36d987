"""Callbacks: webhook endpoints that receive the end of an analysis regardless of their event types."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from api.storage.database.pool import Connection

# Adds an endpoint, if it is missing.
INSERT_CALLBACK = """
INSERT INTO analysis_callbacks (analysis_id, endpoint_id) VALUES ($1, $2) ON CONFLICT DO NOTHING
"""

# Whether the account's endpoint is active.
SELECT_ACTIVE = """
SELECT id FROM webhook_endpoints WHERE id = $1 AND account_id = $2 AND status = 'active'
"""

# The endpoints of analyses.
SELECT_CALLBACKS = """
SELECT analysis_id, endpoint_id FROM analysis_callbacks WHERE analysis_id = ANY($1::text[])
"""


async def is_active(connection: Connection, endpoint_id: str, account_id: str) -> bool:
    """Also False for another account's endpoint."""
    return await connection.fetchval(SELECT_ACTIVE, endpoint_id, account_id) is not None


async def add_callback(connection: Connection, analysis_id: str, endpoint_id: str) -> None:
    await connection.execute(INSERT_CALLBACK, analysis_id, endpoint_id)


async def list_callbacks(
    connection: Connection, analysis_ids: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Endpoints by analysis, without empty entries."""
    if not analysis_ids:
        return {}
    endpoints: defaultdict[str, set[str]] = defaultdict(set)
    for row in await connection.fetch(SELECT_CALLBACKS, list(analysis_ids)):
        endpoints[row["analysis_id"]].add(row["endpoint_id"])
    return {analysis_id: frozenset(ids) for analysis_id, ids in endpoints.items()}
