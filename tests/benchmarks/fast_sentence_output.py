"""Outputs for single sentences of the fast engine, see `sentence_output.py`."""

from math import exp

import numpy as np

from api.analysis.engines.fast.claims import claim_weights, skim_features
from api.analysis.engines.fast.engine import fast_weights
from api.analysis.engines.fast.skimming import TaggedText, skim
from api.analysis.engines.fast.terms import probability_of_words
from api.analysis.framing.spin import Judgement, judge
from api.analysis.models.linear_models import words_of
from api.analysis.models.sentence_features import relative
from api.analysis.models.wording_measures import PLAIN, STEERING, wording_result
from api.evaluation.sentence_output import SEEN, SentenceOutput, causal
from api.pages.articles import article_from_text
from schemas.enums import LedgerRowKind, SpinType
from schemas.taxonomy import Taxonomy


def sentence_outputs(skimmed: TaggedText, judgement: Judgement) -> list[SentenceOutput]:
    """One output for each sentence, including the title's, in order.

    The points of the wording are shared by the places of its words.
    """
    sentences = skimmed.sentences
    types = [{kind: round(SEEN * max(value, 0.0)) for kind, value in own.items()} for own in skimmed.leanings]
    points = [0.0] * len(sentences)
    for finding in judgement.findings:
        index = skimmed.sentence_at(finding.spans[0].start).index
        points[index] += finding.points
        if finding.type is not None:
            types[index][finding.type] = types[index].get(finding.type, 0) + finding.points
    for row in judgement.ledger:
        if row.kind is LedgerRowKind.FEATURE and row.rule in (STEERING, PLAIN):
            for place in row.ranges:
                points[skimmed.sentence_at(place.start).index] += row.points / len(row.ranges)
    rows = skim_features(skimmed)
    # against the mean of its document, as in the fit; a single sentence has no document
    against = relative(rows) if len(rows) > 1 else rows
    centrality = claim_weights().centrality
    loaded = probability_of_words(skimmed, wording_result(skimmed))
    return [
        SentenceOutput(
            start=s.start,
            end=s.end,
            points=round(points[s.index]),
            types={kind: value for kind, value in types[s.index].items() if kind is not SpinType.NONE},
            check_worthy=1 / (1 + exp(-centrality.score(against[s.index], words_of(s.text)))),
            loaded=float(np.mean(loaded[s.first : s.last])) if s.first < s.last else 0.0,
            causal=causal(rows[s.index]),
        )
        for s in sentences
    ]


def text_outputs(text: str, taxonomy: Taxonomy) -> list[SentenceOutput]:
    """Outputs for a text without title or source; [] if it has no sentence."""
    skimmed = skim(article_from_text(None, text, None, None))
    if not skimmed.sentences:
        return []
    return sentence_outputs(skimmed, judge(skimmed, taxonomy, table=fast_weights()))
