"""The envelope of every collection."""

from typing import Generic, Literal, TypeVar

from msgspec import Struct

T = TypeVar("T")


class TotalCount(Struct, kw_only=True, frozen=True):
    """Number of objects that match the filters. `relation` is `gte` if counting stopped at 10,000."""

    value: int
    relation: Literal["eq", "gte"]


class Page(Struct, Generic[T], kw_only=True, frozen=True):
    """One page, newest first unless stated otherwise. `next_cursor` is null on the last page.

    `total_count` is null unless requested with `include=total_count`.
    """

    object: Literal["list"] = "list"
    url: str
    data: list[T]
    has_more: bool
    next_cursor: str | None
    total_count: TotalCount | None = None
