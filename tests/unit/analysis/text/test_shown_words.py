"""Shown excerpts: whole words, with two content words of the story if possible."""

import json
import re
from pathlib import Path

import pytest

from api.analysis.content.grounding import Grounding
from api.analysis.engines.fast.engine import FastEngine
from api.analysis.engines.rules import RulesEngine
from api.analysis.text.article import Article, SourceFacts
from api.analysis.text.shown_words import MIN_STORY_WORDS, content_words, named_words, whole_words
from schemas.assessments import Assessment, Finding
from schemas.enums import SourceType
from tests.kit.texts.articles import article
from tests.kit.texts.taxonomy import TAXONOMY

HELD_BACK = Path(__file__).parents[3] / "benchmarks" / "data" / "held_back_stories.jsonl"
STORIES = 20
ENGINES = {"full": RulesEngine(), "fast": FastEngine()}


def shown(text: str, words: str) -> str:
    start = text.index(words)
    return named_words(text, start, start + len(words), 0, len(text))


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


class TestNamedWords:
    @pytest.mark.parametrize(
        ("text", "words", "named"),
        [
            ("Furrow is the ultimate pump for farms.", "ultimate", "ultimate pump"),
            ("We are proud to open the pump.", "proud", "proud to open"),
            ("Furrow brings the green revolution, and that is all.", "revolution", "green revolution"),
            ("Furrow is groundbreaking and growers buy it.", "groundbreaking", "Furrow is groundbreaking"),
            ("It is, however, groundbreaking.", "groundbreaking", "groundbreaking"),
            ("The “ultimate” pump is cheap.", "ultimate", "ultimate pump"),
            ("Furrow is a groundbreaking leap.", "groundbreaking leap", "groundbreaking leap"),
            ("Furrow, they say, leads.", "leads", "Furrow, they say, leads"),
        ],
    )
    def test_are_two_words_of_the_story_or_all_there_are(self, text: str, words: str, named: str) -> None:
        assert shown(text, words) == named

    def test_stay_in_their_sentence(self) -> None:
        text = "Furrow sells pumps. Groundbreaking. The town buys them."
        start = text.index("Ground")
        assert named_words(text, start, start + 14, start, start + 15) == "Groundbreaking"


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
    def test_name_them_in_the_words_of_a_finding(self, judged: list[tuple[Article, Assessment]]) -> None:
        lone = [f for _, assessment in judged for f in assessment.findings if len(named(f)) < MIN_STORY_WORDS]
        # a sentence of one content word has no second
        assert all(len(content_words(sentence_around(f))) < MIN_STORY_WORDS for f in lone)
        assert any(assessment.findings for _, assessment in judged)

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


def named(finding: Finding) -> set[str]:
    return content_words(finding.explanation.partition("“")[2].partition("”")[0])


def sentence_around(finding: Finding) -> str:
    """The surroundings of a finding, up to the ends of its sentence."""
    first = finding.spans[0]
    before = re.split(r"[.!?\n]", first.prefix)[-1]
    behind = re.split(r"[.!?\n]", first.suffix)[0]
    return f"{before}{first.quote}{behind}"
