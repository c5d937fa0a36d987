"""Writes all public data to files: a full export, and its differences from the previous one.

Every line starts with its key, and keys rise, so two exports are compared like sorted lists. Marking rows as
changed was the alternative; some code path would forget to. The cost is one read of everything a day. Verdicts
are exported as served, so that no quote exceeds the budget; an imported verdict keeps its bytes
(`verdicts.served`). An importer refuses differences that do not continue its own state, because clients use
event numbers as cursors.
"""

import asyncio
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import asyncpg

from api.operations.exports.export_files import (
    Parts,
    begin_folder,
    changed_lines,
    finish_folder,
    list_exports,
    read_lines,
)
from api.operations.exports.export_lines import export_lines
from api.runtime.runtime import Runtime
from api.storage.exports import exports
from api.storage.log import events
from schemas.assessments import EngineRef
from schemas.exports import EXPORTED, FORMAT, Export, ExportDelta, ExportFile


async def export_public(runtime: Runtime, parent: Path) -> Export | None:
    """Write an export of one database snapshot into a new folder; returns None if another is being written.

    It is compared with the newest export in `parent`. Raises Unavailable, OSError.
    """
    before = (await asyncio.to_thread(list_exports, parent))[:1]
    export_id, created_at = runtime.clock.new_id("exp"), runtime.clock.now()
    async with exports.snapshot(runtime.pool) as connection:
        if connection is None:
            return None
        folder = await asyncio.to_thread(begin_folder, parent, export_id)
        parts = {name: Parts(folder, "", name) for name in EXPORTED}
        async for name, lines in export_lines(connection, runtime):
            await asyncio.to_thread(parts[name].write, lines)
        bounds = await events.get_bounds(connection)
        makers = await connection.fetch(exports.SELECT_MAKERS)
        period = await connection.fetchrow(exports.SELECT_PERIOD)
        assert period is not None, "an aggregate has a row"
    for part in parts.values():
        await asyncio.to_thread(part.close)
    files = [file for part in parts.values() for file in part.files]
    delta = None
    if before:
        delta = await asyncio.to_thread(_write_delta, parent, before[0], folder, files)
    manifest = Export(
        id=export_id,
        format=FORMAT,
        created_at=created_at,
        origin=runtime.base_url,
        service_version=version("unspun"),
        license=runtime.site.license,
        engines=_engines(makers),
        taxonomy_versions=sorted({row["taxonomy_version"] for row in makers}),
        last_sequence=bounds.last,
        forgotten_sequence=bounds.forgotten,
        counts={name: sum(file.lines for file in parts[name].files) for name in EXPORTED},
        files=files,
        delta=delta,
        oldest_at=period["oldest_at"],
        newest_at=period["newest_at"],
    )
    await asyncio.to_thread(finish_folder, folder, manifest)
    return manifest


def _write_delta(parent: Path, before: Export, folder: Path, files: Sequence[ExportFile]) -> ExportDelta:
    written = []
    for name in EXPORTED:
        part = Parts(folder, "delta-", name)
        old, new = read_lines(parent / before.id, before.files, name), read_lines(folder, files, name)
        part.write(changed_lines(old, new))
        part.close()
        written += part.files
    return ExportDelta(since=before.id, files=written)


def _engines(rows: Sequence[asyncpg.Record]) -> list[EngineRef]:
    names = dict.fromkeys((row["engine_name"], row["engine_version"], row["engine_digest"]) for row in rows)
    return [EngineRef(name=name, version=number, digest=digest) for name, number, digest in names]
