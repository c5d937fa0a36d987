"""The result of extraction, in a module of its own so that the worker's process loads no parser."""

from datetime import datetime

from msgspec import Struct

from api.web.opt_outs import OptOut
from schemas.enums import InputFlag


class Extracted(Struct, kw_only=True, frozen=True):
    """An extracted page. Every field but `text` is the page's own claim.

    `text` holds paragraphs separated by blank lines, without the title; it is empty if the page has no running
    text. `canonical_url` is the declared `rel=canonical`, absolute and unchecked (see `canonical.py`).
    `page_type` is the most specific schema.org type that the page declares or its markup shows (`page_shape.py`);
    `WebPage` if none, null for plain text. `publisher_kind` is the declared schema.org type of the publisher, if
    it is more than Organization. `paywalled`: the page declares or looks like a paywall, with little text.
    `opt_outs` of use by language models are those in the markup.
    """

    title: str
    text: str
    author: str | None
    author_organization: str | None
    published_at: datetime | None
    language: str | None
    canonical_url: str | None
    site_name: str | None
    page_type: str | None
    paywalled: bool
    flags: list[InputFlag]
    extractor: str
    publisher_kind: str | None = None
    opt_outs: list[OptOut] = []
