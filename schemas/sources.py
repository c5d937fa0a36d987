"""Publishers of the stories."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from schemas.enums import ModelPermission, SourceType
from schemas.plain_text import Line, Paragraph
from schemas.times import Time

Domain = Annotated[
    str,
    Meta(
        max_length=253, pattern="^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\\.)+[a-z][a-z0-9-]*[a-z0-9](?![\\s\\S])"
    ),
]


class SourceCorrection(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """Corrections to a source; omitted fields stay. `domains` replaces the whole list.

    `model_use` null is the default of this service.
    """

    name: Line | UnsetType = UNSET
    type: SourceType | UnsetType = UNSET
    domains: Annotated[list[Domain], Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    ownership: Paragraph | UnsetType | None = UNSET
    model_use: ModelPermission | UnsetType | None = UNSET


class Source(Struct, kw_only=True, frozen=True):
    """A publisher, identified by domain. `known` is false if it was first seen in a submitted URL.

    `corrected_at` is the time of the last correction by an operator, or null. `model_use` is which language
    models may read its texts, null if the service's default applies.
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
    corrected_at: Time | None
    created_at: Time
    updated_at: Time
    model_use: ModelPermission | None = None  # absent from older exports


class SourceSummary(Struct, kw_only=True, frozen=True):
    """The source as shown in a story."""

    id: str
    slug: str
    name: str
    type: SourceType
    domain: str
