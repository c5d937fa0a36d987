"""Runs, and their comparison with the recorded run."""

import msgspec
from msgspec import Struct

from api.evaluation.figures import Figure


class Run(Struct, kw_only=True, frozen=True):
    engine: str
    version: str
    digest: str
    date: str
    figures: list[Figure]

    def figure(self, key: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.key == key), None)


Recorded = dict[str, Run]  # by the name of the profile


def read_recorded(content: bytes) -> Recorded:
    """Raises msgspec.ValidationError if the file is invalid."""
    return msgspec.json.decode(content, type=Recorded)


def write_recorded(recorded: Recorded) -> bytes:
    """Readable JSON, numbers with four digits."""
    rounded = {profile: _rounded(run) for profile, run in recorded.items()}
    return msgspec.json.format(msgspec.json.encode(rounded), indent=1) + b"\n"


def fallen(recorded: Run, now: Run, parts: frozenset[str]) -> list[str]:
    """A line for each recorded figure of these parts that is missing or worse than its slack allows."""
    lines = []
    for before in recorded.figures:
        if before.part not in parts or before.slack is None:
            continue
        after = now.figure(before.key)
        if after is None:
            lines.append(f"{before.key}: {before.value:.3f} was recorded, now it is not measured")
            continue
        loss = (before.value - after.value) * (1 if before.better == "higher" else -1)
        if loss > before.slack + 1e-4:  # figures are recorded to four digits
            lines.append(f"{before.key}: {before.value:.3f} was recorded, now {after.value:.3f}")
    return lines


def _rounded(run: Run) -> Run:
    def short(value: float | None) -> float | None:
        return None if value is None else round(value, 4)

    figures = [
        msgspec.structs.replace(f, value=round(f.value, 4), low=short(f.low), high=short(f.high))
        for f in run.figures
    ]
    return msgspec.structs.replace(run, figures=figures)
