"""Counts and mean scores of stories, by attribute or time."""

from enum import StrEnum
from typing import Literal

from msgspec import Struct

from schemas.enums import Band, SpinType
from schemas.times import Time


class Dimension(StrEnum):
    """Attributes to group stories by. Days, weeks (their Monday) and months are those of publication, in UTC."""

    SPIN_TYPE = "spin_type"
    SOURCE = "source"
    SOURCE_TYPE = "source_type"
    VERTICAL = "vertical"
    TACTIC = "tactic"
    BAND = "band"
    STANCE = "stance"
    EVIDENCE_STRENGTH = "evidence_strength"
    HAPPENING = "happening"
    LANG = "lang"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Group(Struct, kw_only=True, frozen=True):
    """The stories with these values, one per requested dimension; null if a story has no value."""

    key: list[str | None]
    stories: int
    mean_score: float


class Stats(Struct, kw_only=True, frozen=True):
    """`groups` are sorted by key; `truncated`: there are more than the 1,000 returned."""

    object: Literal["stats"] = "stats"
    by: list[Dimension]
    stories: int
    mean_score: float | None
    groups: list[Group]
    truncated: bool


class Interval(Struct, kw_only=True, frozen=True):
    """A 90 % confidence interval."""

    low: float
    high: float


class Estimate(Struct, kw_only=True, frozen=True):
    """An estimate for everything the source publishes, from `n` stories."""

    value: float
    interval: Interval


class TypeShare(Struct, kw_only=True, frozen=True):
    """The number and share of a source's scored stories with this primary type."""

    type: SpinType
    stories: int
    share: Estimate


class BandCount(Struct, kw_only=True, frozen=True):
    """The number of a source's scored stories in this score band."""

    band: Band
    stories: int


class TacticCount(Struct, kw_only=True, frozen=True):
    """The number of a source's scored stories with this tactic."""

    tactic: str
    stories: int


class SourceProfile(Struct, kw_only=True, frozen=True):
    """How a source frames its stories, based on its scored stories in languages with calibrated scores.

    With fewer than `floor` scored stories the profile is `withheld`: all fields except the counts are null. The
    stories were submitted by users and are not a random sample; the intervals cover random error only.
    """

    object: Literal["source_profile"] = "source_profile"
    source_id: str
    n: int
    not_scorable: int
    floor: int
    withheld: bool
    mean_score: Estimate | None
    types: list[TypeShare] | None
    bands: list[BandCount] | None
    tactics: list[TacticCount] | None
    first_published_at: Time | None
    last_published_at: Time | None
