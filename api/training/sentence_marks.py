"""Readers' marks of a story, blind to its labels: by which means each sentence steers, and how strongly.

One JSON object a line is one reader's marks of one story, as places in the analysed text. A mark is a letter for
the means (H Hype, A Halo, S Stampede, C Cushion, D Shield, F Fog, X critical, B balance, which does not steer),
a digit for the strength, and `q` for words of another relayed without distance or `t` for words that the story
tests, which do not steer either.
"""

import re
from collections.abc import Sequence

import msgspec
import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from api.analysis.models.sentence_heads import MARKS
from api.analysis.text.document import Sentence

LETTERS = "HASCDFXB"
_TYPES = 6  # the letters of types come first
MARK = re.compile("([HASCDFX])([123])([qt]?)|(B)[qt]?")


class Reading(Struct, frozen=True):
    """One reader's marks of a story of `characters` and `sentences`.

    `owns` are the places where the author takes the blame, `news` the sentences that tell what happened.
    """

    id: str
    characters: int
    sentences: int
    marks: list[tuple[int, int, str]]
    owns: list[tuple[int, int]] = []
    news: list[tuple[int, int]] = []


def read_marks(content: bytes) -> list[Reading]:
    """Decode a file of readings. Raises msgspec.ValidationError or ValueError for invalid lines."""
    readings = [msgspec.json.decode(line, type=Reading) for line in content.splitlines()]
    for reading in readings:
        for start, end, marks in reading.marks:
            if not 0 <= start < end <= reading.characters or MARK.sub("", marks) or not marks:
                raise ValueError(f"{reading.id}: {marks!r} at {start} to {end} is no mark")
    return readings


def shares_marked(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> NDArray[np.float32]:
    """The share of readers that mark each sentence by each of LETTERS, one row a sentence; NaN without readers.

    Words that a story tests are not counted, nor are places that are not a sentence.
    """
    if not readings:
        return np.full((len(sentences), len(LETTERS)), np.nan, np.float32)
    rows = {(s.start, s.end): row for row, s in enumerate(sentences)}
    found = np.zeros((len(sentences), len(LETTERS)), np.float32)
    for reading in readings:
        for start, end, marks in reading.marks:
            letters = {m[1] or m[4] for m in MARK.finditer(marks) if m[3] != "t"}
            if letters and (start, end) in rows:
                found[rows[start, end], [LETTERS.index(letter) for letter in letters]] += 1
    return np.asarray(found / len(readings), np.float32)


def mean_marks(sentences: Sequence[Sentence], readings: Sequence[Reading]) -> NDArray[np.float32]:
    """The readers' mean of the marks before `claim` of `sentence_heads.MARKS`, one row a sentence.

    NaN without readers; places that are not a sentence are left out.
    """
    names = MARKS[: MARKS.index("claim")]
    if not readings:
        return np.full((len(sentences), len(names)), np.nan, np.float32)
    rows = {(s.start, s.end): row for row, s in enumerate(sentences)}
    found = np.zeros((len(sentences), len(names)), np.float32)
    for reading in readings:
        for start, end, marks in reading.marks:
            if (row := rows.get((start, end))) is None:
                continue
            for match in MARK.finditer(marks):
                found[row, LETTERS.index(match[1] or match[4])] += float(match[2] or 1)
                found[row, names.index("relayed")] += match[3] == "q"
                found[row, names.index("doubted")] += match[3] == "t"
        for name, places in (("owned", reading.owns), ("news", reading.news)):
            for place in places:
                if place in rows:
                    found[rows[place], names.index(name)] = len(readings)
    found /= len(readings)
    for name in ("relayed", "doubted"):
        found[:, names.index(name)] = np.minimum(found[:, names.index(name)], 1)
    found[:, names.index("steering")] = found[:, :_TYPES].max(axis=1, initial=0)
    return found
