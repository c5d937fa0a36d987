"""Columns beside our figures: agreement of two readers, a bag of words, and our targets.

Readers and bag of words (word and character TF-IDF, ridge and logistic regression on the training stories) are
from the description of the labelled stories.
"""

from dataclasses import dataclass

from api.evaluation.figures import Better


@dataclass(frozen=True, slots=True)
class Target:
    """Columns of one measure. `least` is the bar, `aim` the best known result of its kind."""

    readers: str = "-"
    words: str = "-"
    least: float | None = None
    aim: float | None = None


TARGETS = {
    "gold/score_spearman": Target(".96", ".77", 0.85, 0.90),
    "gold/score_mae": Target("4.5", "11.1", 7.8, 7.0),
    "gold/primary_accuracy": Target(".92", ".63", 0.75, 0.82),
    "gold/primary_kappa": Target(".89", ".51", 0.64, 0.75),
    "gold/primary_macro_f1": Target(".86", ".44", 0.55, 0.68),
    "gold/tactic_accuracy": Target(".84"),
    "gold/loaded_terms_f1": Target(".72", "-", 0.42, 0.58),
    "gold/claims_f1": Target(".72", ".20", 0.45, 0.58),
    "gold/evidence_spearman": Target(".87", ".66", 0.72, 0.80),
    "gold/stance_accuracy": Target(".92", ".72", 0.79, 0.86),
    "gold2/score_spearman": Target(least=0.80),
    "gold2/score_mae": Target(least=10.0),
    "gold2/primary_accuracy": Target(least=0.72),
    "gold2/stance_accuracy": Target(least=0.77),
    "sealed/traps": Target(least=1.0),
    "sealed/owning_none": Target(least=0.95),
    "sealed/f1_shield": Target(least=0.60),
    "sealed/f1_fog": Target(least=0.60),
    "sealed/non_articles": Target(least=0.95),
    "refusals/refused": Target(least=0.90, aim=0.97),
    "refusals/wrongly_refused": Target(least=0.02, aim=0.01),
    "outside/claimbuster": Target(least=0.75),
    "speed/cpu_ratio": Target(least=2.0, aim=1.0),
    "speed/cpu_ratio_parser": Target(least=2.0, aim=1.0),
    "speed/memory_mb": Target(least=700.0),
    "speed/start_cpu_s": Target(least=4.0),
    "speed/start_ratio": Target(least=1.3),
    "speed/start_s": Target(least=4.0),
}
_HELD_OUT = {
    "score_spearman": 0.85,
    "score_mae": 9.0,
    "primary_accuracy": 0.70,
    "primary_kappa": 0.60,
    "primary_macro_f1": 0.50,
    "stance_accuracy": 0.74,
    "loaded_terms_f1": 0.44,
    "claims_f1": 0.50,
    "evidence_spearman": 0.68,
    "event_accuracy": 0.56,
    "news_found": 0.50,
    "tactic_accuracy": 0.58,
    "primary_ece": 0.04,
    "score_interval_coverage": 0.88,
}
_OF_PROFILE = {
    ("fast", "speed/cpu_ratio"): Target(least=0.25),
    ("fast", "speed/cpu_ratio_parser"): Target(least=0.25),
    ("fast", "speed/start_ratio"): Target(least=0.6),
}


def target(profile: str, key: str) -> Target:
    """Target of a figure by its key, or an empty one. All collections of held-out stories share theirs."""
    part, _, code = key.partition("/")
    if part.startswith("held_out"):
        return Target(least=_HELD_OUT.get(code))
    return _OF_PROFILE.get((profile, key)) or TARGETS.get(key, Target())


def reached(value: float, better: Better, bar: float) -> bool:
    return value >= bar if better == "higher" else value <= bar
