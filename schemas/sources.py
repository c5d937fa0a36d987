"""Publishers whose stories are judged."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from schemas.enums import SourceType


class Source(Struct, kw_only=True, frozen=True):
    """A publisher, resolved by domain. `known` is false for one that was met first in a submitted URL."""

    object: Literal["source"] = "source"
    id: str
    slug: str
    name: str
    type: SourceType
    domains: list[str]
    feeds: list[str]
    ownership: str | None
    known: bool
    created_at: datetime
    updated_at: datetime


class SourceSummary(Struct, kw_only=True, frozen=True):
    """What a story says of its source."""

    id: str
    slug: str
    name: str
    type: SourceType
    domain: str
