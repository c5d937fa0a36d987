"""Fits `weights.json` of the full engine: the parts of the score, tactics, certainty and interval.

The heads of the whole text (`heads_training.py`) estimate the score; five readable parts explain it as far as
they can: loaded places by type, sentences that steer, claims only asserted, the text's own voice, and omissions.
Their weights are at least 0, fitted by coordinate descent to the labels of published stories above the mean of
plain reports. A part that explains less than LEAST_SHARE of the variance has no points. The row of the reading
beyond them has the rest, so that the score is the estimate. Certainty is the share of right types in bands of
stories, made to rise (isotonic regression; Barlow and others 1972); all by stories held out by publisher.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from api.analysis.content.score_facts import ASSERTED, OMITTED, OWN_VOICE
from api.analysis.framing.evidence import ALL_DETECTORS
from api.analysis.framing.kinds import TYPE_OF, Kind, kind
from api.analysis.framing.scoring import BEYOND, HUNDRED, MeasureEffects
from api.analysis.models.encoder_measures import STEERING
from api.analysis.models.weights import Linear, ScoreWeights, Weights
from api.training.calibration import calibrated
from schemas.enums import SpinType, Stance

Matrix = NDArray[np.float64]
FACTS = (STEERING, ASSERTED, OWN_VOICE, OMITTED)
PLAIN_SCORE = 10  # the highest score of a plain report
LEAST_FINDING = 0.4  # points of a finding's type per unit of strength: findings must count
LEAST_SHARE = 0.02
BAND = 150  # least stories in a band of certainty
MAX_CERTAIN = 0.97
_TYPED = tuple(kind for kind in SpinType if kind is not SpinType.NONE)


@dataclass(frozen=True)
class ScoredStory:
    """One story as its heads judge it unseen: strengths by detector, facts by code, estimate, logits, labels.

    `logits` are those of types, then of stances.
    """

    strengths: dict[str, float]
    facts: dict[str, float]
    estimate: float
    logits: Matrix
    score: float
    primary: SpinType
    is_real: bool
    fold: int


@dataclass(frozen=True)
class FittedScore:
    """`share` is the part of the score's variance that is not in the reading beyond; `own` that of each part."""

    weights: Weights
    share: float
    own: dict[str, float]


def fit_score(
    stories: Sequence[ScoredStory], tactics: Sequence[str], *, trained_on: str, secondary: float, plain: int
) -> FittedScore:
    """Fit the weights to the published stories; `tactics` are the codes of all tactics."""
    real = [story for story in stories if story.is_real]
    labels = np.array([story.score for story in real])
    estimates = np.clip([story.estimate for story in real], 0, 100)
    reports = [s for s in real if s.primary is SpinType.NONE and s.score <= PLAIN_SCORE]
    middle = {code: round(float(np.mean([s.facts[code] for s in reports])), 3) for code in FACTS}
    base = round(float(np.mean([s.score for s in reports])))
    parts = _parts(real, middle)
    folds = np.array([story.fold for story in real])
    names = [*(f"loaded {kind.value}" for kind in _TYPED), *FACTS]
    everything = np.arange(len(names))
    share = _share(parts, labels, estimates, folds, base, everything)
    groups = {"loaded": np.arange(len(_TYPED))} | {
        code: np.array([len(_TYPED) + n]) for n, code in enumerate(FACTS)
    }
    own = {
        name: share - _share(parts, labels, estimates, folds, base, np.setdiff1d(everything, columns))
        for name, columns in groups.items()
    }
    counting = np.concatenate(
        [c for name, c in groups.items() if name == "loaded" or own[name] >= LEAST_SHARE]
    )
    fitted = _fit(parts, labels - base, counting)
    by_type = dict(zip(_TYPED, fitted, strict=False))
    score = ScoreWeights(
        base=HUNDRED * base,
        detectors={
            detector.code: round(HUNDRED * by_type[detector.type])
            for detector in ALL_DETECTORS
            if detector.type is not None and detector.code in TYPE_OF
        },
        features={
            **{code: round(HUNDRED * float(w)) for code, w in zip(FACTS, fitted[len(_TYPED) :], strict=True)},
            BEYOND: HUNDRED,
        },
        plain=middle,
    )
    kinds = np.array([list(SpinType).index(story.primary) for story in real])
    logits = np.array([story.logits[: len(SpinType)] for story in real])
    calibration = calibrated(estimates, logits, labels, kinds, secondary=secondary, plain=plain)
    weights = Weights(
        trained_on=trained_on,
        score=score,
        types={kind: _seen(f"sees_{kind.value}") for kind in SpinType},
        stances={stance: _seen(f"sees_{stance.value}_stance") for stance in Stance},
        tactics={tactic: _seen(f"sees_{tactic}") for tactic in sorted(tactics)},
        temperature=1.0,
        secondary=secondary,
        plain=plain,
        plain_confidence=min(calibration.plain_confidence, MAX_CERTAIN),
        interval=calibration.interval,
    )
    judged = [(story, _kind(story, weights)) for story in real]
    above = [(kind.probability, kind.primary is s.primary) for s, kind in judged if round(s.estimate) > plain]
    weights = replace(weights, confidence=_certainty(*map(np.array, zip(*above, strict=True))))
    return FittedScore(weights, _share(parts, labels, estimates, folds, base, counting), own)


