"""Role, voice and numbers of a passage by its characters and place; word lists of hedges and negations."""

import re
from bisect import bisect_right
from collections.abc import Sequence

from api.analysis.text.document import DOCUMENT_VOICE, Quotation, Role
from api.analysis.text.lexicon import words

_LEAD_SENTENCES = 2

HEDGES = words(
    "perhaps possibly probably potentially likely unlikely apparently seemingly reportedly allegedly "
    "presumably arguably roughly approximately estimated estimates suggests suggest suggested appears appear "
    "appeared seems seem seemed tends tend believed thought preliminary tentative"
)
NEGATIONS = words("no not n't n’t never none nobody nothing neither nor nowhere cannot without")
_SMALL = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|"
    "seventy|eighty|ninety|half|dozens?|hundreds?|thousands?|millions?|billions?"
)
_NUMBER = re.compile(
    r"(?<![\w.,-])[$€£¥]?\d+(?:,\d{3})*(?:\.\d+)?"
    r"(?:\s?(?:%|percent|per cent|percentage points|hundred|thousand|million|billion|trillion|bn|k|m|x)(?![\w]))?"
    rf"|\b(?:{_SMALL})(?:[ -](?:{_SMALL}|third|quarter|fold))?\b(?:\s(?:percent|per cent))?",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")


def role_at(place: int) -> Role:
    """The role of a sentence by its place in the body; a negative place is in the title."""
    if place < 0:
        return "title"
    return "lead" if place < _LEAD_SENTENCES else "body"


def voice_of_passage(
    quotations: Sequence[Quotation], starts: list[int], start: int, end: int
) -> tuple[str, str | None]:
    """The voice of most of the passage, and a speaker of a smaller part of it."""
    at = max(bisect_right(starts, start) - 1, 0)
    shares: dict[str, int] = {}
    partly: str | None = None
    while at < len(quotations) and quotations[at].start < end:
        quotation = quotations[at]
        inside = min(end, quotation.end) - max(start, quotation.start)
        if quotation.turn and inside > 0 and not shares:
            inside += max(0, quotation.start - start)  # its label
        if inside > 0 and quotation.voice != DOCUMENT_VOICE:
            shares[quotation.voice] = shares.get(quotation.voice, 0) + inside
            partly = partly or quotation.speaker
        at += 1
    best = max(sorted(shares), key=shares.__getitem__) if shares else None
    if best is not None and 2 * shares[best] > end - start:
        return best, None
    return DOCUMENT_VOICE, partly


def numbers_in(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The (start, end) of numbers in text[start:end], without bare calendar years."""
    found = [(m.start(), m.end()) for m in _NUMBER.finditer(text, start, end)]
    return [(low, high) for low, high in found if not _YEAR.fullmatch(text, low, high)]
