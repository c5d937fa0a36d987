"""Shown excerpts: whole words, on one line."""

import json
from pathlib import Path

import pytest

from api.analysis.content.grounding import Grounding
from api.analysis.engines.fast.engine import FastEngine
from api.analysis.engines.rules import RulesEngine
from api.analysis.text.article import Article, SourceFacts
from api.analysis.text.shown_words import MIN_STORY_WORDS, content_words, shown, whole_words
from schemas.assessments import Assessment
from schemas.enums import SourceType
from tests.kit.texts.articles import article
from tests.kit.texts.taxonomy import TAXONOMY

HELD_BACK = Path(__file__).parents[3] / "benchmarks" / "data" / "held_back_stories.jsonl"
STORIES = 20
AROUND = 100  # characters beside a finding of one word
ENGINES = {"full": RulesEngine(), "fast": FastEngine()}


class TestWholeWords:
    @pytest.mark.parametrize(
        ("text", "words", "whole"),
        [
            ("It has real-time data.", "time data", "real-time data"),
            ("It is a self-play bot.", "self", "self-play"),
            ("It groundbreakingly leaps.", "ground", "groundbreakingly"),
            ("The firm’s top pumps.", "’s top", "top"),
            ("We don't wait.", "n't wait", "don't wait"),
            ("It came - late - to us.", "late", "late"),
            ("-a-", "a", "a"),
            ("'re", "'re", ""),
        ],
    )
    def test_are_stretched_over_hyphens_and_cut_words(self, text: str, words: str, whole: str) -> None:
        start = text.index(words)
        first, last = whole_words(text, start, start + len(words))
        assert text[first:last] == whole


class TestShownWords:
    @pytest.mark.parametrize(
        ("words", "line"),
        [("an “odd” pump", "an odd pump"), ("an\n odd  pump", "an odd pump")],
    )
    def test_are_one_line_without_quotation_marks(self, words: str, line: str) -> None:
        assert shown(words) == line


@pytest.fixture(scope="module", params=sorted(ENGINES))
def judged(request: pytest.FixtureRequest) -> list[tuple[Article, Assessment]]:
    rows = [json.loads(line) for line in HELD_BACK.read_text(encoding="utf-8").splitlines()]
    found = []
    for row in rows[:: len(rows) // STORIES][:STORIES]:
        source = SourceFacts(name=row["source"], type=SourceType(row["source_type"]), host=None)
        record = article(row["text"].removeprefix(row["title"]).strip(), row["title"], source=source)
        found.append((record, ENGINES[request.param].assess(record, TAXONOMY)))
    return found


class TestGeneratedSentences:
    @pytest.mark.slow
    def test_name_two_content_words_of_their_story(self, judged: list[tuple[Article, Assessment]]) -> None:
        for record, assessment in judged:
            own = content_words(record.text)
            for sentence in sentences_on(assessment):
                assert len(content_words(sentence) & own) >= MIN_STORY_WORDS, sentence

    @pytest.mark.slow
    def test_quote_the_words_of_a_finding_or_the_phrase_around_them(
        self, judged: list[tuple[Article, Assessment]]
    ) -> None:
        for record, assessment in judged:
            for finding in assessment.findings:
                low, high = finding.spans[0].start, finding.spans[-1].end
                words = finding.explanation.partition("“")[2].partition("”")[0].removesuffix(" …")
                own = shown(record.text[slice(*whole_words(record.text, low, high))])
                around = shown(record.text[max(low - AROUND, 0) : high + AROUND])
                assert words in own or (own in words and words in around)

    @pytest.mark.slow
    def test_are_grounded(self, judged: list[tuple[Article, Assessment]]) -> None:
        for record, assessment in judged:
            grounding = Grounding(record)
            for sentence in [*sentences_on(assessment), *(f.explanation for f in assessment.findings)]:
                assert grounding.ungrounded(sentence) == [], sentence


def sentences_on(assessment: Assessment) -> list[str]:
    """The generated sentences about the whole story."""
    mechanics = assessment.mechanics
    found = [assessment.deck, assessment.frame, assessment.objective]
    found += [assessment.spin.emphasis] if assessment.spin else []
    found += [getattr(mechanics, name) for name in mechanics.__struct_fields__] if mechanics else []
    return [sentence for sentence in found if sentence]
