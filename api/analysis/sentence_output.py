"""What each sentence does for the verdict on its text: the outputs by which the engine is measured from outside.

Public sets label single sentences, so no gate stands before these outputs: any text is read and judged, also one
sentence alone.
"""

from dataclasses import dataclass
from math import exp

from api.analysis.articles import article_from_text
from api.analysis.document import Document, Sentence
from api.analysis.linear_models import CENTRALITY, words_of
from api.analysis.reading import read
from api.analysis.sentence_features import Features, relative, sentence_features
from api.analysis.spin import Judgement, judge
from schemas.enums import SpinType
from schemas.taxonomy import Taxonomy


@dataclass(frozen=True, slots=True)
class SentenceOutput:
    """Characters [start, end) of the text and what the engine says of them.

    `points`: hundredths of a score point that the sentence's findings add; `types` parts them by type, without
    types that add nothing. `check_worthy`: 0-1, a rank rather than a probability. `loaded`: share of characters
    in loaded terms, 0-1. `causal`: 0-1, how plainly the sentence says that one thing brings about another.
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
    terms = [(span.start, span.end) for term in judgement.loaded_terms for span in term.spans]
    rows = sentence_features(document)
    # against the mean of its document, as the model was fitted; a sentence alone has no document to be read in
    against = relative(rows) if len(rows) > 1 else rows
    return [
        SentenceOutput(
            start=s.start,
            end=s.end,
            points=sum(types[s.index].values()),
            types=types[s.index],
            check_worthy=1 / (1 + exp(-CENTRALITY.score(against[s.index], words_of(s.text)))),
            loaded=_share(s, terms),
            causal=_causal(rows[s.index]),
        )
        for s in sentences
    ]


def text_outputs(text: str, taxonomy: Taxonomy) -> list[SentenceOutput]:
    """The outputs for a text without title or source; [] for one without sentences."""
    document = read(article_from_text(None, text, None, None))
    return sentence_outputs(document, judge(document, taxonomy)) if document.sentences else []


def _share(sentence: Sentence, terms: list[tuple[int, int]]) -> float:
    inside = (range(max(sentence.start, low), min(sentence.end, high)) for low, high in terms)
    return len({place for part in inside for place in part}) / max(1, sentence.end - sentence.start)


def _causal(features: Features) -> float:
    """Words of cause and effect, up to three; half as much where they are hedged or negated."""
    plain = 0.5 if features["hedges"] or features["negated"] else 1.0
    return plain * features["cause"] / 3
