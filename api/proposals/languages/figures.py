"""Compares numbers in figures by value, each in the manner of its language.

"1.234,5", "1 234,5" and "1234.5" are one number if the comma is the decimal mark, as in all languages here but
English. A date, a time or a score has no value of its own: its parts have. Limits: units are not compared; a
figure that is copied as the text writes it counts as the text's, whatever the manner.
"""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from api.proposals.languages.codes import ENGLISH

_SPACES: Final = "\u00a0\u202f\u2009"  # no-break, narrow no-break, thin
_FIGURE: Final = re.compile(rf"[0-9]+(?:[.,:'’ {_SPACES}][0-9]+)*")
_SPACE: Final = re.compile(rf"[ {_SPACES}]")
_INSIDE: Final = re.compile(r"[.,:'’]")
_ANY_MARK: Final = re.compile(r"[.,:'’ ]")
_GROUPING: Final = re.compile(r"[.,'’ ]")
_GROUP: Final = 3  # digits


def figures(text: str) -> list[str]:
    """The figures of a text, with spaces as plain spaces; neighbours are one figure."""
    return [figure for figure, _ in placed_figures(text)]


def placed_figures(text: str) -> list[tuple[str, int]]:
    """The figures of a text, each with its end."""
    return [(_SPACE.sub(" ", match.group()), match.end()) for match in _FIGURE.finditer(text)]


def without_figures(text: str) -> str:
    """The text without its figures."""
    return _FIGURE.sub("", text)


class Figures:
    """The figures of some passages. A passage in another manner, as an ISO date, counts by its parts."""

    def __init__(self, passages: Iterable[str], language: str) -> None:
        self._written: set[str] = set()
        self._values: set[str] = set()
        for passage in passages:
            for figure in figures(passage):
                self._written.add(figure)
                self._values |= _values(figure, language)

    def has_value(self, value: str) -> bool:
        """Whether a figure has this value, written without grouping and with a full stop."""
        return value in self._values

    def has_between(self, low: int, high: int) -> bool:
        """Whether a figure has a value of at least `low` and below `high`."""
        return any(low <= Decimal(value) < high for value in self._values)

    def has(self, figure: str, language: str) -> bool:
        """Whether the figure, in the manner of `language`, is one of them or several side by side."""
        if figure in self._written:
            return True
        whole = _value(figure, language)
        if whole is not None and whole in self._values:
            return True
        parts = figure.split(" ")
        if len(parts) > 1:
            return all(self.has(part, language) for part in parts)
        return whole is None and all(_plain(part) in self._values for part in _INSIDE.split(figure))


def times(figure: str, language: str, factor: int) -> str | None:
    """The value of a figure before a word such as "million"; None if it has none."""
    value = _value(figure, language)
    return None if value is None else format((Decimal(value) * factor).normalize(), "f")


def _values(figure: str, language: str) -> set[str]:
    """The values of a figure of the text: its own, else those of its parts ("2024 500", "3.10.2025")."""
    whole = _value(figure, language)
    if whole is not None:
        return {whole}
    parts = figure.split(" ")
    if len(parts) > 1:
        return {value for part in parts for value in _values(part, language)}
    return set(map(_plain, _INSIDE.split(figure)))


def _value(figure: str, language: str) -> str | None:
    """The number, without grouping and with a full stop; None for what is no number, as a date.

    A mark before exactly three digits groups them if it is not the decimal mark.
    """
    decimal = "." if language == ENGLISH else ","
    marks = [*_INSIDE.findall(figure), *(" " if " " in figure else "")]
    if not marks:
        return _plain(figure)
    last = _ANY_MARK.split(figure)[-1]
    ends = figure[-len(last) - 1]
    kinds = set(marks)
    if ":" in kinds:
        return None
    is_decimal = (
        figure.count(ends) == 1
        and ends in ".,"
        and (ends == decimal or len(last) != _GROUP or len(kinds) > 1)
    )
    whole = figure[: -len(last) - 1] if is_decimal else figure
    groups = _GROUPING.split(whole)
    separators = set(whole) - set("0123456789")
    if len(separators) > 1 or (is_decimal and ends in separators):
        return None
    if len(groups) > 1 and not (
        1 <= len(groups[0]) <= _GROUP and all(len(group) == _GROUP for group in groups[1:])
    ):
        return None
    number = _plain("".join(groups))
    fraction = last.rstrip("0") if is_decimal else ""
    return f"{number}.{fraction}" if fraction else number


def _plain(digits: str) -> str:
    return digits.lstrip("0") or "0"
