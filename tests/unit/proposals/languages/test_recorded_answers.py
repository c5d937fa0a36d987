"""Recorded answers on stories in the twelve languages: what the checks keep, and that they keep nothing else."""

from collections.abc import Iterator
from typing import Final

import pytest

from api.operations.exports.seed import SAMPLES_SECRET
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
MOST_DROPPED: Final = 0.05  # of the parts of a language's answers
LEAST_SENTENCES: Final = 12  # of prose on one story
BOKMAL: Final = {"nb": {"nb", "no"}}


@pytest.fixture(scope="module")
def judged() -> dict[str, list[tuple[RecordedStory, Assessment, ModelUse]]]:
    """The assessments of all stories, by language."""
    found: dict[str, list[tuple[RecordedStory, Assessment, ModelUse]]] = {}
    for language, stories in RECORDED.items():
        for story in stories:
            both = ENGINE.judge_both(story.article, TAXONOMY, (), story.proposal)
            assert both.refusal is None, story.title
            assert both.llm.model is not None
            found.setdefault(language, []).append((story, both.llm, both.llm.model))
    return found


Judged = dict[str, list[tuple[RecordedStory, Assessment, ModelUse]]]


def prose_of(found: Assessment) -> list[str]:
    """The sentences of the second answer."""
    of_first = {finding.explanation for finding in found.findings}
    of_first |= {one.looked_for for one in found.left_out or ()}
    return [sentence for sentence in generated_sentences(found) if sentence not in of_first]


def each_story(judged: Judged) -> Iterator[tuple[str, RecordedStory, Assessment, ModelUse]]:
    for language, stories in judged.items():
        for story, found, use in stories:
            yield language, story, found, use


class TestTheRules:
    def test_judge_none_of_the_stories(self) -> None:
        for language, stories in RECORDED.items():
            for story in stories:
                refused = ENGINE.judge_both(story.article, TAXONOMY, (), b"").rules.not_scorable
                assert refused is not None, language
                assert refused.reason is NotScorableReason.UNSUPPORTED_LANGUAGE


class TestRecordedAnswers:
    def test_are_there_for_every_language(self) -> None:
        assert {LANGUAGES[language] for language in RECORDED} == set(LANGUAGES.values())
        for language, stories in RECORDED.items():
            assert {story.article.language or "" for story in stories} <= BOKMAL.get(language, {language})

    def test_answer_requests_that_are_still_made(self, judged: Judged) -> None:
        for _, story, _, _ in each_story(judged):
            assert len(ENGINE.judgement_requests(story.article, TAXONOMY, SAMPLES_SECRET)) == 1
            given = [bytes(story.judgement).decode()]
            assert ENGINE.prose_request(story.article, TAXONOMY, SAMPLES_SECRET, given).request is not None

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
