"""Counts and mean scores of stories, by what they have in common or by time."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from msgspec import Struct

from schemas.enums import Band, SpinType


class Dimension(StrEnum):
    """What stories are counted by. Days, weeks (their Monday) and months are those of publication, in UTC."""

    SPIN_TYPE = "spin_type"
    SOURCE = "source"
    SOURCE_TYPE = "source_type"
    VERTICAL = "vertical"
    TACTIC = "tactic"
    BAND = "band"
    STANCE = "stance"
    EVIDENCE_STRENGTH = "evidence_strength"
    LANG = "lang"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Group(Struct, kw_only=True, frozen=True):
    """The stories with these values, one a dimension asked for; null where a story has none."""

    key: list[str | None]
    stories: int
    mean_score: float


class Stats(Struct, kw_only=True, frozen=True):
    """`groups` are in the order of their keys; `truncated` says that there are more than 1,000."""

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
    """What `n` stories suggest of all that the source publishes."""

    value: float
    interval: Interval


class TypeShare(Struct, kw_only=True, frozen=True):
    """How many of a source's scored stories have this primary type, and their share."""

    type: SpinType
    stories: int
    share: Estimate


class BandCount(Struct, kw_only=True, frozen=True):
    """How many of a source's scored stories lie in this band of the score."""

    band: Band
    stories: int


class TacticCount(Struct, kw_only=True, frozen=True):
    """How many of a source's scored stories have this tactic."""

    tactic: str
    stories: int


class SourceProfile(Struct, kw_only=True, frozen=True):
    """How a source frames what it publishes, as far as its scored stories tell.

    Under `floor` scored stories it is `withheld`: everything but the numbers of stories is null then. The
    stories are those that somebody had read, not a sample; the intervals cover chance alone.
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
    first_published_at: datetime | None
    last_published_at: datetime | None
