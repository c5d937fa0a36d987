"""Whether what cannot be judged is refused, and nothing else is."""

from collections.abc import Sequence

from schemas.enums import StoryStatus
from tests.benchmarks.figures import Figure
from tests.benchmarks.labelled import Labelled
from tests.benchmarks.resampling import wilson
from tests.benchmarks.verdicts import Measured, Verdicts

PART = "refusals"


def refusal_figures(records: Sequence[Labelled], verdicts: Verdicts) -> Measured:
    """The share refused among the unscorable, and among the scorable; a note for each wrong answer."""
    refused = {r.id: verdicts.assess(r.article).status is StoryStatus.NOT_SCORABLE for r in records}
    unscorable = [refused[r.id] for r in records if not r.scorable]
    scorable = [refused[r.id] for r in records if r.scorable]
    low, high = wilson(sum(unscorable), len(unscorable))
    below, above = wilson(sum(scorable), len(scorable))
    wrong = [r for r in records if refused[r.id] is r.scorable]
    return Measured(
        [
            Figure(
                part=PART,
                code="refused",
                label="not scorable, refused",
                value=sum(unscorable) / max(1, len(unscorable)),
                n=len(unscorable),
                low=low,
                high=high,
            ),
            Figure(
                part=PART,
                code="wrongly_refused",
                label="scorable, refused",
                value=sum(scorable) / max(1, len(scorable)),
                n=len(scorable),
                low=below,
                high=above,
                better="lower",
            ),
        ],
        [f"{r.id}: {'refused' if r.scorable else 'judged'}, {r.article.title[:60]}" for r in wrong],
    )
