"""The central claims of a text: its most check-worthy sentences, with kind, support, voice and risk.

Check-worthiness adds the sentence encoder's rating (`encoder.py`) and a linear score over features and words
(`sentence_features.py`, `linear_models.py`), both in standard deviations from the document's mean. Questions,
page furniture and sentences without a finite verb are excluded if there are others. The sentence that tells the
news comes first.

Limits: a claim is a whole sentence, without bullet and dateline, even if it makes two.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile
from statistics import fmean, pstdev

import msgspec

from api.analysis.claims.claim_hedges import claim_hedges, softens
from api.analysis.claims.claim_kinds import Kinds
from api.analysis.claims.claim_support import support_of
from api.analysis.claims.evidence_strength import evidence_strength
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import CLAIM
from api.analysis.models.linear_models import CENTRALITY, SUPPORT, LinearModel, words_of
from api.analysis.models.sentence_features import Features, relative
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.corrected_negations import is_turned_round
from api.analysis.text.datelines import DATELINE
from api.analysis.text.document import Sentence, Text
from api.analysis.text.spans import spans
from schemas.assessments import Claim, Happening, MissingEvidence
from schemas.enums import ClaimRole, ClaimSupport, EvidenceStrength, HappeningKind, Risk, Verification

MAX_CLAIMS = 8
FEWEST_CLAIMS = 4  # if the text has as many candidates
WORDS_PER_CLAIM = 100  # one claim per this many words of the body
PRIMARY_SHARE = 0.6  # of the best score, from which a claim is primary; the others support
MAX_PRIMARY = 5
MIN_TOKENS = 5  # a shorter sentence is a label or an exclamation
MAX_CHARACTERS = 1_000  # longer ones are run-on lists or page furniture
LINEAR_SHARE = 0.5  # weight of the linear score; the encoder and the mark of claims have 1
SAME = 0.6  # shared part of the smaller claim's content words that makes a repetition

_BULLET = re.compile(r"[*•·–—-]\s+")
# A cell of a table, a footnote, an entry of a log, or a short sentence that only points back: "But these are not
# reviewed yet."
_SCRAP = re.compile(
    r" \|(?: |$)|^\| |^\[\d{1,3}\] |^\W*\d{4}-\d\d-\d\d\b|"
    r"^\W*(?:(?:but|and|so|or|yet) )?(?:it|this|that|these|those|they)(?: \S+){1,7}$",
    re.IGNORECASE,
)
_TITLE_ONLY = re.compile(r"^(?:why|how|what|when|where|who|which)\b|[:|?]", re.IGNORECASE)  # states nothing
ARGUMENTS = frozenset({HappeningKind.TREND_OR_ARGUMENT})
_VERIFICATION = {
    ClaimSupport.SHOWN: Verification.SHOWN_IN_SOURCE,
    ClaimSupport.ATTRIBUTED: Verification.ATTRIBUTED_IN_SOURCE,
    ClaimSupport.ASSERTED: Verification.UNVERIFIED_IN_SOURCE,
}


@dataclass(frozen=True, slots=True)
class CentralClaim:
    """A claim with its sentence and the features that selected it."""

    claim: Claim
    sentence: Sentence
    features: Features

    @property
    def text(self) -> str:
        """The claim's words, without bullet and dateline."""
        return self.claim.text or self.sentence.text


def central_claims(
    document: EncodedDocument,
    features: list[Features],
    *,
    happening: Happening | None = None,
    news: Sentence | None = None,
    score: Mapping[int, float] | None = None,
) -> tuple[CentralClaim, ...]:
    """At most eight claims, the most central first, still without missing evidence; () without a sentence.

    `features` are those of all sentences of the document, in order; `score` is by `central_scores`. The sentence
    `news` is the first claim if it is one; that of an argument, its thesis, always is, unless it is a title that
    states nothing.
    """
    score = central_scores(document, features) if score is None else score
    first: list[int] = []
    is_thesis = happening is not None and happening.kind in ARGUMENTS and news is not None
    if news is not None and (news.index in score or (is_thesis and not _TITLE_ONLY.search(news.text))):
        first = [news.index]
    places = chosen_places(document, score, first)
    return claims_at(
        document,
        features,
        places,
        SUPPORT,
        evidence_strength(document),
        primary=primary_claims(score, places),
        happening=happening,
    )


def primary_claims(score: Mapping[int, float], places: list[int]) -> int:
    """How many of the first claims are primary: the first, and those that are nearly as central as the best."""
    least = PRIMARY_SHARE * max((score[p] for p in places if p in score), default=0.0)
    following = takewhile(lambda place: score.get(place, least) >= least > 0, places[1:MAX_PRIMARY])
    return 1 + sum(1 for _ in following)


def claims_at(
    document: Text,
    features: list[Features],
    places: list[int],
    supports: Mapping[str, LinearModel],
    strength: EvidenceStrength,
    *,
    primary: int,
    happening: Happening | None = None,
) -> tuple[CentralClaim, ...]:
    """The claims made by these sentences, in this order; the first `primary` are so.

    `supports` are the models of their support, `strength` is the text's evidence.
    """
    sentences = document.sentences
    kinds = Kinds(document, happening.kind if happening else None)
    found: list[CentralClaim] = []
    for number, place in enumerate(places):
        sentence = sentences[place]
        support = support_of(document, sentence, features[place], supports, strength)
        hedges = claim_hedges(document.text, sentence)
        start = _start(document, sentence)
        claim = Claim(
            number=number + 1,
            text=document.text[start : sentence.end],
            role=ClaimRole.PRIMARY if number < primary else ClaimRole.SUPPORTING,
            kind=kinds.of(sentence),
            support=support,
            verification=_VERIFICATION[support],
            risk=risk_of(support, features[place], hedged=softens(hedges)),
            voice=document.main_voice(sentence),
            hedges=hedges,
            missing_evidence=[],
            spans=spans(document.text, start, sentence.end),
        )
        found.append(CentralClaim(claim, sentence, features[place]))
    return tuple(found)


