"""Publishers whose stories are judged."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from schemas.enums import SourceType
from schemas.plain_text import Line, Paragraph

Domain = Annotated[
    str,
    Meta(
        max_length=253, pattern="^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9](?![\\s\\S])"
    ),
]


class SourceCorrection(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """What is to be said of a source from now on; what is not given stays. `domains` are all of them."""

    name: Line | UnsetType = UNSET
    type: SourceType | UnsetType = UNSET
    domains: Annotated[list[Domain], Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    ownership: Paragraph | UnsetType | None = UNSET


class Source(Struct, kw_only=True, frozen=True):
    """A publisher, resolved by domain. `known` is false for one that was met first in a submitted URL.

    `corrected_at` is when an operator last corrected it, null where none did.
    """

    object: Literal["source"] = "source"
    id: str
    slug: str
    name: str
    type: SourceType
    domains: list[str]
    feeds: list[str]
    ownership: str | None
    known: bool
    corrected_at: datetime | None
    created_at: datetime
    updated_at: datetime


class SourceSummary(Struct, kw_only=True, frozen=True):
    """What a story says of its source."""

    id: str
    slug: str
    name: str
    type: SourceType
    domain: str
