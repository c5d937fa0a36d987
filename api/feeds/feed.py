"""The extracted data of a feed: URLs and dates. Everything else comes from the pages."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from schemas.source_feeds import FeedKind

MAX_ENTRIES: Final = 1_000  # the limit of news sitemaps; other feeds have tens


class FeedEntry(Struct, kw_only=True, frozen=True):
    """An announced page: its normalised URL, its URL key, and its date in UTC.

    `misdated`: the entry has an invalid date.
    """

    url: str
    key: str
    published_at: datetime | None
    misdated: bool = False


class FeedDocument(Struct, kw_only=True, frozen=True):
    """A parsed feed. `unlinked`: entries without a URL; `cut`: some entries were omitted."""

    kind: FeedKind
    title: str | None
    entries: list[FeedEntry]
    unlinked: int
    cut: bool
