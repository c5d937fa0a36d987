"""The envelope of every collection."""

from typing import Generic, Literal, TypeVar

from msgspec import Struct

T = TypeVar("T")


class Page(Struct, Generic[T], kw_only=True, frozen=True):
    """One page, newest first unless the call says otherwise. `next_cursor` is null on the last page."""

    object: Literal["list"] = "list"
    url: str
    data: list[T]
    has_more: bool
    next_cursor: str | None
