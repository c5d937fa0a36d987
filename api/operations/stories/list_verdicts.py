"""Lists verdicts as JSON bytes: a story's versions, or all verdicts, newest first."""

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Raw

from api.operations.stories.render_story import render_verdict
from api.operations.stories.resolve_story import resolve_story
from api.rendering.forms import Form
from api.runtime.runtime import Runtime
from api.storage.database.list_item import Listed
from api.storage.database.pool import Connection
from api.storage.stories import verdicts
from api.storage.stories.verdicts import VerdictBody, VerdictFilter


async def list_story_verdicts(
    connection: Connection, runtime: Runtime, id_or_slug: str, *, below: int | None, limit: int
) -> list[Listed]:
    """At most `limit` versions below a number. Raises NotFound, Gone."""
    story_id = await resolve_story(connection, id_or_slug)
    rows = await verdicts.list_story_verdicts(
        connection, story_id, Form.JSON, runtime.renderer, below=below, limit=limit
    )
    return await _listed(connection, runtime, rows, lambda row: row.version)


async def list_verdicts(
    connection: Connection, runtime: Runtime, where: VerdictFilter, *, after: str | None, limit: int
) -> list[Listed]:
    """At most `limit` verdicts of all stories after an id."""
    rows = await verdicts.list_verdicts(
        connection, where, Form.JSON, runtime.renderer, after=after, limit=limit
    )
    return await _listed(connection, runtime, rows, lambda row: row.id)


async def get_verdicts(connection: Connection, runtime: Runtime, verdict_ids: list[str]) -> dict[str, Raw]:
    """The JSON of these verdicts by id; missing ones are left out."""
    rows = await verdicts.list_verdicts_of_ids(connection, verdict_ids, Form.JSON, runtime.renderer)
    listed = await _listed(connection, runtime, rows, lambda row: row.id)
    return {verdict.key: verdict.shown for verdict in listed}  # type: ignore[misc]  # Form.JSON, as made below


async def _listed(
    connection: Connection, runtime: Runtime, rows: Sequence[VerdictBody], key: Callable[[VerdictBody], Any]
) -> list[Listed]:
    """List entries with JSON; a verdict that this renderer has not rendered yet is rendered."""
    return [
        Listed(
            key=key(row),
            shown=Raw(row.body or (await render_verdict(connection, runtime, row.id)).body),
            changed_at=row.created_at,
        )
        for row in rows
    ]
