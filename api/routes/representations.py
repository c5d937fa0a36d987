"""An object in the form that the client asked for, with the addresses of its other forms."""

from datetime import datetime
from functools import lru_cache
from typing import Final

from api.rendering.documents import RenderedDocument
from api.rendering.forms import OBJECT_FORMS, Form
from api.rendering.site import Site
from api.routes.answers import OBJECT, Answer, Headers, HttpRequest, body_answer, document_answer, runtime_of
from api.routes.negotiation import VARY
from api.routes.page_policy import PAGE_POLICY

_SCHEMAS: Final = {
    "stories": "Story", "verdicts": "Verdict", "claims": "Claim", "sources": "Source", "taxonomy": "Taxonomy",
}  # fmt: skip
_CHARACTERS_A_TOKEN: Final = 4  # as in api.rendering.markdown.page


def object_answer(
    request: HttpRequest, kind: str, object_id: str | None, form: Form, document: RenderedDocument
) -> Answer:
    """A rendered document. `kind` is the collection, `object_id` None for the whole of it."""
    more = _more(request, kind, object_id, form, document.body)
    return document_answer(request, document, OBJECT, content_type=form.content_type, more=more, vary=VARY)


def object_body_answer(
    request: HttpRequest,
    kind: str,
    object_id: str | None,
    form: Form,
    body: bytes,
    *,
    last_modified: datetime,
    policy: bytes = OBJECT,
    dated: bool = True,
) -> Answer:
    """Bytes made for this request; `dated` as in `body_answer`."""
    return body_answer(
        request,
        body,
        policy,
        last_modified=last_modified,
        dated=dated,
        content_type=form.content_type,
        more=_more(request, kind, object_id, form, body),
        vary=VARY,
    )


def headers_of(site: Site, kind: str, object_id: str | None, form: Form) -> Headers:
    """Where this form is, and links to the canonical address, the other forms, and what explains them."""
    return _headers(site.base_url, site.license, kind, object_id, form)


@lru_cache(2_048)  # about a kilobyte each; an object that is read often is read in the same form
def _headers(base_url: str, license_url: str, kind: str, object_id: str | None, form: Form) -> Headers:
    address = f"{base_url}/v1/{kind}" + (f"/{object_id}" if object_id else "")
    links = [f'<{address}>; rel="canonical"']
    links += [
        f'<{address}.{other}>; rel="alternate"; type="{other.media_type}"'
        for other in OBJECT_FORMS
        if other is not form
    ]
    links += [
        f'<{base_url}/openapi.json#/components/schemas/{_SCHEMAS[kind]}>; rel="describedby"',
        f'<{license_url}>; rel="license"',
        f'<{base_url}/openapi.json>; rel="service-desc"; type="application/json"',
    ]
    headers = [(b"content-location", f"{address}.{form}".encode()), (b"link", ", ".join(links).encode())]
    return [*headers, PAGE_POLICY] if form is Form.HTML else headers


def _more(request: HttpRequest, kind: str, object_id: str | None, form: Form, body: bytes) -> Headers:
    headers = headers_of(runtime_of(request).site, kind, object_id, form)
    if form is not Form.MARKDOWN:
        return headers
    return [*headers, (b"x-markdown-tokens", b"%d" % -(-len(body.decode()) // _CHARACTERS_A_TOKEN))]
