"""A story's versions as bytes, newest first."""

from datetime import datetime

from msgspec import Struct

from api.operations.render_story import render_verdict
from api.operations.resolve_story import resolve_story
from api.operations.runtime import Runtime
from api.rendering.forms import Form
from api.storage.documents import list_verdict_bodies


class ListedVerdict(Struct, kw_only=True, frozen=True):
    """One version: its JSON, and what orders and dates it."""

    version: int
    created_at: datetime
    body: bytes


async def list_verdicts(
    runtime: Runtime, id_or_slug: str, *, below: int | None, limit: int
) -> list[ListedVerdict]:
    """At most `limit` versions below a number. Raises NotFound, Gone, Unavailable."""
    async with runtime.pool.connection() as connection:
        story_id = await resolve_story(connection, id_or_slug)
        rows = await list_verdict_bodies(
            connection, story_id, Form.JSON, runtime.renderer, below=below, limit=limit
        )
        return [
            ListedVerdict(
                version=row.version,
                created_at=row.created_at,
                body=row.body or (await render_verdict(connection, runtime, row.id)).body,
            )
            for row in rows
        ]
