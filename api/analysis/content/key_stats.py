"""The figures of a text: each number with the statement that says what it measures, the news' own first.

By the parse, that is the clause with its subject (`figure_statements.py`); in words of another speaker, whom the
clause would not name, the noun that the number counts. Both are spans of the text. A figure has a unit,
a currency, a percentage, or digits before a noun that it counts; each value, and each statement, is shown once.
Bare years, dates, ages and spans of time that have passed, telephone and list numbers, versions, statuses, what
is only supposed or asked, and numbers within names ("GPT-3", "180 Steps Forward") are excluded, and so is the
small print.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from api.analysis.content.figure_statements import counted_noun, is_supposed, statement_around
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import Document, Sentence
from api.analysis.text.spans import span
from schemas.assessments import KeyStat

if TYPE_CHECKING:
    from spacy.tokens import Token

MAX_STATS = 6
MIN_DIGITS = 4  # of a figure without a unit; three may be a name
FEW_DIGITS = 2  # of one that counts the noun right behind it
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
_CURRENCY = re.compile(
    r"(?:\b(?:AED|AUD|CAD|CHF|CNY|EUR|GBP|INR|JPY|NOK|SEK|USD|Rs\.?) |(?:\b(?:AU|A|CA|C|HK|NZ|S|US))(?=\$))$"
)
_BILLION = re.compile(r"[BM]\b")
_VAGUE = re.compile(r"\b(?:several|a few|tens of) $", re.IGNORECASE)
_OLD = re.compile(
    r"[ -](?:old\b|of age\b|ago\b|earlier\b|later\b|before\b)|-(?:year|month|week|day)s?-?old\b",
    re.IGNORECASE,
)
_TELEPHONE = re.compile(r"\+\d{1,3}[\d ()-]{6,16}\d|\(?\b\d{3}\)?[ .-]?\d{3}[.-]\d{4}\b")
_TIME = re.compile(r"(?:year|month|week|day|hour|minute|second)s?$", re.IGNORECASE)
_BASELINE = re.compile(
    r"\b(?:from|against|compared (?:with|to)|versus|than|out of(?: the)?) (?:about |only |just )?$",
    re.IGNORECASE,
)
_POINTING = re.compile(r"(?:that|this|these|those|it|they|he|she|which|there)\b", re.IGNORECASE)
_OFFER = re.compile(
    r"\b(?:discount|save up to|off (?:their|your|the|all)|coupon|promo)\b|(?:percent|%) off\b", re.IGNORECASE
)
# From here on a release is small print.
_SMALL_PRINT = re.compile(
    r"\b(?:disclaimers?:|forward-looking statements?|safe harbou?r|prospectus|sponsored content|"
    r"not (?:intended (?:as|to be) |be construed as )?(?:a solicitation|investment advice|investing advice))",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"About [A-Z][\w&.’' -]{1,40}")  # heading of a box about the firm


def key_stats(
    document: Document, news: Collection[Sentence] = (), claims: Sequence[Sentence] = ()
) -> list[KeyStat]:
    """At most six figures: those of the news and the central claims first, then those with a unit."""
    found: list[tuple[int, int, KeyStat]] = []
    near = {s.index for s in news}
    central = {s.index for s in claims}
    boxed = 0
    for sentence in document.sentences:
        if sentence.role == "body" and _SMALL_PRINT.search(sentence.text):
            break
        boxed = boxed or (sentence.role == "body" and _ABOUT.fullmatch(sentence.text) is not None)
        if is_boilerplate(sentence.text) or sentence.text.rstrip().endswith("?"):
            continue
        worth = 3 * (sentence.index in near) + (sentence.index in central) + (sentence.role == "lead")
        for number in sentence.numbers:
            if (figure := _figure(document, sentence, *number)) is None:
                continue
            whole = statement_around(document, sentence, *figure)
            place = whole or counted_noun(document, sentence, *figure)
            if place is None or not _says_what(document, place, figure):
                continue
            stat = KeyStat(
                value=document.text[slice(*figure)],
                measures=document.text[slice(*place)],
                spans=[span(document.text, *figure), span(document.text, *place)],
            )
            own = _worth(document, stat) - 2 * (whole is None) - 3 * boxed
            found.append((worth + own, figure[0], stat))
    best: list[KeyStat] = []
    statements: set[int] = set()  # where they begin
    for _, _, stat in sorted(found, key=lambda f: (-f[0], f[1])):
        first = stat.spans[1].start not in statements
        statements.add(stat.spans[1].start)
        if first and len(best) < MAX_STATS and not any(_repeats(stat, other) for other in best):
            best.append(stat)
    return best


def _worth(document: Document, stat: KeyStat) -> int:
    """How much the figure tells: a sum more than a span of time, a result more than what it began with."""
    start = stat.spans[0].start
    before = document.text[max(0, start - _LABEL) : start]
    return (
        2 * (_STRONG.search(stat.value) is not None)
        - (_TIME.search(stat.value) is not None)
        - (_BASELINE.search(before) is not None)
        - 2 * (_POINTING.match(stat.measures) is not None)
        - 3 * (_OFFER.search(stat.measures) is not None)
    )


def _repeats(stat: KeyStat, other: KeyStat) -> bool:
    """Whether the value, or the statement, is shown already."""
    same = stat.spans[1].start < other.spans[1].end and other.spans[1].start < stat.spans[1].end
    return same or stat.value.lower() == other.value.lower()


def _figure(document: Document, sentence: Sentence, start: int, end: int) -> tuple[int, int] | None:
    """The characters of the figure with its currency and unit; None if the number is no figure."""
    text, before = document.text, max(sentence.start, start - _LABEL)
    if text[end - 1].isdigit() and (span_of_numbers := _RANGE.match(text, end, sentence.end)):
        end = span_of_numbers.end()
    unit = _UNIT.match(text, end, sentence.end)
    if unit and not _STRONG.search(text, start, end):
        end = unit.end()
    if text[start] in "$€£" and _BILLION.match(text, end):
        end += 1
    token = document.doc[document.token_at(start)]
    vague = _VAGUE.search(text, before, start)
    if opening := vague or _CURRENCY.search(text, before, start):
        start = opening.start()
    is_name = _is_part_of_name(token, text, sentence.start, start, end)
    if is_name or not any(c.isalnum() for c in text[start:end]) or _is_past(text, start, end):
        return None
    if is_supposed(document, sentence, token.idx):
        return None
    return (start, end) if vague or _counts(document, token, start, end) else None


def _is_past(text: str, start: int, end: int) -> bool:
    """Whether the figure is an age, a time that has passed, or part of a telephone number."""
    if _OLD.match(text, end):
        return True
    return any(
        m.start() < end and start < m.end()
        for m in _TELEPHONE.finditer(text, max(0, start - _LABEL), end + _LABEL)
    )


def _counts(document: Document, token: Token, start: int, end: int) -> bool:
    """Whether the figure has a unit, three digits or a noun to count, and does not begin a name."""
    text = document.text
    value = text[start:end]
    if _MAGNITUDE.fullmatch(value):
        return False  # "hundreds", "a billion"
    if _STRONG.search(value) or (_UNIT.search(value) and not value.isalpha()):
        return True
    is_name = "," not in value and text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()
    counts = token.dep_ == "nummod" and token.head.tag_ == "NNS" and token.head.i > token.i
    part = text[end : end + 4] == " of "
    digits = sum(c.isdigit() for c in value)
    return digits >= (FEW_DIGITS if counts or part else MIN_DIGITS) and "." not in value and not is_name


def _says_what(document: Document, place: tuple[int, int], figure: tuple[int, int]) -> bool:
    """Whether the words at `place` have a noun or verb besides the figure."""
    tokens = document.doc[document.token_at(place[0]) : document.token_at(place[1] - 1) + 1]
    return any(t.pos_ in ("NOUN", "PROPN", "VERB") and not figure[0] <= t.idx < figure[1] for t in tokens)


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
    if text[end : end + 1] == "-" and text[end + 1 : end + 2].isalpha():
        return True  # "a 400-piece wing"
    if text[start - 1 : start] == "(" and text[end : end + 1] == ")":
        return True  # "a loss of ($1.2) million"
    return text[end : end + 1] == "." and text[end + 1 : end + 2].isdigit()
