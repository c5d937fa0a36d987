"""Finds and reports text addressed to machines, and removes it before the judgement.

It is never an instruction, or a page could write its own verdict. Its sentences are cut out, the remaining
story is judged, and every place in the shorter text is mapped back to the whole one.
"""

from dataclasses import dataclass

from api.analysis.engines.cuts import shortened, with_space
from api.analysis.framing.detectors.addressed_to_scorer import DETECTOR
from api.analysis.framing.evidence import MAX_HITS
from api.analysis.text.article import Article
from api.analysis.text.document import DOCUMENT_VOICE, Text
from api.analysis.text.prompt_injection import follows_injection
from api.analysis.text.spans import spans
from schemas.assessments import Finding


@dataclass(frozen=True)
class StoryText:
    """An article without text addressed to machines.

    `cuts` are the removed (start, end), `addressed` the places of the words addressed to machines, both in the
    whole text.
    """

    article: Article
    cuts: list[tuple[int, int]]
    addressed: list[tuple[int, int]]


def story_text(document: Text) -> StoryText:
    """The story of a document; the document's own article if nothing addresses machines."""
    addressed = [(hit.start, hit.end) for hit in DETECTOR.find(document)]
    if not addressed:
        return StoryText(document.article, [], [])
    cuts = _cuts(document, addressed)
    return StoryText(shortened(document.article, cuts), cuts, addressed)


def addressed_findings(document: Text, places: list[tuple[int, int]]) -> list[Finding]:
    """The first findings of text addressed to machines, as many as of any detector; their ids are empty."""
    return [
        Finding(
            id="",
            rule=DETECTOR.code,
            label=DETECTOR.label,
            explanation=DETECTOR.explanation.replace("{words}", " ".join(document.text[start:end].split())),
            type=None,
            tactic=None,
            voice=document.voice_at(start, end),
            points=0,
            spans=spans(document.text, start, end),
        )
        for start, end in places[:MAX_HITS]
    ]


def _cuts(document: Text, addressed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences around the places and those that go on, each run of them with the white space on one side."""
    numbers: set[int] = set()
    for start, end in addressed:
        first, last = document.sentence_at(start).index, document.sentence_at(end - 1).index
        numbers.update(range(first, last + 1))
    for step in (1, -1):
        for number in sorted(numbers, reverse=step < 0):
            while number + step not in numbers and _goes_on(document, number, number + step):
                number += step
                numbers.add(number)
    runs: list[tuple[int, int]] = []
    for number in sorted(numbers):
        sentence = document.sentences[number]
        low = runs.pop()[0] if number - 1 in numbers else sentence.start
        runs.append((low, sentence.end))
    return [with_space(document.text, low, high) for low, high in runs]


def _goes_on(document: Text, number: int, beside: int) -> bool:
    """Whether the sentence beside a cut one goes on with it, in its paragraph."""
    if not 0 <= beside < len(document.sentences):
        return False
    before, after = document.sentences[min(number, beside)], document.sentences[max(number, beside)]
    sentence = document.sentences[beside]
    return (
        "\n" not in document.text[before.end : after.start]
        and sentence.voice == DOCUMENT_VOICE
        and follows_injection(document.folded[sentence.start : sentence.end])
    )
