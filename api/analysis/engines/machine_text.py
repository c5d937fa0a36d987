"""Finds and reports text addressed to machines, and removes it before the judgement.

It is never an instruction, or a page could write its own verdict. Its sentences are cut out, the remaining
story is judged, and every place in the shorter text is mapped back to the whole one. The names of the record
(author, organisation, site) lose what addresses machines too, without a finding: they have no place in the text.
"""

from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from api.analysis.engines.cuts import shortened, with_space
from api.analysis.framing.detectors.addressed_to_scorer import DETECTOR
from api.analysis.framing.evidence import MAX_HITS
from api.analysis.text.article import Article
from api.analysis.text.document import DOCUMENT_VOICE, Sentence, Text
from api.analysis.text.prompt_injection import SEPARATORS, follows_injection, without_injection
from api.analysis.text.spans import spans
from schemas.assessments import Finding

MIN_OWN_WORDS: Final = 8  # before an order in its sentence; fewer lead up to it
_STOPS: Final = ".!?…"


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
    article = _with_clean_record(document.article)
    if not addressed:
        return StoryText(article, [], [])
    cuts = _cuts(document, addressed)
    return StoryText(shortened(article, cuts), cuts, addressed)


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


def _with_clean_record(article: Article) -> Article:
    """The article without what addresses machines in its names; the same one if nothing does."""
    author, organization = without_injection(article.author), without_injection(article.author_organization)
    site = without_injection(article.source.name)
    if (author, organization, site) == (article.author, article.author_organization, article.source.name):
        return article
    source = replace(article.source, name=site)
    return replace(article, author=author, author_organization=organization, source=source)


def _cuts(document: Text, addressed: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The sentences around the places and those that go on, each run of them with the white space on one side.

    Words of the story before an order in its sentence stay: else a page could hide its praise from the judge by
    an order behind each sentence.
    """
    text, body = document.text, document.article.body_start
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
        low = _start(document, sentence, addressed)
        if low == sentence.start and number - 1 in numbers:
            low = runs.pop()[0]
        runs.append((low, sentence.end))
    whole = {sentence.start for sentence in document.sentences}
    return [
        with_space(text, low, high if low in whole or low < body else _without_stop(text, low, high))
        for low, high in runs
    ]


def _start(document: Text, sentence: Sentence, addressed: list[tuple[int, int]]) -> int:
    """Where a cut begins: with its sentence, or behind words of the story in it. A title keeps any words."""
    first = min((start for start, _ in addressed if sentence.start <= start < sentence.end), default=0)
    before = document.text[sentence.start : first].rstrip(SEPARATORS)
    is_of_story = sentence.role == "title" or len(before.split()) >= MIN_OWN_WORDS
    return sentence.start + len(before) if is_of_story else sentence.start


def _without_stop(text: str, low: int, high: int) -> int:
    """The end of a passage without the mark that ends its sentence, which stays with the words before it."""
    while high > low and text[high - 1] in _STOPS:
        high -= 1
    return high


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
