"""Rendered documents as responses in all codings, cached in process memory.

The gateway sends a cached answer before routing. It is the same object that the route returned, so both paths
agree.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.cache.response_cache import ResponseCache
from api.rendering.documents import RenderedDocument
from api.rendering.forms import Form
from api.routes.http.request.headers import BR, GZIP, accepted_codings, headers_of, is_unmodified, names_etag
from api.routes.http.request.negotiation import asked_path, best_form, has_suffix
from api.routes.http.request.types import Headers, HttpRequest
from api.routes.http.response.answers import JSON, PRIVATE, VARY, Answer, http_date, runtime_of, validators
from api.runtime.runtime import Runtime

# Estimated memory of a cached answer without its bodies: headers of all codings and Python overhead.
_OVERHEAD_BYTES: Final = 7_000
_CHOICE_BYTES: Final = 500
UNCACHEABLE: Final = "unspun.unkept"  # scope key: the response differs from its document, so do not cache it
# The request headers that select one of a document's answers.
CHOOSING: Final = frozenset({b"accept", b"accept-encoding", b"if-modified-since", b"if-none-match"})


class _Coding:
    """A document in one coding: its 200 and its 304."""

    __slots__ = ("etag", "quoted", "unmodified", "whole")

    def __init__(self, etag: str, common: Headers, described: Headers, body: bytes) -> None:
        self.etag = etag
        self.quoted = f'"{etag}"'.encode()
        self.whole = Answer(200, [*common, *described], body)
        self.unmodified = Answer(304, common)


class PreparedResponse:
    """The responses to GET and HEAD for one format of an object; `whole` is the unconditional, uncompressed one.

    `forms` are the formats from which Accept chose `form`, empty if Accept does not matter; `route` is the path
    template.
    """

    __slots__ = ("_coded", "_date", "_modified_s", "_plain", "form", "forms", "route", "size", "whole")

    def __init__(
        self,
        document: RenderedDocument,
        policy: bytes,
        *,
        content_type: bytes,
        more: Headers,
        vary: bytes,
        route: str,
        dated: bool,
        form: Form | None,
        forms: tuple[Form, ...],
    ) -> None:
        self.route = route
        self.form = form
        self.forms = forms
        self._date = http_date(document.last_modified)
        self._modified_s = document.last_modified.timestamp() if dated else None
        self.size = _OVERHEAD_BYTES + len(document.body)

        def coding(etag: str, body: bytes, coded: Headers) -> _Coding:
            common = [*validators(etag, document.last_modified, policy, vary), *more]
            return _Coding(etag, common, [(b"content-type", content_type), *coded], body)

        self._plain = coding(document.etag, document.body, [])
        self.whole = self._plain.whole
        self._coded: dict[str, _Coding] = {}
        for name, packed in ((BR, document.body_br), (GZIP, document.body_gzip)):
            if len(packed) < len(document.body):
                coded = [(b"content-encoding", name.encode())]
                self._coded[name] = coding(f"{document.etag}-{name}", packed, coded)
                self.size += len(packed)

    def answer(self, headers: Mapping[bytes, bytes]) -> Answer:
        """The answer for these request headers (RFC 9110 section 13.2.2: If-None-Match takes precedence)."""
        coding, accepted = self._plain, headers.get(b"accept-encoding")
        if accepted is not None:
            for name in accepted_codings(accepted.decode("latin-1")):
                if name in self._coded:
                    coding = self._coded[name]
                    break
        named = headers.get(b"if-none-match")
        if named is not None:
            if named == coding.quoted or names_etag(named.decode("latin-1"), coding.etag):
                return coding.unmodified
        elif self._modified_s is not None:
            since = headers.get(b"if-modified-since")
            if since is not None and (
                since == self._date or is_unmodified(since.decode("latin-1"), self._modified_s)
            ):
                return coding.unmodified
        return coding.whole


class FormChoice:
    """Cached at a path while only other than its first format are cached."""

    __slots__ = ("forms",)

    def __init__(self, forms: tuple[Form, ...]) -> None:
        self.forms = forms


def document_answer(
    request: HttpRequest,
    document: RenderedDocument,
    policy: bytes,
    *,
    content_type: bytes = JSON,
    more: Iterable[tuple[bytes, bytes]] = (),
    vary: bytes = VARY,
    dated: bool = True,
    form: Form | None = None,
    forms: tuple[Form, ...] = (),
    unchanging: bool = False,
) -> Answer:
    """A rendered document in the client's preferred coding, or 304; `dated` as in `body_answer`.

    `form` is the result of `form_of` on `forms`, if negotiated. `unchanging`: contains no rows and stays the
    same while the process runs.
    """
    runtime, scope = runtime_of(request), request.scope
    response = PreparedResponse(
        document,
        policy if runtime.settings.public_reads else PRIVATE,
        content_type=content_type,
        more=list(more),
        vary=vary,
        dated=dated,
        route=scope["path_template"],
        form=form,
        forms=forms,
    )
    if unchanging or document.shows is not None:
        _cache(runtime, scope, document, response)
    return response.answer(headers_of(scope, CHOOSING)[0])


def _cache(runtime: Runtime, scope: Any, document: RenderedDocument, response: PreparedResponse) -> None:
    """Caches the answer at its path, or at the path with suffix if Accept chose another than the first format.

    Stale answers and unusual spellings of a path are not cached; the latter could fill the memory.
    """
    documents, path = runtime.documents, asked_path(scope)
    if scope["query_string"] or UNCACHEABLE in scope or "//" in path or (path[-1] == "/" and path != "/"):
        return
    if not (
        runtime.settings.public_reads
        and runtime.clock.monotonic() < runtime.changes.fresh_until
        and runtime.changes.is_current(document)
    ):
        return
    shown = document.shows
    tags = (shown.story_id, shown.source_id) if shown else ()
    if response.forms and not has_suffix(scope):
        if response.form is not response.forms[0]:
            if documents.get(path) is None:
                documents.put(path, FormChoice(response.forms), _CHOICE_BYTES)
            path = f"{path}.{response.form}"
    else:
        response.forms = ()
    documents.put(path, response, response.size, tags)


def prepared(
    documents: ResponseCache[PreparedResponse | FormChoice], path: str, headers: Mapping[bytes, bytes]
) -> PreparedResponse | None:
    """The cached answer for a path and raw request headers."""
    found = documents.get(path)
    if found is None:
        return None
    if found.forms and b"accept" in headers:
        form = best_form(headers[b"accept"].decode("latin-1"), found.forms)
        if form is not found.forms[0]:
            found = documents.get(f"{path}.{form}")
    return found if isinstance(found, PreparedResponse) else None
