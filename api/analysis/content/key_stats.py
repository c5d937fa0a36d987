"""The figures of a text: each number with the part of its sentence that says what it measures.

By the parse, that is the noun that the number counts, or the whole clause of its verb; only the noun in words of
another speaker, whom the clause would not name. Both are spans of the text. A figure has a unit, a currency, a
percentage or three digits, and each value is shown once. Bare years and dates, list numbers, versions, statuses,
and numbers within names ("GPT-3", "180 Steps Forward") are excluded.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.spans import span
from schemas.assessments import KeyStat

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_STATS = 8
MIN_DIGITS = 3  # of a figure without a unit
MAX_MEASURE = 200  # characters; longer clauses are no measures
_UNIT = re.compile(
    r"[ -]?(?:%|percent(?:age points?)?|per cent|million|billion|trillion|thousand|hundred|dollars?|euros?|"
    r"pounds?|years?|months?|weeks?|days?|hours?|minutes?|seconds?|miles?|km|kg|tons?|tonnes?|gigawatts?|"
    r"megawatts?|[kmgt]b|ghz|mhz|times|x|milliseconds?|microseconds?|ms|mm|cm|km/h|mph|kwh|[kmgt]wh|kilomet(?:er|re)s?|"
    r"met(?:er|re)s?|(?:kilo|milli)?grams?|mg|lit(?:er|re)s?|hectares?|acres?)\b(?!/)|\s(?:g|kW|MW|GW|Hz|ml)\b",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s?[-–—]\s?[$€£¥]?\d+(?:[.,]\d+)*(?:\s?%)?")
_STRONG = re.compile(r"[%$€£¥]|percent|per cent|million|billion|trillion|thousand", re.IGNORECASE)
_MAGNITUDE = re.compile(r"(?:dozen|hundred|thousand|million|billion|trillion)s?", re.IGNORECASE)
_NAMES = frozenset({"DATE", "TIME", "PRODUCT", "LAW", "PERSON", "ORG", "FAC", "GPE", "EVENT", "WORK_OF_ART"})
_LABELLED = re.compile(
    r"\b(?:type|version|step|lot|phase|chapter|section|page|figure|room|bus|route|call|no|http|https|status|error|"
    r"errors|code|codes|port|article|rule|issue|ticket|form|flight|highway|release|build|clause|paragraph)\.? $",
    re.IGNORECASE,
)
# A status of HTTP. "400 responses" and "500 pages" may be counts.
_STATUS = re.compile(
    r"(?:40[134]|429|50[234])(?:s\b| (?:errors?|status|codes?|responses?|pages?|not found)\b)|"
    r"[45]\d\d (?:errors?|status|codes?)\b",
    re.IGNORECASE,
)
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|March|April|May|June|July|Aug(?:ust)?|Sept(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|"
    r"Dec(?:ember)?)"
)
_DAY = re.compile(rf"(?:st|nd|rd|th)?(?:\s?(?:and|to|or|[-–])\s?\d{{1,2}}(?:st|nd|rd|th)?)?\s{_MONTH}\b")
_OF_MONTH = re.compile(rf"\b{_MONTH} (?:\d{{1,2}} ?(?:and|to|or|[-–]) ?)?$")
_LABEL = 24  # characters before a figure that may name what it numbers
_PLAN = re.compile(r"\([a-z]\)")  # 401(k)
_LEADING = re.compile(r"(?:and|or|but|that|while|so|because|when|as well as)\s+", re.IGNORECASE)
_TRAILING = re.compile(r"(?<!\s)\s+(?:and|or|but|with|of|to|by|as|for|in|while|which|that)$", re.IGNORECASE)
_RELATIVE = re.compile(r"(?:which|who|whose|whom|where|compared|down|up)\b", re.IGNORECASE)
_ABOUT = re.compile(r"About [A-Z][\w&.’' -]{1,40}")  # heading of a box about the firm


def key_stats(document: Document) -> list[KeyStat]:
    """At most eight figures, in the order of the text; those with a unit, or in title and lead, win."""
    found: list[tuple[int, int, KeyStat]] = []
    seen: set[str] = set()
    boxed = False
    for sentence in document.sentences:
        boxed = boxed or (sentence.role == "body" and _ABOUT.fullmatch(sentence.text) is not None)
        if is_boilerplate(sentence.text):
            continue
        for start, end in sentence.numbers:
            stat = _stat(document, sentence, start, end)
            if stat is None:
                continue
            rank = 2 * (_STRONG.search(stat.value) is not None) + (sentence.role != "body") - 3 * boxed
            found.append((-rank, start, stat))
    best: list[tuple[int, int, KeyStat]] = []
    for one in sorted(found, key=lambda f: f[:2]):
        if (value := one[2].value.lower()) not in seen and len(best) < MAX_STATS:
            seen.add(value)
            best.append(one)
    return [stat for _, _, stat in sorted(best, key=lambda f: f[1])]


def _stat(document: Document, sentence: Sentence, start: int, end: int) -> KeyStat | None:
    text = document.text
    if span_of_numbers := _RANGE.match(text, end, sentence.end):
        end = span_of_numbers.end()
    unit = _UNIT.match(text, end, sentence.end)
    if unit and not _STRONG.search(text, start, end):
        end = unit.end()
    token = document.doc[document.token_at(start)]
    if _is_part_of_name(token, text, sentence.start, start, end) or not any(
        c.isalnum() for c in text[start:end]
    ):
        return None
    if not _counts(text, start, end):
        return None
    low, high = _measure(document, sentence, token, end)
    measures = _opened(_TRAILING.sub("", text[low:high].strip(" ,;:–—-*•")))
    if _RELATIVE.match(measures) or measures.count("(") != measures.count(")"):
        return None
    begun = document.doc[document.token_at(text.index(measures, low))]
    if begun.pos_ in ("VERB", "AUX") and begun.i and document.doc[begun.i - 1].text == "that":
        return None  # "that brings 10 teams": of what?
    if not _says_what(document, text.index(measures, low), len(measures), start, end):
        return None
    if len(measures.split()) < 2 or "\n" in measures or not 1 < len(measures) <= MAX_MEASURE:
        return None
    low = text.index(measures, low)
    if (low, low + len(measures)) == (start, end):
        return None
    return KeyStat(
        value=text[start:end],
        measures=measures,
        spans=[span(text, start, end), span(text, low, low + len(measures))],
    )


def _counts(text: str, start: int, end: int) -> bool:
    """Whether the figure has a unit or three digits, and does not begin a name."""
    value = text[start:end]
    if _MAGNITUDE.fullmatch(value):
        return False  # "hundreds", "a billion"
    if _STRONG.search(value) or _UNIT.search(value):
        return True
    is_name = "," not in value and text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()
    return sum(c.isdigit() for c in value) > MIN_DIGITS - 1 and "." not in value and not is_name


def _opened(measures: str) -> str:
    leading = None if measures.startswith("That ") else _LEADING.match(measures)
    return measures[leading.end() :] if leading else measures


def _says_what(document: Document, low: int, length: int, start: int, end: int) -> bool:
    """Whether the measure has a noun or verb besides the figure."""
    tokens = document.doc[document.token_at(low) : document.token_at(low + length - 1) + 1]
    return any(t.pos_ in ("NOUN", "PROPN", "VERB") and not start <= t.idx < end for t in tokens)


def _is_part_of_name(token: Token, text: str, opening: int, start: int, end: int) -> bool:
    """Whether the figure at [start, end), in a sentence from `opening`, names or dates instead of counting."""
    before = token.nbor(-1) if token.i else None
    before_it = text[max(opening, start - _LABEL) : start]
    if _PLAN.match(text, end):
        return True
    if not _STRONG.search(text, start, end) and (
        token.ent_type_ in _NAMES
        or (before is not None and before.pos_ == "PROPN")
        or _LABELLED.search(before_it)
        or _STATUS.match(text, start)
        or _OF_MONTH.search(before_it)
        or _DAY.match(text, end)
    ):
        return True
    if start and (text[start - 1].isalnum() or text[start - 1] in "-_/#:."):
        return True
    if end < len(text) and (text[end].isalnum() or text[end] in "_/:"):
        return True
    return text[end : end + 1] == "." and text[end + 1 : end + 2].isdigit()


def _measure(document: Document, sentence: Sentence, token: Token, end: int) -> tuple[int, int]:
    """The part of the clause around a number, [low, high): its noun phrase with dependents, or its clause."""
    first, last = sentence.first, sentence.last
    head = token
    relayed = document.relayed_voice(token.idx, token.idx + len(token.text)) != DOCUMENT_VOICE
    while head.pos_ in ("NUM", "SYM", "ADV") and head.head.i != head.i and first <= head.head.i < last:
        if relayed and head.head.pos_ in ("VERB", "AUX"):
            break
        head = head.head
    climbs = 0
    while head.pos_ not in ("VERB", "AUX") and head.head.i != head.i and climbs < 4:
        if not first <= head.head.i < last:
            break
        if relayed and head.head.pos_ in ("VERB", "AUX"):
            break  # a clause would lose its speaker
        head = head.head
        climbs += 1
    low, high = max(head.left_edge.i, first), min(head.right_edge.i + 1, last)
    low, high = _within_commas(document, low, high, token.i)
    at = document.doc[high - 1]
    return document.doc[low].idx, max(end, at.idx + len(at.text))


def _within_commas(document: Document, low: int, high: int, at: int) -> tuple[int, int]:
    """Cut a wide stretch at the punctuation around the number."""
    doc = document.doc
    for i in range(at - 1, low - 1, -1):
        if doc[i].text in {",", ";", ":", "—", "–", "(", "“", "”", '"'} or doc[i].is_space:
            low = i + 1
            break
    for i in range(at + 1, high):
        if doc[i].text in {",", ";", ":", "—", "–", ")", "“", "”", '"', ".", "!", "?"} or doc[i].is_space:
            high = i
            break
    return low, max(high, low + 1)
