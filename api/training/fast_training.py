"""Fits the fast engine's weights in some minutes, from the full engine's labels.

Terms come first, then score, types and stances over findings, features and wording (`training.py`, without the
encoder's views), then evidence and claims. Everything above the terms learns from taggers and wordings that have
not seen the story.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from api.analysis.engines.fast.claims import central_places, skim_features
from api.analysis.engines.fast.evidence import STEPS, EvidenceModel
from api.analysis.engines.fast.skimming import TaggedText
from api.analysis.engines.fast.terms import leanings, second_columns, terms_of, word_features
from api.analysis.framing.evidence import gather, strengths, typed_evidence
from api.analysis.models.linear_models import ClaimWeights
from api.analysis.models.term_runs import TermWeights
from api.analysis.models.weights import Weights
from api.analysis.models.wording import WordingModel, WordingResult, apply_wording_model, places_of
from api.analysis.text.features import FEATURES, measures
from api.analysis.text.signals import Measure
from api.training.claim_training import LabelledStory
from api.training.claim_training import fit as fit_claims
from api.training.labelled import Labelled, marked_characters
from api.training.term_training import Material, fit_passes
from api.training.training import Example, fit
from api.training.wording_training import OUTPUTS, count_words, fit_wording, ridge_table, targets

Floats = NDArray[np.float64]
EVIDENCE_RIDGE = 30.0
EVIDENCE_DIGITS = 4
_CUTS = np.arange(0.2, 2.8, 0.05)  # candidate thresholds of evidence


@dataclass(frozen=True)
class Fitted:
    """The contents of the fast engine's files and of `wording.json`.

    `held_out` is each story as judged by weights of the other folds.
    """

    terms: TermWeights
    wording: WordingModel
    weights: Weights
    evidence: EvidenceModel
    claims: ClaimWeights
    held_out: list[dict[str, object]]


def fit_fast(
    stories: Sequence[Labelled[TaggedText]],
    folds: Sequence[int],
    *,
    origin: str,
    secondary: float,
    plain: int,
) -> Fitted:
    """Fit the fast engine to the stories; `secondary` and `plain` go into the weights."""
    words = [count_words(s.document.text, s.document.folded) for s in stories]
    y = targets(
        [s.score for s in stories], [(s.primary, s.secondary) for s in stories], [s.stance for s in stories]
    )
    weight = np.array([s.weight for s in stories])
    own: dict[int, WordingModel] = {}
    for fold in sorted(set(folds)):
        rest = [n for n, f in enumerate(folds) if f != fold]
        own[fold] = fit_wording([words[n] for n in rest], y[rest], weight[rest], origin)
    models = [own[fold] for fold in folds]
    known = [
        apply_wording_model(places_of(s.document.folded, m.terms), m)
        for s, m in zip(stories, models, strict=True)
    ]
    terms, tagged = fit_passes(
        [_material(s, f, w) for s, f, w in zip(stories, folds, known, strict=True)],
        origin=origin,
    )
    read = [
        s.document.with_outputs(found, leanings(s.document, m, w))
        for s, found, m, w in zip(stories, tagged, models, known, strict=True)
    ]
    measured = [{m.code: m.value for m in measures(document)} for document in read]
    examples = [
        Example(
            strengths=strengths(typed_evidence(gather(document)), len(document.text.split())),
            measures=values,
            words=counted,
            score=story.score,
            primary=story.primary,
            secondary=story.secondary,
            stance=story.stance,
            tactic=story.tactic,
            weight=story.weight,
            publisher=story.publisher,
        )
        for story, document, values, counted in zip(stories, read, measured, words, strict=True)
    ]
    fitted = fit(examples, trained_on=origin, secondary=secondary, plain=plain)
    says = [w.outputs for w in known]
    columns = [f.code for f in FEATURES] + [f"says_{name}" for name in OUTPUTS]
    x = np.array(
        [
            [values[f.code] for f in FEATURES] + [outputs[name] for name in OUTPUTS]
            for values, outputs in zip(measured, says, strict=True)
        ]
    )
    grades = np.array([STEPS.index(s.evidence) for s in stories], float)
    evidence = _evidence(x, grades, weight, columns, origin)
    features = [skim_features(document) for document in read]
    claim_stories = [
        LabelledStory(document, rows, s.claims)
        for s, document, rows in zip(stories, read, features, strict=True)
    ]
    graded, ranked = {}, {}
    for fold in own:
        rest = [n for n, f in enumerate(folds) if f != fold]
        graded[fold] = _evidence(x[rest], grades[rest], weight[rest], columns, origin)
        ranked[fold] = fit_claims([claim_stories[n] for n in rest], origin).centrality
    held_out: list[dict[str, object]] = []
    for n, story in enumerate(stories):
        points, kind = fitted.held_out[n]
        measures_of_story = [
            Measure(code, float(value), []) for code, value in zip(columns, x[n], strict=True)
        ]
        document = read[n]
        places = central_places(document, features[n], ranked[folds[n]])
        held_out.append(
            {
                "id": story.id,
                "score": points,
                "primary": kind.primary.value,
                "secondary": kind.secondary.value if kind.secondary else None,
                "stance": kind.stance.value,
                "tactic": (kind.tactic or "none").replace("_", " "),
                "loaded_terms": [document.text[t.start : t.end] for t in document.tagged],
                "claims": [{"text": document.sentences[place].text} for place in places],
                "evidence_strength": graded[folds[n]].strength(measures_of_story).value,
                "confidence": kind.probability,
            }
        )
    return Fitted(
        terms, fitted.wording, fitted.weights, evidence, fit_claims(claim_stories, origin), held_out
    )


def _material(story: Labelled[TaggedText], fold: int, wording: WordingResult) -> Material:
    document = story.document
    marked = marked_characters(document.text, story.terms)
    return Material(
        text=document.text,
        terms=story.terms,
        terms_of_one=story.terms_of_one,
        fold=fold,
        weight=story.term_weight,
        features=list(word_features(document)),
        loaded=np.array([marked[start:end].mean() > 0.5 for start, end in document.places], float),
        columns=lambda first: second_columns(document, first, wording),
        terms_of=lambda probability, threshold: terms_of(document, probability, threshold),
    )


def _evidence(x: Floats, grades: Floats, weight: Floats, columns: list[str], origin: str) -> EvidenceModel:
    """A ridge regression, and the thresholds with the highest rank correlation with the labels."""
    scale = x.std(axis=0) + 1e-9
    beta, base = ridge_table(x / scale, grades[:, None], weight, EVIDENCE_RIDGE)
    rounded = [round(float(v), EVIDENCE_DIGITS) for v in beta[:, 0] / scale]
    start = round(float(base[0]), EVIDENCE_DIGITS)
    values = x @ np.array(rounded) + start
    cuts = _cuts(values, grades)
    return EvidenceModel(
        origin=origin, base=start, measures=dict(zip(columns, rounded, strict=True)), thresholds=cuts
    )


def _cuts(values: Floats, grades: Floats) -> tuple[float, float, float]:
    """Coordinate ascent: move each threshold to its best place until none changes."""
    cuts = [0.5, 1.5, 2.5]
    for _ in range(5):
        previous = list(cuts)
        for n in range(len(cuts)):
            low, high = (cuts[n - 1] if n else -np.inf), (cuts[n + 1] if n + 1 < len(cuts) else np.inf)
            candidates = [float(c) for c in _CUTS if low < c < high]

            agreements = [_agreement(values, grades, [*cuts[:n], cut, *cuts[n + 1 :]]) for cut in candidates]
            cuts[n] = round(candidates[int(np.argmax(agreements))], 2)
        if cuts == previous:
            break
    return cuts[0], cuts[1], cuts[2]


def _agreement(values: Floats, grades: Floats, cuts: list[float]) -> float:
    return float(spearmanr((values[:, None] >= np.array(cuts)).sum(axis=1), grades)[0])
