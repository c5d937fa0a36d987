"""Feeds of sources, and the results of polling them."""

from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct

from schemas.times import Time


class FeedKind(StrEnum):
    """Detected format. `news_sitemap`: a sitemap with the news extension."""

    RSS = "rss"
    ATOM = "atom"
    JSON_FEED = "json_feed"
    NEWS_SITEMAP = "news_sitemap"


class FeedStatus(StrEnum):
    """`gone`: the site answered 410, so the feed is not polled until an operator requests it."""

    ACTIVE = "active"
    GONE = "gone"


class FeedCreation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The URL of a feed."""

    url: Annotated[str, Meta(min_length=1, max_length=2_048)]


class FeedReading(Struct, kw_only=True, frozen=True):
    """Counts for the last document read.

    Of its `entries`, `taken` became analyses, `known` were seen before, `old` were too old or already present at
    the first reading, `refused` have a URL that may not be fetched, `misdated` have an invalid date, and `left`
    wait for a later poll. `cut`: the document had more entries than are read.
    """

    entries: int
    taken: int
    known: int
    old: int
    refused: int
    misdated: int
    left: int
    cut: bool


class Feed(Struct, kw_only=True, frozen=True):
    """A feed of a source. `kind` is null until the first successful reading.

    `last_status` is the HTTP status of the last response, null if there was none. `last_error` describes the
    last failure, null if the last poll succeeded. `failures` counts failed polls since the last success.
    `interval_s` is the polling interval, which adapts to how often the feed changes. `last_reading` is about the
    last document; `entries_seen` and `entries_taken` are totals.
    """

    object: Literal["feed"] = "feed"
    id: str
    source_id: str
    url: str
    kind: FeedKind | None
    status: FeedStatus
    interval_s: int
    next_poll_at: Time | None
    last_polled_at: Time | None
    last_read_at: Time | None
    last_status: int | None
    last_error: str | None
    failures: int
    last_reading: FeedReading | None
    entries_seen: int
    entries_taken: int
    created_at: Time
    updated_at: Time


class RemovedFeed(Struct, kw_only=True, frozen=True):
    """A feed that is no longer polled."""

    object: Literal["feed"] = "feed"
    id: str
    deleted: Literal[True] = True