def _kind(story: ScoredStory, weights: Weights) -> Kind:
    effects = MeasureEffects(
        features=(),
        types=dict(zip(SpinType, story.logits.tolist(), strict=False)),
        stances=dict(zip(Stance, story.logits[len(SpinType) :].tolist(), strict=True)),
        tactics=dict.fromkeys(weights.tactics, 0.0),
    )
    return kind(story.strengths, effects, round(min(max(story.estimate, 0.0), 100.0)), weights)


def _seen(code: str) -> Linear:
    return Linear(base=0.0, detectors={}, features={code: 1.0})


def _parts(stories: Sequence[ScoredStory], middle: Mapping[str, float]) -> Matrix:
    """One row a story: the sum of strengths of each type, then the facts above their mean in plain reports."""
    return np.array(
        [
            [sum(v for code, v in s.strengths.items() if TYPE_OF[code] is kind) for kind in _TYPED]
            + [max(s.facts[code] - middle[code], 0.0) for code in FACTS]
            for s in stories
        ]
    )


def _fit(parts: Matrix, above: Matrix, columns: NDArray[np.int_]) -> Matrix:
    """Least squares with weights of at least 0 (LEAST_FINDING for types); other columns than these get 0."""
    least = np.where(np.arange(parts.shape[1]) < len(_TYPED), LEAST_FINDING, 0.0)
    beta = np.zeros(parts.shape[1])
    beta[columns] = least[columns]
    products, pulls = parts.T @ parts + np.eye(parts.shape[1]), parts.T @ above
    for _ in range(500):
        before = beta.copy()
        for j in columns:
            rest = pulls[j] - products[j] @ beta + products[j, j] * beta[j]
            beta[j] = max(float(rest / products[j, j]), float(least[j]))
        if float(np.abs(beta - before).max()) < 1e-6:
            break
    return beta


def _share(
    parts: Matrix,
    labels: Matrix,
    estimates: Matrix,
    folds: NDArray[np.int_],
    base: float,
    columns: NDArray[np.int_],
) -> float:
    """1 - variance of the reading beyond / variance of the score, by weights of the other folds."""
    explained = np.zeros(len(labels))
    for fold in sorted(set(folds.tolist())):
        own = folds == fold
        explained[own] = parts[own] @ _fit(parts[~own], labels[~own] - base, columns)
    return 1 - float(np.var(estimates - explained) / np.var(estimates))


def _certainty(shares: Matrix, right: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Mean probability and share of right types of bands of at least BAND stories, pooled until both rise."""
    order = np.argsort(shares, kind="stable")
    bands = [
        (len(part), float(shares[part].mean()), float(right[part].mean()))
        for part in np.array_split(order, max(len(order) // BAND, 1))
    ]
    pooled: list[tuple[int, float, float]] = []
    for band in bands:
        pooled.append(band)
        while len(pooled) > 1 and pooled[-1][2] <= pooled[-2][2]:
            (n, a, b), (m, c, d) = pooled[-2:]
            pooled[-2:] = [(n + m, (n * a + m * c) / (n + m), (n * b + m * d) / (n + m))]
    return [(round(share, 3), round(min(certain, MAX_CERTAIN), 3)) for _, share, certain in pooled]
