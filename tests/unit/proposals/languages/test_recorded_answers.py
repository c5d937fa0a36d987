"""Recorded answers on stories in the twelve languages: what the checks keep, and that they keep nothing else."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, Final

import msgspec
import pytest

from api.pages.languages import language_of
from api.proposals.engine import LanguageModelEngine
from api.proposals.languages.codes import LANGUAGES
from schemas.assessments import Assessment, ModelUse
from schemas.enums import NotScorableReason
from tests.kit.texts.assessments import generated_sentences
from tests.kit.texts.recorded_answers import RECORDED, RecordedStory
from tests.kit.texts.taxonomy import TAXONOMY
from tests.unit.analysis.engines.test_invariants import check_ledger, check_spans

ENGINE = LanguageModelEngine()
STORIES: Final = 5  # of each language
MOST_DROPPED: Final = 0.03  # of the parts of a language's answers
LEAST_SENTENCES: Final = 12  # of prose on one story
# Of the sentences that are made wrong: some numbers are those of another statement that the sentence rests on,
# and some sentences rest on both speakers.
MOST_WRONG_NUMBERS, MOST_WRONG_SPEAKERS = 0.02, 0.06
# Names that no story has. In German only a name that is no ordinary word is told from nouns.
STRANGERS: Final = {
    "cs": "Brandejs", "da": "Kjeldgaard", "de": "McHallstein", "es": "Echeverría", "fi": "Wuorimaa",
    "fr": "Chabrillac", "it": "Quagliarella", "nb": "Skjelbred", "nl": "Vondeling", "pl": "Grzegorzewski",
    "pt": "Vasconcellos", "sv": "Oxenstierna",
}  # fmt: skip
BOKMAL: Final = {"nb": {"nb", "no"}}


Judged = dict[str, list[tuple[RecordedStory, Assessment, ModelUse]]]


@pytest.fixture(scope="module")
def judged() -> Judged:
    """The assessments of all stories, by language."""
    found: Judged = {}
    for language, stories in RECORDED.items():
        for story in stories:
            both = ENGINE.judge_both(story.article, TAXONOMY, (), story.proposal)
            assert both.rules.not_scorable is not None
            assert both.rules.not_scorable.reason is NotScorableReason.UNSUPPORTED_LANGUAGE
            assert both.refusal is None, story.title
            assert both.llm.model is not None
            found.setdefault(language, []).append((story, both.llm, both.llm.model))
    return found


def prose_of(found: Assessment) -> list[str]:
    """The sentences of the second answer."""
    of_first = {finding.explanation for finding in found.findings}
    of_first |= {one.looked_for for one in found.left_out or ()}
    return [sentence for sentence in generated_sentences(found) if sentence not in of_first]


def each_story(judged: Judged) -> Iterator[tuple[str, RecordedStory, Assessment, ModelUse]]:
    for language, stories in judged.items():
        for story, found, use in stories:
            yield language, story, found, use


class TestRecordedAnswers:
    def test_are_there_for_every_language(self) -> None:
        recorded = [LANGUAGES[language] for language in RECORDED]
        assert sorted(recorded) == sorted(set(LANGUAGES.values()))
        for language, stories in RECORDED.items():
            assert len(stories) == STORIES
            assert all(story.article.language in BOKMAL.get(language, {language}) for story in stories)

    def test_keep_the_invariants(self, judged: Judged) -> None:
        for _, story, found, use in each_story(judged):
            check_spans(story.article, found)
            check_ledger(found)
            assert not use.calibrated
            assert found.spin is not None
            assert (found.spin.confidence, found.spin.interval) == (None, None)

    def test_lose_few_of_their_parts(self, judged: Judged) -> None:
        for language, stories in judged.items():
            dropped = sum(sum(use.dropped.values()) for _, _, use in stories)
            parts = dropped + sum(use.passed for _, _, use in stories)
            assert dropped <= MOST_DROPPED * parts, (language, [use.dropped for _, _, use in stories])

    def test_give_prose_in_the_language_of_the_story(self, judged: Judged) -> None:
        for language, story, found, use in each_story(judged):
            prose = prose_of(found)
            assert len(prose) >= LEAST_SENTENCES, story.title
            assert use.language == story.article.language
            assert language_of("\n".join(prose)) in BOKMAL.get(language, {language}), story.title

    def test_name_the_speakers_of_the_text_and_no_others(self, judged: Judged) -> None:
        for _, story, found, _ in each_story(judged):
            voices = {finding.voice for finding in found.findings} | {claim.voice for claim in found.claims}
            voices |= {term.voice for term in found.loaded_terms}
            assert sorted(voices - {"document"}) == sorted(story.speakers), story.title


def survivors(story: RecordedStory, change: Callable[[str], str]) -> tuple[int, list[str]]:
    """How many sentences of prose `change` changes, and those that are published nevertheless."""
    changed: set[str] = set()

    def walk(part: Any) -> Any:
        if isinstance(part, list):
            return [walk(entry) for entry in part]
        if not isinstance(part, dict):
            return part
        found = {name: walk(value) for name, value in part.items()}
        if isinstance(found.get("text"), str) and (text := change(found["text"])) != found["text"]:
            changed.add(text)
            found["text"] = text
        return found

    prose = msgspec.json.encode(walk(msgspec.json.decode(story.prose)))
    proposal = msgspec.structs.replace(story, prose=msgspec.Raw(prose)).proposal
    said = "\n".join(prose_of(ENGINE.assess(story.article, TAXONOMY, (), proposal)))
    return len(changed), [text for text in changed if text in said]


def full_names(story: RecordedStory) -> list[str]:
    """The speakers with a first and a last name."""
    return [name for name in story.speakers if len(name.split()) > 1 and name.split()[-1][0].isupper()]


@pytest.mark.slow
class TestAnswersMadeWrong:
    """Each test changes all sentences of the prose on a story at once."""

    def test_lose_every_sentence_with_a_stranger(self) -> None:
        for language, stories in RECORDED.items():
            for story in stories:
                last_names = "|".join(re.escape(name.split()[-1]) for name in full_names(story))
                if not last_names:
                    continue
                known = re.compile(rf"(?<=\w )(?:{last_names})\b")
                changed, left = survivors(story, partial(known.sub, STRANGERS[language]))
                assert changed, story.title
                assert left == []

    def test_lose_their_sentences_with_another_number(self) -> None:
        def another(text: str) -> str:
            return re.sub(r"(?<![\d.,:])\d+", lambda number: str(int(number[0]) + 1), text, count=1)

        counts = [survivors(story, another) for stories in RECORDED.values() for story in stories]
        wrong = [text for _, left in counts for text in left]
        assert len(wrong) <= MOST_WRONG_NUMBERS * sum(changed for changed, _ in counts), wrong

    def test_lose_their_sentences_with_another_speaker(self) -> None:
        total, wrong = 0, list[str]()
        for stories in RECORDED.values():
            for story in stories:
                names = full_names(story)
                for name, other in zip(names, names[1:] + names[:1], strict=True):
                    if name == other or name.split()[-1] == other.split()[-1]:
                        continue
                    lasts = name.split()[-1], other.split()[-1]

                    def swapped(
                        text: str, name: str = name, other: str = other, lasts: tuple[str, str] = lasts
                    ) -> str:
                        if text.endswith("?") or lasts[1] in text:  # states nothing, or is on both
                            return text
                        return text.replace(name, other).replace(*lasts)

                    changed, left = survivors(story, swapped)
                    total += changed
                    wrong += left
        assert len(wrong) <= MOST_WRONG_SPEAKERS * total, (len(wrong), total, wrong)
