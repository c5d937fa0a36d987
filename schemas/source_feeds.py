"""Feeds: where a source announces its stories, and how asking it went."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from msgspec import Meta, Struct


class FeedKind(StrEnum):
    """What the address was found to hold. `news_sitemap`: a sitemap with the news extension."""

    RSS = "rss"
    ATOM = "atom"
    JSON_FEED = "json_feed"
    NEWS_SITEMAP = "news_sitemap"


class FeedStatus(StrEnum):
    """`gone`: the site answered 410, so the feed is asked no more until an operator has it polled."""

    ACTIVE = "active"
    GONE = "gone"


class FeedCreation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The address of a feed."""

    url: Annotated[str, Meta(min_length=1, max_length=2_048)]


class FeedReading(Struct, kw_only=True, frozen=True):
    """What the last document held that was new to us.

    `entries` were read of it; of these `taken` became analyses, `known` were met before, `old` had been published
    too long ago or stood in it when it was first read, `refused` have no address that may be fetched, `misdated`
    have a date that is none. `left` wait for a later poll. `cut`: it held more than is read of one document.
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
    """A feed of a source. `kind` is null until it was read once.

    `last_status` is the HTTP status of the last answer, null where there was none, and `last_error` says what was
    wrong; null while all is well. `failures` counts the failed polls since the last good one. `interval_s` is how
    often it is asked, which follows how often it changes. `last_reading` is of the last document that was read,
    `entries_seen` and `entries_taken` are of all.
    """

    object: Literal["feed"] = "feed"
    id: str
    source_id: str
    url: str
    kind: FeedKind | None
    status: FeedStatus
    interval_s: int
    next_poll_at: datetime | None
    last_polled_at: datetime | None
    last_read_at: datetime | None
    last_status: int | None
    last_error: str | None
    failures: int
    last_reading: FeedReading | None
    entries_seen: int
    entries_taken: int
    created_at: datetime
    updated_at: datetime


class RemovedFeed(Struct, kw_only=True, frozen=True):
    """A feed that is asked no more."""

    object: Literal["feed"] = "feed"
    id: str
    deleted: Literal[True] = True
