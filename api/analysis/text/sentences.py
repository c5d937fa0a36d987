"""Sentence boundaries by rules over characters, before any parser sees the text.

The parser's boundaries are not used: a claim's identity across engine versions depends on its sentence,
headlines and list items have no full stop, and the parser's time and memory are quadratic in a sentence's length
(200,000 characters: 14 s and 800 MB).

Limits: an unlisted abbreviation before a capital ends a sentence; a sentence that starts in lower case joins the
previous one.
"""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from api.analysis.text.lexicon import words

MAX_SENTENCE = 2_000  # characters; longer ones are split to bound the parser's cost
_ORDINAL = 2  # digits of a day, a place, a century

# A full stop after these never ends a sentence.
_TITLES = words(
    "mr mrs ms dr prof st mt ft rev hon gen col lt sgt capt cmdr adm maj sen rep gov pres supt vs fig figs "
    "eq no nos vol pp ed eds approx ca cf e.g i.e viz al jan feb mar apr jun jul aug sep sept oct nov dec "
    "messrs mme mlle art sec dept est op"
)
# A full stop after these ends a sentence only if the next word is in _OPENERS.
_MAY_END = words(
    "inc corp co ltd plc llc cos bros jr sr etc u.s u.k u.n e.u a.m p.m d.c ph.d b.sc m.sc calif mass conn "
    "n.y n.j s.a n.v gmbh ag univ assn"
)
_OPENERS = words(
    "the a an this that these those it its he she they we you i his her their our my in on at as for from by "
    "with after before since while when if although though but and so yet however still also there here what "
    "who how why where no not all some many most more one two both each every last next now then today "
    "yesterday shares meanwhile according"
)
_PARAGRAPH = re.compile(r"\n[ \t]*\n\s*")
_LINE = re.compile(r"\n[ \t]*")
_BULLET = re.compile(r"(?:[-*•·–—]|\d{1,3}[.)])\s")
QUOTED_LINE = re.compile(r"(?:>[ \t]?){1,5}")
_STOP = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’»)\]]{0,3}(?=\s)|[。！？]+[」』”]?")
_OPENING = "\"'“‘«(["
_WORD_BEFORE = re.compile(r"[^\s(\[\"“‘'/]{1,24}\Z")
_NEXT_WORD = re.compile(r"[\w'’.]{1,24}")
_INITIALS = re.compile(r"(?:[a-z]\.)+[a-z]")
_SOFT_CUT = re.compile(r"[;:,—–]\s+")


@dataclass(frozen=True, kw_only=True)
class Stops:
    """What full stops mean in a language.

    One after a word of `never` never ends a sentence, with `ordinals` neither does one after a figure of at most
    two digits. One after a word of `may_end` does if the next word is in `openers`. `end` finds possible ends;
    marks of `opening` may stand before the next word.
    """

    never: frozenset[str]
    may_end: frozenset[str] = frozenset()
    openers: frozenset[str] = frozenset()
    ordinals: bool = False
    end: re.Pattern[str] = _STOP
    opening: str = _OPENING


ENGLISH: Final = Stops(never=_TITLES, may_end=_MAY_END, openers=_OPENERS)


def sentence_bounds(text: str, body_start: int, stops: Stops = ENGLISH) -> tuple[list[tuple[int, int]], bool]:
    """The stripped (start, end) of every sentence in order, and whether one was cut.

    A paragraph break and the end of the title at `body_start` always end a sentence.
    """
    bounds: list[tuple[int, int]] = []
    was_split = False
    for start, end in paragraphs(text, body_start):
        for low, high in _split_block(text, start, end, stops):
            pieces = list(_within_limit(text, low, high))
            was_split = was_split or len(pieces) > 1
            bounds.extend(pieces)
    return bounds, was_split


def paragraphs(text: str, body_start: int) -> list[tuple[int, int]]:
    """The (start, end) of all paragraphs, the title included. No sentence or quotation crosses them."""
    breaks = [(0, 0), *((m.start(), m.end()) for m in _PARAGRAPH.finditer(text))]
    if body_start:
        breaks.append((body_start, body_start))
    if not _hard_wrapped(text):
        breaks.extend((m.start(), m.end()) for m in _LINE.finditer(text))
    else:
        breaks.extend((m.start(), m.end()) for m in _LINE.finditer(text) if _BULLET.match(text, m.end()))
    breaks.append((len(text), len(text)))
    breaks.sort()
    return [(left[1], right[0]) for left, right in pairwise(breaks) if left[1] < right[0]]


def _hard_wrapped(text: str) -> bool:
    """Whether lines are broken at a fixed column, as in mail: over a third continue in lower case."""
    breaks = [m.end() for m in _LINE.finditer(text)]
    continued = sum(text[at : at + 1].islower() for at in breaks)
    return continued * 3 > len(breaks)


def _split_block(text: str, start: int, end: int, stops: Stops) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for match in stops.end.finditer(text, start, end):
        if match.end() < end and _ends_sentence(text, match, start, end, stops):
            found.append((start, match.end()))
            start = match.end()
    found.append((start, end))
    if mark := QUOTED_LINE.match(text, found[0][0], end):
        found[0] = (min(mark.end(), found[0][1]), found[0][1])
    trimmed = (_trim(text, low, high) for low, high in found)
    return [(low, high) for low, high in trimmed if low < high]


def _ends_sentence(text: str, match: re.Match[str], start: int, end: int, stops: Stops) -> bool:
    if match.group()[0] in "。！？":
        return True
    at = match.end()
    while at < end and text[at].isspace():
        at += 1
    at_quote = at
    while at < end and text[at] in stops.opening:
        at += 1
    if at == end:
        return True
    if text[at].islower() and not text[at + 1 : at + 2].isupper():  # but "iPhone" opens a sentence
        return False
    before = _WORD_BEFORE.search(text, max(start, match.start() - 25), match.start())
    if match.group()[0] != "." or len(match.group()) > 1 or before is None:
        return True
    word = before.group().lower().lstrip("$€£")
    if at_quote != at:
        return not (text[at_quote] == "(" and word in stops.may_end)  # "Corvell Inc. (NASDAQ: CRVL) said"
    if word in stops.never or (len(word) == 1 and word.isalpha()):
        return False
    if stops.ordinals and len(word) <= _ORDINAL and word.isdecimal():
        return False
    following = _NEXT_WORD.match(text, at)
    opens = following is not None and following.group().lower().rstrip(".") in stops.openers
    return opens or not (word in stops.may_end or _INITIALS.fullmatch(word))


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _within_limit(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """[start, end) in pieces of at most MAX_SENTENCE: cut behind a clause, else a word, else anywhere."""
    pieces: list[tuple[int, int]] = []
    while end - start > MAX_SENTENCE:
        limit = start + MAX_SENTENCE
        half = start + MAX_SENTENCE // 2
        soft = [m.end() for m in _SOFT_CUT.finditer(text, half, limit)]
        space = next((at for at in range(limit - 1, half, -1) if text[at].isspace()), limit)
        piece = _trim(text, start, soft[-1] if soft else space)
        if piece[0] < piece[1]:
            pieces.append(piece)
        start = soft[-1] if soft else space
    last = _trim(text, start, end)
    return [*pieces, last] if last[0] < last[1] else pieces
