"""Which detectors a table of weights knows: one without weights finds nothing until it is fitted.

A new detector has none until `make weights` fits them. Weights of zero would not do: a finding alone grounds a
type and a tactic (`kinds.py`), and takes its place in lists that are cut. So its findings are left out, and an
engine with an unfitted detector gives the assessments that it would give without it, but for its digest.
"""

from collections.abc import Sequence

from api.analysis.framing.detector import Detector
from api.analysis.framing.evidence import ALL_DETECTORS
from api.analysis.models.weights import Weights


def fitted(table: Weights, detectors: Sequence[Detector] = ALL_DETECTORS) -> list[Detector]:
    """Those of `detectors` that may find something: with a weight for the score, or in no need of one."""
    return [d for d in detectors if d.type is None or not d.counts or d.code in table.score.detectors]


def unfitted(table: Weights, detectors: Sequence[Detector] = ALL_DETECTORS) -> list[str]:
    """The codes of the others, in their order."""
    known = {d.code for d in fitted(table, detectors)}
    return [d.code for d in detectors if d.code not in known]
