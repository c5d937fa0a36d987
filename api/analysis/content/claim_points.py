"""Asks of central claims for their proof and for the measurement of their figures.

It asks only of assertions without support (`ClaimSupport.ASSERTED`) in the text's own voice, the most steering
first. They give a share or a factor, or steer and tell no mere deed. `open_points.json` has the wordings and
their reasons.
"""

import re
from collections.abc import Sequence
from typing import Final

from api.analysis.claims.claims import CentralClaim
from api.analysis.content.absent_item import AbsentItem
from api.analysis.content.key_phrases import core_of
from api.analysis.content.news import News, told
from api.analysis.content.open_points import CLAIM_POINTS
from api.analysis.text.document import DOCUMENT_VOICE, Document, Sentence
from api.analysis.text.lexicon import words
from schemas.enums import ClaimSupport

MIN_WORDS, MAX_WORDS = 4, 26
LEAST_WEIGHT: Final = 0.6  # strength by which a sentence steers
SURE: Final = 0.5  # chance that a reader marks a loaded term
# Shares and factors, which somebody must have measured; sums and dates are told by deeds.
_MEASURED = re.compile(
    r"\b\d[\d.,]{0,9}(?: ?%| percent\b| per cent\b|x\b| times\b|-fold\b)|\b(?:twice|half) (?:as|the)\b"
)
_ODD = re.compile(r"[”“:;—|•…]|[^\w\s]{3}|\.\w{2,4}\b|\n")
_POINTING = re.compile(
    r"\b(?:this|these|those|it|they|he|she|such|there|here|I|we|our|my|you|your|both|one|another|other)\b",
    re.I,
)
_JOINED = re.compile(
    r"^\W*(?:far|while|for|although|though|after|before|when|what|as|by|if|to|since|but|and)\b|, but "
    r"|\b(?:I|we|our|my|me|us)\b",
    re.I,
)
# Aims need no proof; estimates name their source.
_SOURCED = re.compile(
    r"\b(?:goals?|aims?|mission|purpose|vision) (?:\w+ ){0,3}(?:is|are|was) to\b"
    r"|\b(?:according to|estimates? (?:that|a|an|the)|\w+ (?:found|estimated|reported|forecasts?) that)\b"
    r"|\b(?:data|figures|survey|study|report|research|poll) (?:by|from|of)\b",
    re.I,
)
# Verbs of deeds: these are news and need no proof.
_DEEDS = words(
    "announce launch release publish sue file appoint name join speak say tell evaluate license sign partner "
    "call introduce unveil open close host hold present receive win raise acquire buy sell move hire elect "
    "approve agree plan expect retain own remain add update report complete begin start continue schedule send "
    "lead let aim work ask urge discuss check write meet visit offer stand poll invest put create fly"
)


def claim_points(
    document: Document, central: Sequence[CentralClaim], actor: str | None, subject: str | None
) -> dict[str, AbsentItem]:
    """At most one open claim for each of "shown" (its proof) and "measured" (its measurement).

    `actor` is the party for which the whole text speaks, `subject` the name of who acts.
    """
    weights = next(iter(document.sentence_weights()), [0.0] * len(document.sentences))
    found: dict[str, AbsentItem] = {}
    for one in sorted(central, key=lambda c: (-weights[c.sentence.index], c.claim.number)):
        sentence = one.sentence
        code = "measured" if _MEASURED.search(sentence.text) else "shown"
        if code in found or one.claim.support is not ClaimSupport.ASSERTED or sentence.role == "title":
            continue
        if sentence.text.endswith("?") or sentence.attributed_to or _SOURCED.search(sentence.text):
            continue
        if one.claim.voice not in (DOCUMENT_VOICE, actor) or not (
            code == "measured" or _steers(document, sentence, weights[sentence.index])
        ):
            continue
        news = told(document, [sentence], actor, subject)
        claim = _claim(document, news) if news.sentence.index == sentence.index else None
        if claim is None:
            continue
        row = CLAIM_POINTS[code]
        found[code] = AbsentItem(
            code=f"claim_{code}",
            lacks=row.lacks.format(claim=claim),
            looked_for=row.looked_for,
            question=row.question.format(claim=claim),
            place=(sentence.start, sentence.end),
            brief=row.brief,
        )
    return found


def _claim(document: Document, news: News) -> str | None:
    """The claim as a statement, else it or its core in quotation marks; None if it makes no sense alone."""
    if news.statement is not None and _stands_alone(news.statement):
        return f"that {news.statement}"
    quotes = (news.quote, core_of(document, news.sentence)) if news.is_whole else ()
    return next((f"“{quote}”" for quote in quotes if quote and _stands_alone(quote)), None)


def _stands_alone(claim: str) -> bool:
    said = claim.split()
    if not MIN_WORDS <= len(said) <= MAX_WORDS or _ODD.search(claim):
        return False
    return not _POINTING.search(" ".join(said[:3])) and not _JOINED.search(claim)


def _steers(document: Document, sentence: Sentence, weight: float) -> bool:
    """Whether the sentence steers or has loaded words, and tells no mere deed."""
    root = next((t for t in document.all_tokens[sentence.first : sentence.last] if t.dep_ == "ROOT"), None)
    if root is None or root.lemma_.lower() in _DEEDS:
        return False
    return weight >= LEAST_WEIGHT or any(
        t.probability >= SURE and sentence.start <= t.start < sentence.end for t in document.tagged
    )
