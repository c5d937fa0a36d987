"""Outputs for single sentences, by which public sets measure the engine.

No gate precedes them: any text is judged, even a single sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.analysis.engines.reading import read
from api.analysis.framing.spin import Judgement, judge
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.encoder import CLAIM, MARK_COLUMNS
from api.analysis.models.linear_models import CENTRALITY, words_of
from api.analysis.models.sentence_features import Features, relative, sentence_features
from api.analysis.models.sentence_heads import COLUMN
from api.analysis.text.document import Sentence
from api.pages.articles import article_from_text
from schemas.enums import SpinType
from schemas.taxonomy import Taxonomy

Floats = NDArray[np.floating[Any]]
SEEN = 1_000  # hundredths: ten points for a sentence that certainly steers by one type


@dataclass(frozen=True, slots=True)
class SentenceOutput:
    """Outputs for the characters [start, end) of the text.

    `points`: hundredths of a score point from the sentence's findings, and ten points for each unit of its
    expected strength. `types`: points of the
    findings by type, plus up to ten by the encoder's confidence in that type. `check_worthy`: 0-1, a rank, not
    a probability. `loaded`: the mean probability of its words being loaded. `causal`: 0-1, strength of a causal
    statement.
    """

    start: int
    end: int
    points: int
    types: dict[SpinType, int]
    check_worthy: float
    loaded: float
    causal: float


def sentence_outputs(document: EncodedDocument, judgement: Judgement) -> list[SentenceOutput]:
    """One output for each sentence, including the title's, in order."""
    sentences = document.sentences
    types: list[dict[SpinType, int]] = [{} for _ in sentences]
    for finding in judgement.findings:
        if finding.type is not None and finding.points:
            own = types[document.sentence_at(finding.spans[0].start).index]
            own[finding.type] = own.get(finding.type, 0) + finding.points
    encoded = document.encoded
    read = _logistic(encoded.sentences[:, list(MARK_COLUMNS.values())]).tolist()
    for own, probabilities in zip(types, read, strict=True):
        for kind, probability in zip(MARK_COLUMNS, probabilities, strict=True):
            own[kind] = own.get(kind, 0) + round(SEEN * probability)
    points = [round(SEEN * p) for p in encoded.marks[:, COLUMN["steering"]].tolist()]
    for finding in judgement.findings:
        points[document.sentence_at(finding.spans[0].start).index] += finding.points
    rows = sentence_features(document)
    # against the mean of its document, as in the fit; a single sentence has no document
    against = relative(rows) if len(rows) > 1 else rows
    linear = [CENTRALITY.score(f, words_of(s.text)) for f, s in zip(against, sentences, strict=True)]
    central = (_logistic(np.array(linear)) + _logistic(encoded.sentences[:, CLAIM])) / 2
    return [
        SentenceOutput(
            start=s.start,
            end=s.end,
            points=points[s.index],
            types=types[s.index],
            check_worthy=float(central[s.index]),
            loaded=_loaded(document, s),
            causal=causal(rows[s.index]),
        )
        for s in sentences
    ]


def text_outputs(text: str, taxonomy: Taxonomy) -> list[SentenceOutput]:
    """Outputs for a text without title or source; [] if it has no sentence."""
    document = read(article_from_text(None, text, None, None))
    return sentence_outputs(document, judge(document, taxonomy)) if document.sentences else []


def points(outputs: Sequence[SentenceOutput]) -> float:
    """Of all sentences of a text, in hundredths."""
    return float(sum(o.points for o in outputs))


def loaded(outputs: Sequence[SentenceOutput]) -> float:
    """The mean over the characters of a text."""
    whole = sum(o.end - o.start for o in outputs)
    return sum(o.loaded * (o.end - o.start) for o in outputs) / max(1, whole)


def check_worthy(outputs: Sequence[SentenceOutput]) -> float:
    """Of the sentence in a text that ranks highest."""
    return max((o.check_worthy for o in outputs), default=0.0)


def _loaded(document: EncodedDocument, sentence: Sentence) -> float:
    odds = [document.encoded.tokens[token.i] for token in document.tokens(sentence) if not token.is_space]
    return float(_logistic(np.array(odds)).mean()) if odds else 0.0


def _logistic(odds: Floats) -> Floats:
    return 1 / (1 + np.exp(-odds))


def causal(features: Features) -> float:
    """0-1: up to three words of cause and effect, half if they are hedged or negated."""
    plain = 0.5 if features["hedges"] or features["negated"] else 1.0
    return plain * features["cause"] / 3
