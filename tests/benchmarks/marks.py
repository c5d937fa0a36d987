"""Whether findings lie on the sentences that careful readers marked.

Two readers marked the development stories sentence by sentence without labels or verdicts: `dev_marks.jsonl`,
whose format `api/training/sentence_marks.py` describes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.evaluation.figures import Figure
from api.evaluation.resampling import interval, resamples
from api.training.sentence_marks import MARK, Reading
from schemas.enums import SpinType
from tests.benchmarks.labelled import Labelled
from tests.benchmarks.verdicts import Verdicts

PART = "marks"
READINGS = Path(__file__).with_name("dev_marks.jsonl")
_TYPES = {
    "H": SpinType.HYPE,
    "A": SpinType.HALO,
    "S": SpinType.STAMPEDE,
    "C": SpinType.CUSHION,
    "D": SpinType.SHIELD,
    "F": SpinType.FOG,
    "X": None,
}
_CLEAR = 2  # strength from which a sentence clearly steers


@dataclass(frozen=True, slots=True)
class Marked:
    """A marked sentence and the strength of each means; None is critical."""

    start: int
    end: int
    means: dict[SpinType | None, int]


@dataclass(frozen=True, slots=True)
class _Story:
    """For each finding of a story: whether its sentence is marked, also by its type. For each sentence that
    both readers mark clearly: whether a finding of that type lies there. The share of marked sentences.
    """

    marked: list[bool]
    typed: list[bool]
    found: list[bool]
    steering: float


def marked(reading: Reading) -> list[Marked]:
    found = []
    for start, end, marks in reading.marks:
        means = {_TYPES[m[1]]: int(m[2]) for m in MARK.finditer(marks) if m[1] and m[3] != "t"}
        if means:
            found.append(Marked(start, end, means))
    return found


def marks_figures(
    stories: Sequence[Labelled], readings: Sequence[Reading], verdicts: Verdicts
) -> list[Figure]:
    """Shares of findings on a marked sentence, and of marked sentences with a finding.

    Excludes findings without a type. Raises ValueError if the text differs.
    """
    known: dict[str, list[Reading]] = {}
    for reading in readings:
        known.setdefault(reading.id, []).append(reading)
    judged = [_judged(story, known[story.id], verdicts) for story in stories if story.id in known]
    return [
        _figure("marked", "findings in a sentence that a reader marks", judged, lambda s: s.marked),
        _figure(
            "typed", "findings in a sentence that a reader marks by their type", judged, lambda s: s.typed
        ),
        _figure(
            "found",
            "sentences that both readers mark clearly, with a finding of the type",
            judged,
            lambda s: s.found,
        ),
        _chance(judged),
    ]


def _judged(story: Labelled, readings: Sequence[Reading], verdicts: Verdicts) -> _Story:
    assessment = verdicts.assess(story.article)
    length = len(story.article.text)
    if any(reading.characters != length for reading in readings):
        raise ValueError(f"{story.id} has {length} characters: another text was read")
    each = [marked(reading) for reading in readings]
    findings = [(f.type, f.spans[0].start) for f in assessment.findings if f.type is not None]
    at = [_at(each, start) for _, start in findings]
    clear = [
        {(s.start, s.end, kind) for s in one for kind, strength in s.means.items() if strength >= _CLEAR}
        for one in each
    ]
    agreed = [mark for mark in sorted(set.intersection(*clear), key=str) if mark[2] is not None]
    any_marks = {(s.start, s.end) for one in each for s in one}
    return _Story(
        marked=[bool(means) for means in at],
        typed=[kind in means for (kind, _), means in zip(findings, at, strict=True)],
        found=[
            any(kind is own and start <= place < end for own, place in findings)
            for start, end, kind in agreed
        ],
        steering=len(any_marks) / max(readings[0].sentences, 1),
    )


def _at(each: Sequence[Sequence[Marked]], place: int) -> set[SpinType | None]:
    """The means that any reader marked in the sentence at this place."""
    return {kind for one in each for s in one if s.start <= place < s.end for kind in s.means}


def _figure(code: str, label: str, judged: Sequence[_Story], of: Callable[[_Story], list[bool]]) -> Figure:
    values = [(sum(hits), len(hits)) for hits in map(of, judged)]

    def share(places: Sequence[int]) -> float:
        return sum(values[i][0] for i in places) / max(1, sum(values[i][1] for i in places))

    low, high = interval([share(list(draw)) for draw in resamples(len(judged))])
    whole = range(len(judged))
    number = sum(n for _, n in values)
    return Figure(part=PART, code=code, label=label, value=share(whole), n=number, low=low, high=high)


def _chance(judged: Sequence[_Story]) -> Figure:
    """The expected first share for a random finding: the mean share of marked sentences."""
    shares = [story.steering for story in judged]
    return Figure(
        part=PART,
        code="chance",
        label="sentences that a reader marks (a finding anywhere)",
        value=sum(shares) / max(1, len(shares)),
        n=len(shares),
        slack=None,
    )
