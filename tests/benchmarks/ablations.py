"""Ablations: the same weights with a part of the engine switched off, without a new fit.

Only this file knows the engine's internals. An ablation returns the grounds of a judgement without a part.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from api.analysis.engines.fast.skimming import skim
from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.scoring import BEYOND
from api.analysis.framing.spin import Grounds, grounds_of, weigh
from api.analysis.models.encoder_measures import STEERING
from api.analysis.models.wording_measures import wording_measures
from api.analysis.text.features import FEATURES
from api.evaluation.figures import MEASURES, Figure
from api.pages.articles import article_from_text
from schemas.enums import SpinType
from tests.benchmarks.gold import Evaluate, Row, evaluated
from tests.benchmarks.labelled import Labelled
from tests.benchmarks.verdicts import Verdicts

PART = "ablation"
SHOWN = (
    "score_spearman",
    "score_mae",
    "primary_accuracy",
    "primary_kappa",
    "primary_macro_f1",
    "stance_accuracy",
)

Ablation = Callable[[Grounds], Grounds]


def without_detectors(grounds: Grounds) -> Grounds:
    return replace(grounds, evidence=[replace(item, mass=0) for item in grounds.evidence])


def without_counts(grounds: Grounds) -> Grounds:
    """No figures, attributions, hedges and other counts of the whole text."""
    return _with_values(grounds, {feature.code: 0.0 for feature in FEATURES})


def without_wording(grounds: Grounds) -> Grounds:
    """The wording model knows no word of the text."""
    silent = wording_measures(skim(article_from_text(None, "", None, None)))
    return _with_values(grounds, {m.code: m.value for m in silent})


def without_learned_terms(grounds: Grounds) -> Grounds:
    """Only the written detectors find terms."""
    return replace(
        grounds,
        evidence=[replace(e, mass=0) if e.detector.code in LEARNED_CODES else e for e in grounds.evidence],
    )


def without_reading(grounds: Grounds) -> Grounds:
    """The score by its readable parts alone."""
    return _with_values(grounds, {BEYOND: 0.0})


def without_steering(grounds: Grounds) -> Grounds:
    """The score without the row of the sentences that steer."""
    return _with_values(grounds, {STEERING: 0.0})


ABLATIONS: dict[str, Ablation] = {
    "without detectors": without_detectors,
    "without counts": without_counts,
    "without wording": without_wording,
    "without learned terms": without_learned_terms,
    "without reading": without_reading,
    "without steering sentences": without_steering,
    "detectors only": lambda grounds: without_wording(without_counts(grounds)),
    "wording only": lambda grounds: without_detectors(without_counts(grounds)),
}


def ablation_figures(
    stories: Sequence[Labelled], verdicts: Verdicts, evaluate: Evaluate, names: Sequence[str]
) -> list[Figure]:
    """Figures of type, score and stance for each named ablation of a part of the profile. Raises KeyError."""
    scorable = [story for story in stories if story.scorable]
    profile = verdicts.profile
    grounds = {
        story.id: grounds_of(profile.read(story.article), table=profile.weights()) for story in scorable
    }
    measures = {measure.code: measure for measure in MEASURES}
    found = []
    for name in (name for name in names if name not in profile.without):
        weaken = ABLATIONS[name]
        rows = {
            story.id: _row(verdicts.flat(story.article), weaken(grounds[story.id]), verdicts)
            for story in scorable
        }
        result = evaluated(scorable, rows, evaluate)
        for code in SHOWN:
            found.append(
                Figure(
                    part=PART,
                    code=f"{name}/{code}",
                    label=f"{name}: {measures[code].label}",
                    value=result[code],
                    n=len(scorable),
                    better=measures[code].better,
                    slack=None,
                )
            )
    return found


def _row(whole: Row, grounds: Grounds, verdicts: Verdicts) -> Row:
    """The flat verdict with type, score and stance from the reduced grounds."""
    if "primary" not in whole:
        return whole
    scored, said = weigh(grounds, verdicts.profile.weights())
    tactic = verdicts.taxonomy.tactic(said.tactic) if said.tactic else None
    return whole | {
        "score": scored.score,
        "primary": said.primary.value,
        "secondary": said.secondary.value if said.secondary else None,
        "stance": said.stance.value,
        "tactic": tactic.name.lower() if tactic and said.primary is not SpinType.NONE else "none",
        "confidence": said.probability,
    }


def _with_values(grounds: Grounds, values: dict[str, float]) -> Grounds:
    return replace(
        grounds, measures=[replace(m, value=values.get(m.code, m.value)) for m in grounds.measures]
    )