def _start(document: Text, sentence: Sentence) -> int:
    """The place in the text from which the sentence makes its claim, after a bullet or dateline."""
    start = sentence.start
    for pattern in (_BULLET, DATELINE):
        match = pattern.match(document.text, start, sentence.end)
        start = match.end() if match is not None and match.end() < sentence.end else start
    return start


def with_missing(claims: tuple[CentralClaim, ...], missing: list[list[MissingEvidence]]) -> list[Claim]:
    """The claims with the evidence that they lack, in the same order."""
    return [
        msgspec.structs.replace(central.claim, missing_evidence=lacks)
        for central, lacks in zip(claims, missing, strict=True)
    ]


def with_missing_unknown(claims: tuple[CentralClaim, ...]) -> list[Claim]:
    """The claims of an engine that does not search for missing evidence."""
    return [msgspec.structs.replace(central.claim, missing_evidence=None) for central in claims]


def central_places(
    document: EncodedDocument, features: list[Features], centrality: LinearModel = CENTRALITY
) -> list[int]:
    """The indices of the central claims' sentences, by rank; training passes its own `centrality`."""
    return chosen_places(document, central_scores(document, features, centrality))


def central_scores(
    document: EncodedDocument, features: list[Features], centrality: LinearModel = CENTRALITY
) -> dict[int, float]:
    """How central each candidate's sentence is, by its index."""
    candidates = claim_candidates(document, features)
    columns, marks = document.encoded.sentences, document.encoded.marks
    rated = (
        (LINEAR_SHARE, linear_scores(document, features, candidates, centrality)),
        (1.0, [float(columns[p, CLAIM]) for p in candidates]),
        (1.0, [float(marks[p, COLUMN["claim"]]) for p in candidates]),
    )
    totals = dict.fromkeys(candidates, 0.0)
    for share, values in rated:
        for place, value in zip(candidates, _standard(values), strict=True):
            totals[place] += share * value
    return totals


def linear_scores(
    document: Text, features: list[Features], candidates: list[int], centrality: LinearModel
) -> list[float]:
    """The centrality of each candidate by features, relative to its document, and words."""
    relative_features = relative(features)
    return [centrality.score(relative_features[p], words_of(document.sentences[p].text)) for p in candidates]


def chosen_places(document: Text, score: Mapping[int, float], first: Sequence[int] = ()) -> list[int]:
    """`first`, then the best-scored sentences, as many as the text's length warrants, without repetitions."""
    wanted = min(MAX_CLAIMS, max(FEWEST_CLAIMS, document.article.words // WORDS_PER_CLAIM))
    chosen: list[int] = []
    chosen_words: list[frozenset[str]] = []
    for place in (*first, *sorted(score, key=lambda p: (-round(score[p], 9), p))):
        content = frozenset(document.content_words(document.sentences[place]))
        if all(len(content & other) < SAME * max(1, min(len(content), len(other))) for other in chosen_words):
            chosen.append(place)
            chosen_words.append(content)
        if len(chosen) == wanted:
            break
    return chosen


def _standard(values: list[float]) -> list[float]:
    """In standard deviations from the mean; all 0 if they are equal."""
    if not values:
        return []
    spread = pstdev(values) or 1.0
    middle = fmean(values)
    return [(value - middle) / spread for value in values]


def claim_candidates(document: Text, features: list[Features]) -> list[int]:
    """The sentences that can be claims: checkable ones, else declarative ones, else any with words."""
    body = [p for p, s in enumerate(document.sentences) if s.role != "title"]
    stages = (
        [p for p in body if _is_checkable(document, document.sentences[p], features[p])],
        [p for p in body if _is_declarative(document.sentences[p], features[p])],
        [p for p, s in enumerate(document.sentences) if _is_declarative(s, features[p])],
    )
    return next((stage for stage in stages if stage), [])


def _is_checkable(document: Text, sentence: Sentence, features: Features) -> bool:
    return (
        _is_declarative(sentence, features)
        and sentence.last - sentence.first >= MIN_TOKENS
        and len(sentence.text) <= MAX_CHARACTERS
        and bool(features["finite_verb"])
        and not features["imperative"]
        and not _SCRAP.search(sentence.text)
        and not is_boilerplate(sentence.text)
        and not is_turned_round(document, sentence)
    )


def _is_declarative(sentence: Sentence, features: Features) -> bool:
    return not features["question"] and any(c.isalpha() for c in sentence.text)


def risk_of(support: ClaimSupport, features: Features, *, hedged: bool) -> Risk:
    """The risk of a retelling as fact: high if strong and unsupported, low if sourced or shown."""
    strong = sum(
        bool(features[name]) for name in ("superlative", "cause", "comparison", "numbers", "promise")
    )
    if support is ClaimSupport.SHOWN:
        return Risk.LOW
    if support is ClaimSupport.ATTRIBUTED:
        return Risk.MODERATE if strong > 1 and not hedged else Risk.LOW
    return Risk.HIGH if strong > 1 and not hedged else Risk.MODERATE
