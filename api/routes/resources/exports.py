"""Exports: all public data as files, daily, with the changes since the previous export."""

import asyncio
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any, BinaryIO, Final

import msgspec
from litestar.params import FromPath
from litestar.types import Receive, Send

from api.errors import Gone, InvalidCursor, NotFound, RangeNotSatisfiable
from api.operations.exports.read_exports import find_export_file, read_export, read_exports, with_urls
from api.rendering.forms import JSON_ALONE, Form
from api.rendering.jsonld.exports import export_graph
from api.routes.http.admission.caller import caller_of
from api.routes.http.admission.limits import Limits
from api.routes.http.admission.operation import NoParameters, Operation, read
from api.routes.http.representation.pagination import page_answer, page_start
from api.routes.http.request.byte_ranges import is_same, requested_range
from api.routes.http.request.headers import header
from api.routes.http.request.negotiation import VARY, form_of
from api.routes.http.request.query import PageQuery, read_query
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import OBJECT, Answer, body_answer, file_headers, runtime_of
from api.routes.http.response.link_headers import form_links, public_headers
from schemas.exports import Export
from schemas.ids import ExportId
from schemas.lists import Page
from schemas.wire import encode_json

_BLOCK: Final = 262_144
_FORMS: Final = (Form.JSON, Form.JSONLD)


class FileAnswer(Answer):
    """A response that streams a file, or a range of it, in blocks."""

    __slots__ = ("_limits", "_path", "_range")

    def __init__(self, status: int, headers: Headers, path: Path, positions: range, limits: Limits) -> None:
        super().__init__(status, headers)
        self.sent = [*headers, (b"content-length", b"%d" % len(positions))]
        self._path = path
        self._range = positions
        self._limits = limits

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["method"] == "HEAD":
            await send({"type": "http.response.start", "status": self.status, "headers": self.sent})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        with self._limits.long_response(caller_of(scope)):
            file: BinaryIO = await asyncio.to_thread(self._path.open, "rb")
            try:
                await send({"type": "http.response.start", "status": self.status, "headers": self.sent})
                await asyncio.to_thread(file.seek, self._range.start)
                left = len(self._range)
                while left and (block := await asyncio.to_thread(file.read, min(_BLOCK, left))):
                    left -= len(block)
                    await send({"type": "http.response.body", "body": block, "more_body": True})
                await send({"type": "http.response.body", "body": b"", "more_body": False})
            finally:
                file.close()


@read(
    "/exports",
    Operation(
        id="listExports",
        tag="exports",
        answer=Page[Export],
        query=PageQuery,
        errors=(InvalidCursor,),
        forms=JSON_ALONE,
    ),
)
async def list_exports(request: HttpRequest) -> Answer:
    """List the exports of all public data, newest first.

    Each entry is a manifest: its files with lines, bytes and SHA-256, the engines and taxonomies of its
    verdicts, the terms of use, and the files with changes since the previous export. Exports that contain a
    story retracted later are removed.
    """
    query, base_url = read_query(request, PageQuery), runtime_of(request).base_url
    below = page_start(request, query, ExportId)
    found = [
        export for export in await read_exports(runtime_of(request)) if below is None or export.id < below
    ]
    return page_answer(
        request,
        query,
        found[: query.limit + 1],
        key=lambda export: export.id,
        show=lambda export: with_urls(export, base_url),
        changed_at=lambda export: export.created_at,
    )


@read(
    "/exports/{export:str}",
    Operation(id="getExport", tag="exports", answer=Export, errors=(NotFound, Gone), forms=_FORMS),
)
async def get_export(request: HttpRequest, export: FromPath[str]) -> Answer:
    """Get the manifest of an export; the JSON-LD format describes it as a data set.

    The id `latest` stands for the newest export.
    """
    read_query(request, NoParameters)
    runtime, form = runtime_of(request), form_of(request.scope, _FORMS)
    found = await read_export(runtime, export)
    address = f"{runtime.base_url}/v1/exports/{found.id}"
    return body_answer(
        request,
        encode_json(with_urls(found, runtime.base_url))
        if form is Form.JSON
        else msgspec.json.encode(export_graph(found, runtime.site)),
        OBJECT,
        last_modified=found.created_at,
        content_type=form.content_type,
        more=[
            (b"content-location", f"{address}.{form}".encode()),
            *public_headers(runtime, *form_links(address, form, _FORMS)),
        ],
        vary=VARY,
    )


@read(
    "/exports/{export:str}/{part:str}",
    Operation(
        id="getExportFile",
        tag="exports",
        answer=None,
        media_type="application/gzip",
        errors=(NotFound, Gone, RangeNotSatisfiable),
        ranges=True,
    ),
)
async def get_export_file(request: HttpRequest, export: FromPath[str], part: FromPath[str]) -> Answer:
    """Get a file of an export: gzipped lines of JSON.

    `Range` (with `If-Range`) requests one range of bytes, such as the rest of an interrupted download. `unspun
    import` loads a folder with these files and the manifest, saved as `manifest.json`, into another service.
    """
    read_query(request, NoParameters)
    runtime = runtime_of(request)
    path, named, manifest = await find_export_file(runtime, export, part)
    headers, is_fresh = file_headers(request, named.sha256, manifest.created_at, OBJECT)
    headers += [*public_headers(runtime), (b"accept-ranges", b"bytes")]
    if is_fresh:
        return Answer(304, headers)
    headers.append((b"content-type", b"application/gzip"))
    status, positions = 200, range(named.bytes)
    wanted, version = header(request.scope, b"range"), header(request.scope, b"if-range")
    if request.method == "GET" and wanted and is_same(version, named.sha256, manifest.created_at):
        requested = requested_range(wanted, named.bytes)
        if requested is not None:
            status, positions = 206, requested
            shown = f"bytes {positions.start}-{positions.stop - 1}/{named.bytes}"
            headers.append((b"content-range", shown.encode()))
    return FileAnswer(status, headers, path, positions, request.app.state.limits)


ROUTES = [list_exports, get_export, get_export_file]
