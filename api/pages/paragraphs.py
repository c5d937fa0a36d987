"""Converts the extractor's tree to paragraphs, without page furniture."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from api.analysis.text.disguises import without_invisible
from api.analysis.text.page_titles import same_name

HEAD_PARAGRAPHS: Final = 6  # that may repeat the title, with rubric, byline and date
SHORT_WORDS: Final = 8  # most of a rubric, a byline or a date

_BLOCKS: Final = frozenset(
    {"p", "head", "quote", "list", "item", "table", "row", "code", "div", "body", "figure"}
)
_BREAK: Final = "\u2028"
_SPACES = re.compile(rf"[^\S{_BREAK}]+")
_BREAKS = re.compile(rf"{_BREAK}\s*{_BREAK}[\s{_BREAK}]*")
_BLANKS = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n\s*\n")
_SENTENCE_END = re.compile(r"[.!?:;…。！？][\"'”’»)\]]*$")


def paragraphs(body: Any) -> list[str]:
    """The paragraphs of a trafilatura body (an lxml element), in order.

    Folds white space, preserves line breaks (`br`), and drops invisible characters, lines without a letter or
    digit, and immediate repetitions.
    """
    found: list[str] = []
    for paragraph in _texts(body):
        if any(c.isalnum() for c in paragraph) and paragraph not in found[-1:]:
            found.append(paragraph)
    return found


def without_head(found: Sequence[str], title: str) -> list[str]:
    """The paragraphs without the repeated head: title, rubric, byline, date. The last paragraph always stays."""
    head, rest = list(found[:HEAD_PARAGRAPHS]), list(found[HEAD_PARAGRAPHS:])
    titles = [index for index, paragraph in enumerate(head) if title and same_name(paragraph, title)]
    before = titles[-1] if titles else 0
    head = [p for i, p in enumerate(head) if i not in titles and not (i < before and _is_line(p))]
    while head and (len(head) > 1 or rest) and _is_line(head[0]):
        del head[0]
    return head + rest


def plain_paragraphs(text: str) -> list[str]:
    """The paragraphs of plain text, separated by blank lines."""
    text = without_invisible(text).replace("\r\n", "\n").replace("\r", "\n").strip()
    parts = _BLANK_LINES.split(text)
    return [folded for part in parts if (folded := _BLANKS.sub(" ", part).strip())]


def _texts(element: Any) -> Iterator[str]:
    """Each block's own text; a nested block ends the outer one's paragraph."""
    pieces: list[str] = []
    yield from _walk(element, pieces)
    yield from _flush(pieces)


def _walk(element: Any, pieces: list[str]) -> Iterator[str]:
    pieces.append(element.text or "")
    for child in element:
        if child.tag in _BLOCKS:
            yield from _flush(pieces)
            yield from _walk(child, pieces)
            yield from _flush(pieces)
        elif child.tag == "lb":
            pieces.append(_BREAK)
        elif isinstance(child.tag, str):
            yield from _walk(child, pieces)
            if child.tag == "cell":
                pieces.append(" ")
        pieces.append(child.tail or "")


def _flush(pieces: list[str]) -> Iterator[str]:
    text = _SPACES.sub(" ", without_invisible("".join(pieces)))
    pieces.clear()
    for part in _BREAKS.split(text):
        lines = (line.strip() for line in part.split(_BREAK))
        if paragraph := "\n".join(line for line in lines if line):
            yield paragraph


def _is_line(paragraph: str) -> bool:
    return (
        len(paragraph.split()) <= SHORT_WORDS and len(paragraph) < 80 and not _SENTENCE_END.search(paragraph)
    )
