"""Determines which detectors have weights; the others find nothing until `make weights` fits them.

Zero weights would not do: a finding alone grounds a type and a tactic (`kinds.py`) and takes a place in
truncated lists. So an engine with an unfitted detector gives the assessments that it would give without it,
except for its digest.
"""

from collections.abc import Sequence

from api.analysis.framing.detector import Detector
from api.analysis.framing.evidence import ALL_DETECTORS
from api.analysis.models.weights import Weights


def fitted(table: Weights, detectors: Sequence[Detector] = ALL_DETECTORS) -> list[Detector]:
    """The detectors that have a weight for the score or need none."""
    return [d for d in detectors if d.type is None or not d.counts or d.code in table.score.detectors]


def unfitted(table: Weights, detectors: Sequence[Detector] = ALL_DETECTORS) -> list[str]:
    """The codes of the other detectors, in order."""
    known = {d.code for d in fitted(table, detectors)}
    return [d.code for d in detectors if d.code not in known]
