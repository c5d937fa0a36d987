"""Periodic task: exports public data once a day, and at once after a retraction."""

import asyncio
from datetime import timedelta

import structlog

from api.operations.exports.export_files import remove_folder
from api.operations.exports.export_public import export_public
from api.operations.exports.read_exports import StoredExport, read_stored_exports
from api.runtime.runtime import Runtime
from api.storage.database.database_clock import read_times
from schemas.exports import Export

log = structlog.get_logger(__name__)


async def export_when_due(runtime: Runtime) -> Export | None:
    """The new export; returns None if none is due or configured, or another process is writing one.

    Nothing is written or deleted while this machine's clock and the database's differ: one from the future would
    delay all later ones. Then deletes old and stale exports. Several workers may run it at once.
    """
    folder = runtime.settings.exports_folder
    if folder is None or not _is_due(runtime, await read_stored_exports(runtime)):
        return None
    async with runtime.pool.connection() as connection:
        times = await read_times(connection)
    if times.differ_from(runtime.clock.now()):
        return None  # logged by `sweep`
    export = await export_public(runtime, folder)
    if export is None:
        return None
    log.info("export_written", export=export.id, lines=sum(export.counts.values()))
    for place, stored in enumerate(await read_stored_exports(runtime)):
        if stored.stale or place >= runtime.settings.exports_kept:
            await asyncio.to_thread(remove_folder, folder, stored.manifest.id)
    return export


def _is_due(runtime: Runtime, stored: list[StoredExport]) -> bool:
    if not stored or stored[0].stale:
        return True
    every = timedelta(hours=runtime.settings.exports_every_hours)
    return stored[0].manifest.created_at <= runtime.clock.now() - every
