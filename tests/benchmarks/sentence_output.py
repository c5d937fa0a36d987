"""What each sentence does for the verdict on its text: the outputs by which the engine is measured from outside.

Public sets label single sentences, so no gate stands before these outputs: any text is read and judged, also one
sentence alone.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from api.analysis.engines.reading import read
from api.analysis.framing.spin import Judgement, judge
from api.analysis.models.encoder import CLAIM, MARK_COLUMNS, SCORE
from api.analysis.models.encoder_measures import SENTENCE, SPREAD
from api.analysis.models.linear_models import CENTRALITY, words_of
from api.analysis.models.sentence_features import Features, relative, sentence_features
from api.analysis.models.weights import weights
from api.analysis.text.document import Document, Sentence
from api.pages.articles import article_from_text
from schemas.enums import SpinType
from schemas.taxonomy import Taxonomy

Floats = NDArray[np.floating[Any]]
SEEN = 1_000  # hundredths: ten points for a sentence that steers by one type for certain


@dataclass(frozen=True, slots=True)
class SentenceOutput:
    """Characters [start, end) of the text and what the engine says of them.

    `points`: hundredths of a score point that the sentence adds, by its findings and as the encoder reads it.
    `types`: the findings' points by type, and up to ten for how surely a reader sees it steer by that type.
    `check_worthy`: 0-1, a rank rather than a probability. `loaded`: the mean of its words' probabilities of being
    loaded. `causal`: 0-1, how plainly the sentence says that one thing brings about another.
    """

    start: int
    end: int
    points: int
    types: dict[SpinType, int]
    check_worthy: float
    loaded: float
    causal: float


def sentence_outputs(document: Document, judgement: Judgement) -> list[SentenceOutput]:
    """One output for each sentence of the document, the title's among them, in order."""
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
    weight = weights().score.features[SENTENCE]
    points = [round(weight * p) for p in SPREAD * encoded.shares * encoded.sentences[:, SCORE]]
    for finding in judgement.findings:
        points[document.sentence_at(finding.spans[0].start).index] += finding.points
    rows = sentence_features(document)
    # against the mean of its document, as the model was fitted; a sentence alone has no document to be read in
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
    """The outputs for a text without title or source; [] for one without sentences."""
    document = read(article_from_text(None, text, None, None))
    return sentence_outputs(document, judge(document, taxonomy)) if document.sentences else []


def _loaded(document: Document, sentence: Sentence) -> float:
    odds = [document.encoded.tokens[token.i] for token in document.tokens(sentence) if not token.is_space]
    return float(_logistic(np.array(odds)).mean()) if odds else 0.0


def _logistic(odds: Floats) -> Floats:
    result: Floats = 1 / (1 + np.exp(-odds))
    return result


def causal(features: Features) -> float:
    """0-1: words of cause and effect, up to three; half as much where they are hedged or negated."""
    plain = 0.5 if features["hedges"] or features["negated"] else 1.0
    return plain * features["cause"] / 3
