"""What is taken away to see whether anybody notices."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Defence:
    """`before` stands once in `file`; with `after` in its place the defence is gone, and `tests` should fail."""

    name: str
    file: str
    before: str
    after: str
    tests: tuple[str, ...]
