"""What extraction gives; apart from it, so that a process that only passes it on loads no parser."""

from datetime import datetime

from msgspec import Struct

from schemas.enums import InputFlag


class Extracted(Struct, kw_only=True, frozen=True):
    """What a page says. Every field but `text` is the page's own claim.

    `text` holds paragraphs parted by blank lines, without the title; empty when there is no running text.
    `canonical_url` is the declared `rel=canonical`, absolute and not weighed (see `canonical.py`).
    `page_type` is a schema.org name, the most telling of all declared, or `CollectionPage` where links are
    most of the page. `paywalled`: the page says so or looks so, and little text is there.
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
