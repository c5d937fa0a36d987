"""The places of a text that are between quotation marks, and are no words of its author.

In doubt a place counts as quoted: a line with an odd number of straight marks, a quotation that no mark closes.
"""

import re
from collections.abc import Iterator
from typing import Final

_OPENING, _CLOSING = "“„«", "”»"
_MARK: Final = re.compile(f"[{_OPENING}{_CLOSING}]")
_LINE: Final = re.compile(r"[^\n]+")
_OPENS: Final = re.compile(r"(?<!\w)['‘](?=\w)")
_CLOSES: Final = re.compile(r"['’](?!\w)")


def quoted_places(text: str) -> list[tuple[int, int]]:
    """The [start, end) of each place, apart from each other and in text order."""
    found: list[tuple[int, int]] = []
    is_open = False
    for line in _LINE.finditer(text):
        if line.group().lstrip().startswith(">"):
            found.append(line.span())
            continue
        is_open = _add_typographic(text, *line.span(), is_open, found)
        for mark in '"`':
            found += _pairs(line, mark)
        found += _single(text, *line.span())
    return _united(found)


def _united(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    united: list[tuple[int, int]] = []
    for start, end in sorted(places):
        if united and start <= united[-1][1]:
            united[-1] = united[-1][0], max(united[-1][1], end)
        else:
            united.append((start, end))
    return united


def _add_typographic(text: str, start: int, end: int, is_open: bool, found: list[tuple[int, int]]) -> bool:
    """Whether a quotation is open after the line; `is_open` says so for the line before."""
    depth, opened = int(is_open), start
    for number, mark in enumerate(_MARK.finditer(text, start, end)):
        if mark.group() in _CLOSING:
            found.append((opened, mark.end()))
            depth = max(depth - 1, 0)
            opened = opened if depth else mark.end()
        elif not depth or (is_open and not number):  # each paragraph of a long quotation begins with a mark
            depth, opened = 1, mark.start()
        else:
            depth += 1
    if depth:
        found.append((opened, end))
    return bool(depth)


def _pairs(line: re.Match[str], mark: str) -> Iterator[tuple[int, int]]:
    pieces = line.group().split(mark)
    if len(pieces) % 2 == 0:
        yield line.span()
        return
    at = line.start()
    for number, piece in enumerate(pieces):
        if number % 2:
            yield at, at + len(piece)
        at += len(piece) + 1


def _single(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    reached = start
    for opening in _OPENS.finditer(text, start, end):
        if opening.start() >= reached and (closing := _CLOSES.search(text, opening.end(), end)):
            yield opening.start(), closing.end()
            reached = closing.end()
