"""Quotations by their marks, in the manner of any of the languages: “…”, „…“, «…», »…«, ”…”, ‚…‘, "…".

Marks pair within a paragraph. If a paragraph leaves a quotation open and the next one opens one, the quotation
runs to the paragraph's end. Limits: a dash that opens a turn of speech is no mark; straight single marks are
apostrophes.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from api.analysis.text.document import Quotation

# What may close a quotation, by the mark that opens it.
_CLOSERS: Final = {
    "„": '“”"',
    "“": "”",
    "”": "”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "›": "‹",
    "‚": "‘’",
    "‘": "’",
    '"': '"',
}
_CONTINUES: Final = '„“”«»"'  # opens the next paragraph of a long statement
_MARKS: Final = re.compile('["“”„«»‹›‚‘’]')
_STATEMENT_WORDS: Final = 4  # fewer quoted words are a title, a term or irony
_READ: Final = 400  # characters of a quotation that are counted
_QUOTED: Final = "_"  # stands for quoted words


def quotations_in(text: str, paragraphs: Sequence[tuple[int, int]]) -> list[Quotation]:
    """All quotations in order, without their marks; nobody is named as their speaker."""
    found: list[Quotation] = []
    for number, (start, end) in enumerate(paragraphs):
        for low, high, is_closed in _pairs(text, start, end):
            runs_on = number + 1 < len(paragraphs) and text[paragraphs[number + 1][0]] in _CONTINUES
            if is_closed or runs_on:
                found.append(_quotation(text, low, high))
    return [quotation for quotation in found if quotation.start < quotation.end]


def quoted(sentence: str) -> list[str]:
    """The words between quotation marks in one sentence; what is left open runs to its end."""
    found = (sentence[start:end].strip() for start, end, _ in _pairs(sentence, 0, len(sentence)))
    return [words for words in found if words]


def unquoted(sentence: str) -> str:
    """The sentence with a word in the place of each passage between quotation marks."""
    return "".join(_QUOTED if is_quoted else part for part, is_quoted in _parts(sentence))


def outside(sentence: str, change: Callable[[str], str]) -> str:
    """The sentence with its words outside quotation marks changed."""
    return "".join(part if is_quoted else change(part) for part, is_quoted in _parts(sentence))


def _parts(sentence: str) -> Iterator[tuple[str, bool]]:
    """All parts of a sentence, and whether each is a passage between quotation marks, with its marks."""
    at = 0
    for start, end, is_closed in _pairs(sentence, 0, len(sentence)):
        yield sentence[at : start - 1], False
        at = end + is_closed
        yield sentence[start - 1 : at], True
    yield sentence[at:], False


def _pairs(text: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """The (start, end) between marks in text[start:end], and whether a mark closes it."""
    opened: tuple[int, str] | None = None
    for match in _MARKS.finditer(text, start, end):
        at, mark = match.start(), match.group()
        if opened is not None:
            if mark in opened[1] and _closes(text, at, mark, end):
                yield opened[0], at, True
                opened = None
        elif _opens(text, at, mark, start, end):
            opened = at + 1, _CLOSERS[mark]
    if opened is not None:
        yield opened[0], end, False


def _quotation(text: str, start: int, end: int) -> Quotation:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    words = text[start : min(end, start + _READ)].split()
    return Quotation(start, end, None, statement=len(words) >= _STATEMENT_WORDS)


def _opens(text: str, at: int, mark: str, start: int, end: int) -> bool:
    """Whether the mark stands before a word and not behind one. A space may follow guillemets, as in French."""
    if mark not in _CLOSERS or (at > start and (text[at - 1].isalnum() or text[at - 1] in ".,!?")):
        return False
    if at + 1 >= end:
        return False
    return not text[at + 1].isspace() or mark in "«‹"


def _closes(text: str, at: int, mark: str, end: int) -> bool:
    if mark in "»›":
        return True
    return not (at + 1 < end and text[at + 1].isalnum())
