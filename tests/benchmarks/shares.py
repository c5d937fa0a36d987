"""A share of records as a figure with Wilson's interval."""

from collections.abc import Sequence

from api.evaluation.figures import Better, Figure
from api.evaluation.resampling import wilson


def share(part: str, code: str, label: str, hits: Sequence[bool], better: Better = "higher") -> Figure:
    low, high = wilson(sum(hits), len(hits))
    return Figure(
        part=part,
        code=code,
        label=label,
        value=sum(hits) / max(1, len(hits)),
        n=len(hits),
        low=low,
        high=high,
        better=better,
    )
