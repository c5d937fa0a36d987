"""Judges a text again without some of its sentences, as if they had not been written.

Unlike `framing/ablation.py`, which weighs the same reading without some findings, each shorter text is read from
the start, so a figure is the verdict on that text. It costs an analysis for each text, so no publication does it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Final

from api.analysis.engines.cuts import Cuts, shortened, with_space
from api.analysis.text.article import Article
from api.analysis.text.document import Text
from api.analysis.text.spans import spans
from schemas.assessments import Assessment, Finding
from schemas.enums import ReadAgainKind, SpinType
from schemas.score_explanations import ReadAgain

MAX_TEXTS: Final = 12  # judged for one story, so that the cost is bounded
MAX_SENTENCES: Final = 5  # in the result

Judge = Callable[[Article, Cuts], Assessment]


def read_again(document: Text, said: Assessment, judge: Judge) -> list[ReadAgain]:
    """The sentences that move the score most, then all of the primary type and all findings; [] without a score.

    `said` is the assessment of the document, `judge` that of its article without some passages.
    """
    if said.spin is None:
        return []
    typed = [finding for finding in said.findings if finding.type is not None]
    primary = said.spin.primary
    whole = [
        _reading(document, judge, kind, type_, numbers)
        for kind, type_, numbers in (
            (ReadAgainKind.TYPE, primary, _sentences(document, [f for f in typed if f.type is primary])),
            (ReadAgainKind.FINDINGS, None, _sentences(document, typed)),
        )
        if numbers
    ]
    single = [
        _reading(document, judge, ReadAgainKind.SENTENCE, None, [number])
        for number in _candidates(document, typed)[: MAX_TEXTS - 2]
    ]

    def change(reading: ReadAgain) -> tuple[int, bool, int]:
        moved = -1 if reading.score is None else abs(reading.score - score)
        return -moved, reading.primary is primary, reading.spans[0].start

    score = said.spin.score
    return [*sorted(single, key=change)[:MAX_SENTENCES], *whole]


def cuts_of(document: Text, numbers: Iterable[int]) -> list[tuple[int, int]]:
    """The passages to remove with these sentences: each run within a paragraph, with the space on one side."""
    runs: list[tuple[int, int]] = []
    text, last = document.text, -2
    for number in sorted(numbers):
        sentence = document.sentences[number]
        if number == last + 1 and "\n" not in text[runs[-1][1] : sentence.start]:
            runs[-1] = runs[-1][0], sentence.end
        else:
            runs.append((sentence.start, sentence.end))
        last = number
    cuts: list[tuple[int, int]] = []
    for low, high in (with_space(text, *run) for run in runs):
        while cuts and low < cuts[-1][1]:  # the last paragraphs: the space before them goes too
            low = with_space(text, cuts.pop()[0], high)[0]
        cuts.append((low, high))
    return cuts


def _reading(
    document: Text, judge: Judge, kind: ReadAgainKind, type_: SpinType | None, numbers: list[int]
) -> ReadAgain:
    cuts = cuts_of(document, numbers)
    after = judge(shortened(document.article, cuts), cuts)
    spin = after.spin
    removed = [document.sentences[number] for number in numbers]
    return ReadAgain(
        kind=kind,
        type=type_,
        spans=[span for s in removed for span in spans(document.text, s.start, s.end)],
        score=spin.score if spin else None,
        primary=spin.primary if spin else None,
        confidence=spin.confidence if spin else None,
        not_scorable=after.not_scorable,
    )


def _candidates(document: Text, findings: list[Finding]) -> list[int]:
    """Sentences in the order in which they may move the score: the first of each ranking, the second of each."""
    points: Counter[int] = Counter()
    for finding in findings:
        for number in _sentences(document, [finding]):
            points[number] += finding.points
    rankings: list[Sequence[float]] = [
        [points[s.index] for s in document.sentences],
        *document.sentence_weights(),
    ]
    orders = [[n for _, n in sorted((-value, n) for n, value in enumerate(values))] for values in rankings]
    orders[0] = [number for number in orders[0] if number in points]
    ranked = dict.fromkeys(n for place in zip_longest(*orders) for n in place if n is not None)
    return [number for number in ranked if document.sentences[number].text.strip()]


def _sentences(document: Text, findings: list[Finding]) -> list[int]:
    """The numbers of all sentences that the findings touch."""
    found: set[int] = set()
    for span in (span for finding in findings for span in finding.spans):
        first, last = document.sentence_at(span.start), document.sentence_at(span.end - 1)
        found.update(range(first.index, last.index + 1))
    return sorted(found)
