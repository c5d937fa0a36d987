"""What is taken from a feed: addresses and times. Everything else stands on the pages themselves."""

from datetime import datetime
from typing import Final

from msgspec import Struct

from schemas.source_feeds import FeedKind

MAX_ENTRIES: Final = 1_000  # as many as a news sitemap may hold; other feeds have some tens


class FeedEntry(Struct, kw_only=True, frozen=True):
    """One announced page. `url` is its normal form and `key` that of it; `published_at` is UTC.

    `misdated`: the entry has a date that cannot be read.
    """

    url: str
    key: str
    published_at: datetime | None
    misdated: bool = False


class FeedDocument(Struct, kw_only=True, frozen=True):
    """A feed as it was read. `unlinked` counts entries without an address, `cut` says that there were more."""

    kind: FeedKind
    title: str | None
    entries: list[FeedEntry]
    unlinked: int
    cut: bool
