"""Rulings: what upheld appeals and operators' corrections say of one story, an input of the engine."""

from msgspec import Struct


class Ruling(Struct, kw_only=True, frozen=True):
    """`dismiss_rule` at [start, end) of the text with that SHA-256: the finding there does not count.

    A ruling on another text, or on a place where the rule finds nothing, changes nothing.
    """

    text_sha256: str
    rule: str
    start: int
    end: int
    note: str
