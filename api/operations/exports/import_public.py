"""Imports an export: it is checked first, then written in steps that can be interrupted and resumed."""

from collections.abc import Callable, Iterator, Sequence
from heapq import merge
from itertools import groupby, islice
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from api.cache.documents import forget_cached
from api.operations.exports.export_files import (
    ExportRefused,
    check_files,
    decode_line,
    read_lines,
    read_manifest,
)
from api.rendering.forms import OBJECT_FORMS
from api.rendering.verdicts import entity_key
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.exports import imports
from api.storage.exports.imports import ELSEWHERE, ImportState
from api.storage.keys.accounts import insert_account
from api.storage.stories import retractions
from api.storage.stories.story_search import refresh_search
from api.web.urls import url_key
from schemas.assessments import Assessment, EntityMention
from schemas.assessments import Claim as AssessedClaim
from schemas.exports import (
    Export,
    ExportedAppeal,
    ExportedClaim,
    ExportedDeletion,
    ExportedEntity,
    ExportedEvent,
    ExportedSource,
    ExportedStory,
    ExportedVerdict,
    ExportFile,
    ExportLine,
)
from schemas.retractions import Tombstone
from schemas.verdicts import Verdict

STEP: Final = 100  # lines or whole stories in one transaction
# Read in this order.
_STAGES: Final = ("sources", "entities", "stories", "appeals", "deletions", "events")

_OWN_EVENTS: Final = (
    "This service has written its own events since its last import, so it cannot import again."
)


class Imported(NamedTuple):
    """`stories` is the number written. `complete`: the export had been imported before."""

    manifest: Export
    since: str | None
    stories: int
    complete: bool


async def import_public(
    runtime: Runtime, folder: Path, report: Callable[[str, int], None] = lambda name, done: None
) -> Imported:
    """Bring this database to the state of the export in `folder`. `report` gets the progress.

    A database without public data reads the whole export; a copy of the same origin reads only the differences
    if they continue its last import. Raises ExportRefused, before anything is written if the files do not match
    the manifest.
    """
    manifest, digest = read_manifest(folder)
    state = await _begin(runtime, manifest, digest)
    if state.finished_at is not None:
        return Imported(manifest, state.since, 0, True)
    files = _files(manifest, state)
    check_files(folder, files)
    stories = 0
    for stage in range(state.stage, len(_STAGES)):
        name, position = _STAGES[stage], state.position if stage == state.stage else ""
        done = 0
        for step in _steps(folder, files, name, position):
            state = await _write(runtime, state, stage, step)
            done += len(step)
            report(name, done)
        stories += done if name == "stories" else 0
    async with runtime.pool.transaction() as connection:
        await _check_log(connection, state)
        await imports.finish_import(connection, state, runtime.clock.now())
    return Imported(manifest, state.since, stories, False)


async def _begin(runtime: Runtime, manifest: Export, digest: str) -> ImportState:
    """The import to start or resume. Raises ExportRefused if this database cannot take it."""
    async with runtime.pool.transaction() as connection:
        last = await imports.lock_log(connection)
        latest = await imports.get_latest_import(connection)
        if latest is not None and latest.export_id == manifest.id:
            if latest.manifest_sha256 != digest:
                raise ExportRefused(
                    f"The manifest is not the one with which the import of {manifest.id} began."
                )
            return latest
        since = _since(manifest, latest, last, empty=await imports.is_empty(connection))
        state = ImportState(
            export_id=manifest.id,
            origin=manifest.origin,
            manifest_sha256=digest,
            since=since,
            stage=0,
            position="",
            base_sequence=last,
            last_sequence=manifest.last_sequence,
            finished_at=None,
        )
        await imports.begin_import(connection, state, runtime.clock.now())
        return state


def _since(manifest: Export, latest: ImportState | None, last: int, *, empty: bool) -> str | None:
    """The export that the differences continue; returns None if everything must be read."""
    if latest is None:
        if not empty or last:
            raise ExportRefused(
                "This database has stories, sources or events of its own. An export is read into one that was "
                "migrated and not seeded, or into a copy of the same origin."
            )
        return None
    if latest.origin != manifest.origin:
        raise ExportRefused(
            f"This database is a copy of {latest.origin}, the export is of {manifest.origin}."
        )
    if latest.export_id > manifest.id:
        raise ExportRefused(f"The export {manifest.id} is older than {latest.export_id}, which is imported.")
    if last != (latest.base_sequence if latest.finished_at is None else latest.last_sequence):
        raise ExportRefused(_OWN_EVENTS)
    follows = manifest.delta is not None and manifest.delta.since == latest.export_id
    return latest.export_id if follows and latest.finished_at is not None else None


