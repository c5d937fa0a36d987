"""Rendered documents as answers, made once for all codings; this process keeps those that are asked for.

A kept answer is given before the request is routed, by the door. It is the very object that the route gave, so it
says the same.
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

# What a kept answer weighs beside its bodies: the headers of all codings and what Python needs for them.
_OVERHEAD_BYTES: Final = 7_000
_FORK_BYTES: Final = 500
UNKEPT: Final = "unspun.unkept"  # in the scope of a request whose answer says more than its document's
# The headers of a request that decide which of a document's answers it gets.
CHOOSING: Final = frozenset({b"accept", b"accept-encoding", b"if-modified-since", b"if-none-match"})


class _Coding:
    """A document in one coding: its answer in full and the one that nothing has changed."""

    __slots__ = ("etag", "quoted", "unmodified", "whole")

    def __init__(self, etag: str, common: Headers, described: Headers, body: bytes) -> None:
        self.etag = etag
        self.quoted = f'"{etag}"'.encode()
        self.whole = Answer(200, [*common, *described], body)
        self.unmodified = Answer(304, common)


class PreparedResponse:
    """The answers to GET and HEAD of one form of an object; `whole` is the one without any condition, not coded.

    `forms` are those among which Accept chooses `form`, none where it is not asked; `route` is the path's
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

    def answer(self, heard: Mapping[bytes, bytes]) -> Answer:
        """The answer to a request with these headers (RFC 9110 section 13.2.2: If-None-Match goes first)."""
        coding, accepted = self._plain, heard.get(b"accept-encoding")
        if accepted is not None:
            for name in accepted_codings(accepted.decode("latin-1")):
                if name in self._coded:
                    coding = self._coded[name]
                    break
        named = heard.get(b"if-none-match")
        if named is not None:
            if named == coding.quoted or names_etag(named.decode("latin-1"), coding.etag):
                return coding.unmodified
        elif self._modified_s is not None:
            since = heard.get(b"if-modified-since")
            if since is not None and (
                since == self._date or is_unmodified(since.decode("latin-1"), self._modified_s)
            ):
                return coding.unmodified
        return coding.whole


class FormChoice:
    """Stands under a path whose first form nobody asked for yet, while others are kept."""

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
    """A rendered document in the coding that the client takes, or 304; `dated` as in `body_answer`.

    `form` is the one that `form_of` chose among `forms`, where it was asked. `unchanging` is what shows no rows
    and stays as it is while the process lives.
    """
    runtime, scope = runtime_of(request), request.scope
    ready = PreparedResponse(
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
        _keep(runtime, scope, document, ready)
    return ready.answer(headers_of(scope, CHOOSING)[0])


def _keep(runtime: Runtime, scope: Any, document: RenderedDocument, ready: PreparedResponse) -> None:
    """Keep it under its path; one that Accept chose, and not for being the first, under that with its suffix.

    What is known to be stale is not kept, nor any but the one spelling of a path: others would fill the memory.
    """
    documents, path = runtime.documents, asked_path(scope)
    if scope["query_string"] or UNKEPT in scope or "//" in path or (path[-1] == "/" and path != "/"):
        return
    if not (
        runtime.settings.public_reads
        and runtime.clock.monotonic() < runtime.changes.fresh_until
        and runtime.changes.is_current(document)
    ):
        return
    shown = document.shows
    tags = (shown.story_id, shown.source_id) if shown else ()
    if ready.forms and not has_suffix(scope):
        if ready.form is not ready.forms[0]:
            if documents.get(path) is None:
                documents.put(path, FormChoice(ready.forms), _FORK_BYTES)
            path = f"{path}.{ready.form}"
    else:
        ready.forms = ()
    documents.put(path, ready, ready.size, tags)


def prepared(
    documents: ResponseCache[PreparedResponse | FormChoice], path: str, headers: Mapping[bytes, bytes]
) -> PreparedResponse | None:
    """What is kept for a request of this path with these headers, as they came."""
    found = documents.get(path)
    if found is None:
        return None
    if found.forms and b"accept" in headers:
        form = best_form(headers[b"accept"].decode("latin-1"), found.forms)
        if form is not found.forms[0]:
            found = documents.get(f"{path}.{form}")
    return found if isinstance(found, PreparedResponse) else None
