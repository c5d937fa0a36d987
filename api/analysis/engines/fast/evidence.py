"""How well a skimmed text supports its central claims: a linear form over its measures, cut into steps.

`fast_evidence.json` is fitted by `api/training/fast_training.py`.
"""

from collections.abc import Sequence
from functools import cache

from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.signals import Measure
from schemas.enums import EvidenceStrength

STEPS = (EvidenceStrength.NONE, EvidenceStrength.WEAK, EvidenceStrength.MEDIUM, EvidenceStrength.STRONG)


class EvidenceModel(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A base, a weight per measure code, and the lower bounds of the steps after the first."""

    origin: str
    base: float
    measures: dict[str, float]
    thresholds: tuple[float, float, float]

    def strength(self, measures: Sequence[Measure]) -> EvidenceStrength:
        """The step of a text with these measures."""
        value = self.base
        for measure in measures:
            value += self.measures.get(measure.code, 0.0) * measure.value
        return STEPS[sum(round(value, 6) >= threshold for threshold in self.thresholds)]


@cache
def evidence_model() -> EvidenceModel:
    """The shipped model."""
    return data_file("models/fast_evidence.json", EvidenceModel)
