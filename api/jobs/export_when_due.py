"""Periodic: an export of everything public, once a day, and at once after a retraction."""

import asyncio
from datetime import timedelta

import structlog

from api.operations.exports.export_files import remove_folder
from api.operations.exports.export_public import export_public
from api.operations.exports.read_exports import StoredExport, read_stored_exports
from api.runtime.runtime import Runtime
from schemas.exports import Export

log = structlog.get_logger(__name__)


async def export_when_due(runtime: Runtime) -> Export | None:
    """The export that was written; None where none is due, wanted, or another process writes one.

    Afterwards the oldest go, and those that show what was retracted. May run in many workers at once.
    """
    folder = runtime.settings.exports_folder
    if folder is None or not _is_due(runtime, await read_stored_exports(runtime)):
        return None
    export = await export_public(runtime, folder)
    if export is None:
        return None
    log.info("export_written", export=export.id, lines=sum(export.counts.values()))
    for place, held in enumerate(await read_stored_exports(runtime)):
        if held.stale or place >= runtime.settings.exports_kept:
            await asyncio.to_thread(remove_folder, folder, held.manifest.id)
    return export


def _is_due(runtime: Runtime, held: list[StoredExport]) -> bool:
    if not held or held[0].stale:
        return True
    every = timedelta(hours=runtime.settings.exports_every_hours)
    return held[0].manifest.created_at <= runtime.clock.now() - every
