"""Verdicts on the sample stories against their expected verdicts."""

from collections.abc import Sequence

from api.evaluation.figures import Figure
from api.evaluation.resampling import wilson
from api.operations.exports.seed import SampleStory, sample_article
from schemas.enums import StoryStatus
from tests.benchmarks.verdicts import Measured, Verdicts

PART = "seeds"


def seed_figures(samples: Sequence[SampleStory], verdicts: Verdicts) -> Measured:
    """Shares of stories with the expected type, tactic, band and refusal; a note for each error."""
    hits: dict[str, list[bool]] = {"type": [], "tactic": [], "band": [], "refusal": []}
    notes = []
    for sample in samples:
        expected, found = sample.expected, verdicts.assess(sample_article(sample))
        refused = found.status is StoryStatus.NOT_SCORABLE
        if expected.primary is None:
            hits["refusal"].append(refused)
            right = refused
        else:
            spin = found.spin
            right = spin is not None and spin.primary is expected.primary
            hits["type"].append(right)
            hits["band"].append(spin is not None and spin.band is expected.band)
            if right and expected.tactic is not None:
                hits["tactic"].append(spin is not None and spin.tactic == expected.tactic)
        if not right:
            said = found.spin.primary.value if found.spin else "not scorable"
            notes.append(f"{sample.title}: {said}, expected {expected.primary or expected.not_scorable}")
    labels = {
        "type": "primary type as expected",
        "tactic": "tactic as expected where the type is right",
        "band": "band of the score as expected",
        "refusal": "not scorable, refused",
    }
    return Measured([_share(code, labels[code], found) for code, found in hits.items() if found], notes)


def _share(code: str, label: str, hits: list[bool]) -> Figure:
    low, high = wilson(sum(hits), len(hits))
    return Figure(
        part=PART, code=code, label=label, value=sum(hits) / len(hits), n=len(hits), low=low, high=high
    )
