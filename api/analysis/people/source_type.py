"""Infers the type of a publisher of unknown type from the record and the text.

Each sign of `source_signs.json` (a name, an address, a declared type, a dateline, who says "we") speaks for a
type with a weight, the logarithm of odds; weights of one type add up. `other` has a fixed weight: it wins if
nothing speaks.
The confidence is the winner's share of the odds, flattened to fit labelled stories. Limits: English signs.
"""

import re
from math import exp
from typing import Final, Literal, NamedTuple
from urllib.parse import urlsplit

from msgspec import Struct

from api.analysis.text.article import Article
from api.analysis.text.data_files import data_file
from api.analysis.text.document import Text
from api.analysis.text.names import bare_name
from schemas.enums import SourceType

HEAD, TAIL = 500, 1_500  # characters of the body in which datelines and boilerplate stand
READ = 3_000  # characters of the body read for who speaks
OWN_VOICE, OTHERS_VOICE = (
    0.015,
    0.003,
)  # share of "we" and "our" outside quotations: above and below they tell
SHORTEST_NAME, NAMED = 3, 3  # letters of a publisher's name, and places of it in a text about it
LONG = 200  # words of a text in which a missing "we" tells
LEAST = 0.5  # confidence; below it the type stays unknown
UNKNOWN: Final = 1.2  # the weight of `other`
FLAT: Final = 0.8  # factor of all weights, by which the confidence fits labelled stories

Place = Literal["name", "address", "declared", "page", "head", "tail", "text"]


class SourceGuess(Struct, frozen=True):
    """The type of the publisher; `confidence` is None if the type was given, or nothing is known."""

    type: SourceType
    confidence: float | None


class _Row(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    type: SourceType
    weight: float
    place: Place
    times: int
    pattern: str
    reason: str


class _Sign(NamedTuple):
    """Adds `weight` if `pattern` occurs in its place; at least `times` per 1,000 words if that is above one.

    The place `text` is the start of the body without quotations, in lower case, in which patterns run faster.
    """

    type: SourceType
    weight: float
    place: Place
    pattern: re.Pattern[str]
    times: int


class _Signs(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    signs: list[_Row]


_SIGNS: Final = tuple(
    _Sign(
        row.type,
        row.weight,
        row.place,
        re.compile(row.pattern, 0 if row.place == "text" else re.I),
        row.times,
    )
    for row in data_file("people/source_signs.json", _Signs).signs
)
_MEDIA, _BLOG, _CROWD = (
    SourceType.MEDIA,
    SourceType.COMPANY_BLOG,
    SourceType.COMMUNITY,
)
_QUOTED = re.compile(r"[“\"][^“”\"\n]{1,600}[”\"]")
_OWN = re.compile(r"\b(?:we|our|ours|us)\b")


def source_type(document: Text) -> SourceGuess:
    """The given type, or if that is `other` the inferred one."""
    given = document.article.source.type
    return SourceGuess(given, None) if given is not SourceType.OTHER else document.once(_inferred)


def _inferred(document: Text) -> SourceGuess:
    places = _places(document)
    thousands = max(1.0, len(places["text"].split()) / 1_000)
    weights: dict[SourceType, float] = {}
    for sign in _SIGNS:
        text = places[sign.place]
        if text and _occurs(sign, text, thousands):
            weights[sign.type] = weights.get(sign.type, 0.0) + sign.weight
    own = _own_voice(places["text"])
    if own >= OWN_VOICE:
        for kind, weight in ((_BLOG, 1.0), (_CROWD, 0.7), (_MEDIA, -2.0)):
            weights[kind] = weights.get(kind, 0.0) + weight
    if _is_subject(document.article):
        for kind, weight in ((_BLOG, 1.5), (_CROWD, 1.0), (_MEDIA, -2.0)):
            weights[kind] = weights.get(kind, 0.0) + weight
    elif own <= OTHERS_VOICE and document.article.words >= LONG:
        weights[_MEDIA] = weights.get(_MEDIA, 0.0) + 1.5
    odds = {kind: exp(FLAT * weight) for kind, weight in weights.items()}
    total = sum(odds.values()) + exp(FLAT * UNKNOWN)
    best = max(weights, key=lambda kind: (weights[kind], kind), default=None)
    if best is None or odds[best] < LEAST * total:
        return SourceGuess(SourceType.OTHER, None)
    return SourceGuess(best, round(odds[best] / total, 3))


def _is_subject(article: Article) -> bool:
    """Whether the text is about the publisher: its name stands in the title or several times in the text."""
    name = bare_name(article.source.name or "")
    if len(name) < SHORTEST_NAME or "." in name:
        return False
    return name in article.title or article.text.count(name) >= NAMED


def _own_voice(text: str) -> float:
    """The share of words of the first person plural."""
    return len(_OWN.findall(text)) / max(1, len(text.split()))


def _occurs(sign: _Sign, text: str, thousands: float) -> bool:
    if sign.times == 1:
        return sign.pattern.search(text) is not None
    return len(sign.pattern.findall(text)) >= sign.times * thousands


def _places(document: Text) -> dict[Place, str]:
    article = document.article
    body = article.text[article.body_start :]
    address = urlsplit(article.url) if article.url else None
    host = (address.hostname if address else None) or article.source.host or ""
    return {
        "name": article.source.name or "",
        "address": f"{host}{address.path if address else ''}",
        "declared": article.publisher_kind or "",
        "page": article.page_type or "",
        "head": body[:HEAD],
        "tail": body[-TAIL:],
        "text": _QUOTED.sub(" ", document.folded[article.body_start :][:READ]),
    }
