"""A defence that a mutation removes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defence:
    """`before` occurs once in `file`; replacing it by `after` removes the defence, and `tests` should fail."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
