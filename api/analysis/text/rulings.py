"""Rulings of upheld appeals and operators' corrections on one story, an input of the engine."""

from msgspec import Struct


class Ruling(Struct, kw_only=True, frozen=True):
    """`dismiss_rule` at [start, end) of the text with that SHA-256: the finding there does not count.

    It has no effect on another text or without such a finding.
    """

    text_sha256: str
    rule: str
    start: int
    end: int
    note: str