def _files(manifest: Export, state: ImportState) -> Sequence[ExportFile]:
    if state.since is None:
        return manifest.files
    assert manifest.delta is not None, "the import began with its differences"
    return manifest.delta.files


async def _check_log(connection: Connection, state: ImportState) -> None:
    if await imports.lock_log(connection) != state.base_sequence:
        raise ExportRefused(_OWN_EVENTS)


def _lines(folder: Path, files: Sequence[ExportFile], name: str) -> Iterator[tuple[str, ExportLine]]:
    """Lines with their story's key, or their own."""
    for line in read_lines(folder, files, name):
        decoded = decode_line(name, line)
        yield decoded.key.partition("/")[0], decoded


def _steps(
    folder: Path, files: Sequence[ExportFile], name: str, position: str
) -> Iterator[list[tuple[str, list[ExportLine]]]]:
    """Batches after `position`: lines by key; a story's verdicts and claims belong to it."""
    names = ("stories", "verdicts", "claims") if name == "stories" else (name,)
    streams = [_lines(folder, files, part) for part in names]
    grouped = groupby(merge(*streams, key=lambda pair: pair[0]), key=lambda pair: pair[0])
    waiting = ((key, [line for _, line in pairs]) for key, pairs in grouped if key > position)
    while step := list(islice(waiting, STEP)):
        yield step


async def _write(
    runtime: Runtime, state: ImportState, stage: int, step: list[tuple[str, list[ExportLine]]]
) -> ImportState:
    """Write one step and its position in one transaction."""
    last, forgotten = step[-1][0], []
    async with runtime.pool.transaction() as connection:
        await _check_log(connection, state)
        for _, lines in step:
            for line in lines:
                forgotten += await _write_line(connection, runtime, line)
            if isinstance(lines[0], ExportedStory | ExportedVerdict | ExportedClaim):
                await refresh_search(connection, lines[0].key.partition("/")[0])
        if not await imports.move_position(connection, state, stage, last):
            raise ExportRefused("Another process imports the same export.")
    await forget_cached(runtime.cache, forgotten)
    return replace(state, stage=stage, position=last)


async def _write_line(connection: Connection, runtime: Runtime, line: ExportLine) -> list[tuple[str, str]]:
    """Write a line; returns the documents to delete from the cache."""
    match line:
        case ExportedSource():
            await imports.put_source(connection, line)
        case ExportedEntity():
            await imports.put_entity(connection, line, entity_key(line.name))
        case ExportedStory():
            await imports.put_story(connection, line, url_key(line.url))
            aliases = [(url_key(a.url), a.url, a.kind.value, a.created_at) for a in line.aliases]
            await imports.put_aliases(connection, line.key, aliases)
            await imports.put_inputs(connection, line.key, line.inputs)
            await imports.put_mentions(connection, line.key, line.listed_at, line.entities)
            return [(line.key, form) for form in OBJECT_FORMS]
        case ExportedVerdict():
            await imports.put_verdict(connection, line, _assessment(line.verdict))
        case ExportedClaim():
            await imports.put_claim(connection, line)
        case ExportedAppeal():
            await insert_account(connection, ELSEWHERE, "appeals of elsewhere", runtime.clock.now())
            await imports.put_appeal(connection, line)
        case ExportedDeletion():
            return await _retract(connection, line)
        case ExportedEvent():
            await imports.put_event(connection, line)
    return []


async def _retract(connection: Connection, line: ExportedDeletion) -> list[tuple[str, str]]:
    if await retractions.get_tombstone(connection, line.key) is not None:
        return []
    await imports.put_hollow_story(connection, line)
    tombstone = Tombstone(
        story_id=line.key, reason=line.reason, statement=line.statement, retracted_at=line.retracted_at
    )
    return [(gone.object_id, gone.form) for gone in await retractions.retract(connection, tombstone)]


def _assessment(verdict: Verdict) -> Assessment:
    """The assessment behind a served verdict, without ids, with the served quotes."""
    fields = _fields(Assessment, verdict)
    fields["claims"] = [AssessedClaim(**_fields(AssessedClaim, claim)) for claim in verdict.claims]
    if verdict.entities is not None:
        fields["entities"] = [EntityMention(**_fields(EntityMention, named)) for named in verdict.entities]
    return Assessment(**fields)


def _fields(kind: type[Struct], value: Struct) -> dict[str, Any]:
    return {name: getattr(value, name) for name in kind.__struct_fields__}
