"""Refusals of unscorable and of scorable pages."""

from collections.abc import Sequence

from schemas.enums import StoryStatus
from tests.benchmarks.labelled import Labelled
from tests.benchmarks.shares import share
from tests.benchmarks.verdicts import Measured, Verdicts

PART = "refusals"


def refusal_figures(records: Sequence[Labelled], verdicts: Verdicts) -> Measured:
    """Shares of refused unscorable and scorable records; a note for each error."""
    refused = {r.id: verdicts.assess(r.article).status is StoryStatus.NOT_SCORABLE for r in records}
    unscorable = [refused[r.id] for r in records if not r.scorable]
    scorable = [refused[r.id] for r in records if r.scorable]
    wrong = [r for r in records if refused[r.id] is r.scorable]
    return Measured(
        [
            share(PART, "refused", "not scorable, refused", unscorable),
            share(PART, "wrongly_refused", "scorable, refused", scorable, "lower"),
        ],
        [f"{r.id}: {'refused' if r.scorable else 'judged'}, {r.article.title[:60]}" for r in wrong],
    )
