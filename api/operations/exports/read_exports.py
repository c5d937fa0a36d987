"""Reads the exports that may be served: those without stories retracted since."""

import asyncio
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from api.errors import Gone, NotFound
from api.operations.exports.export_files import list_exports
from api.runtime.runtime import Runtime
from api.storage.exports.exports import count_retractions
from schemas.exports import Export, ExportFile
from schemas.ids import is_id

NO_EXPORT = "There is no such export."
LATEST = "latest"


class StoredExport(Struct, kw_only=True, frozen=True):
    """`stale`: a story in the export may have been retracted since."""

    manifest: Export
    stale: bool


async def read_stored_exports(runtime: Runtime) -> list[StoredExport]:
    """All stored exports, newest first. Raises Unavailable."""
    folder = runtime.settings.exports_folder
    if folder is None:
        return []
    # files first: a retraction after this is counted
    found = await asyncio.to_thread(list_exports, folder)
    if not found:
        return []
    async with runtime.pool.connection() as connection:
        retracted = await count_retractions(connection)
    return [
        StoredExport(manifest=export, stale=export.counts.get("deletions", 0) < retracted) for export in found
    ]


async def read_exports(runtime: Runtime) -> list[Export]:
    """The exports that may be served, newest first."""
    return [stored.manifest for stored in await read_stored_exports(runtime) if not stored.stale]


async def read_export(runtime: Runtime, export_id: str) -> Export:
    """The export of this id, or the newest one for `LATEST`. Raises NotFound; Gone for a stale export."""
    if export_id == LATEST and (exports := await read_exports(runtime)):
        return exports[0]
    if is_id("exp", export_id):
        for stored in await read_stored_exports(runtime):
            if stored.manifest.id == export_id:
                if stored.stale:
                    raise Gone("A story was retracted after this export was made; take the newest one.")
                return stored.manifest
    raise NotFound(NO_EXPORT)


async def find_export_file(runtime: Runtime, export_id: str, name: str) -> tuple[Path, ExportFile, Export]:
    """The path and description of a file. Raises what `read_export` raises."""
    export = await read_export(runtime, export_id)
    folder = runtime.settings.exports_folder
    assert folder is not None, "there is an export in it"
    files = [*export.files, *(export.delta.files if export.delta else ())]
    for file in files:
        if file.name == name:
            return folder / export.id / name, file, export
    raise NotFound("The export has no such file.")


def with_urls(export: Export, base_url: str) -> Export:
    """The manifest as served: each file with its URL, which a stored one must not have."""
    address = f"{base_url}/v1/exports/{export.id}"

    def located(files: list[ExportFile]) -> list[ExportFile]:
        return [replace(file, url=f"{address}/{file.name}") for file in files]

    delta = export.delta and replace(export.delta, files=located(export.delta.files))
    return replace(export, files=located(export.files), delta=delta)
