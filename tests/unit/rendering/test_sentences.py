"""The sentence of a verdict, and the words beside its number in every format."""

import json

import msgspec
import pytest

from api.rendering.feeds import Feed, atom, json_feed
from api.rendering.html.front import front_html
from api.rendering.html.stories import story_html
from api.rendering.jsonld.feeds import data_feed
from api.rendering.jsonld.stories import story_graph
from api.rendering.llms import llms_txt
from api.rendering.markdown.page import whole
from api.rendering.markdown.stories import story_page
from api.rendering.sentences import agreement_sentence, happening_words, verdict_sentence
from api.rendering.tools import tool_story
from schemas.agreements import ReviewedFinding
from schemas.assessments import Happening
from schemas.enums import Band, HappeningKind, SpinType
from schemas.spans import Range
from schemas.stories import Story, StoryRow
from tests.kit.texts.filled import SITE, filled, filled_story


def _story(band: Band, score: int, primary: SpinType = SpinType.NONE, *, satire: bool = False) -> Story:
    story = filled_story(lambda name: f"the {name}")
    assert story.verdict.spin is not None
    spin = msgspec.structs.replace(
        story.verdict.spin, primary=primary, secondary=None, tactic_name=None, score=score, band=band,
        interval=(0, 9), satire=satire,
    )  # fmt: skip
    return msgspec.structs.replace(story, verdict=msgspec.structs.replace(story.verdict, spin=spin))


class TestWordsOfAHappening:
    @pytest.mark.parametrize(
        ("kind", "subject", "expected"),
        [
            (HappeningKind.JOB_CUTS, "Brightwater\u202e Ferries", "Job cuts: Brightwater Ferries"),
            (HappeningKind.LAWSUIT_OR_FINE, None, "Lawsuit or fine"),
            (HappeningKind.NO_EVENT, None, "No event"),
        ],
    )
    def test_are_the_kind_and_who_acts(self, kind: HappeningKind, subject: str | None, expected: str) -> None:
        assert happening_words(Happening(kind=kind, subject=subject, spans=[])) == expected


class TestSatire:
    def test_is_named_in_every_form(self) -> None:
        story = _story(Band.LIGHT, 20, satire=True)
        said = "Reads as satire, so without a type: 20 of 100, light spin; 90 %: 0 to 9."
        assert verdict_sentence(story.verdict, SITE) == said
        page = whole(story_page(story, SITE))
        assert said in page
        assert "\nsatire: true\n" in page
        shown = story_html(story, SITE)
        assert said in shown
        assert '<h2 id="verdict-title">Reads as satire</h2>' in shown
        assert '"unspun:satire":true' in msgspec.json.encode(story_graph(story, SITE)).decode()

    def test_is_not_named_where_there_is_none(self) -> None:
        story = _story(Band.LIGHT, 20)
        assert "satire" not in verdict_sentence(story.verdict, SITE)
        assert "\nsatire:" not in whole(story_page(story, SITE))
        assert "satire" not in story_html(story, SITE)
        assert "unspun:satire" not in msgspec.json.encode(story_graph(story, SITE)).decode()


class TestTheSentence:
    @pytest.mark.parametrize(
        ("band", "score", "primary", "said"),
        [
            (Band.PLAIN, 2, SpinType.NONE, "No spin: 2 of 100, plain; 90 %: 0 to 9."),
            (Band.LIGHT, 20, SpinType.NONE, "No spin type: 20 of 100, light spin; 90 %: 0 to 9."),
            (Band.PLAIN, 9, SpinType.FOG, "The Fog: 9 of 100, plain; 90 %: 0 to 9."),
            (Band.LIGHT, 20, SpinType.FOG, "The Fog: 20 of 100, light spin; 90 %: 0 to 9."),
        ],
    )
    def test_speaks_of_spin_where_there_is_some(
        self, band: Band, score: int, primary: SpinType, said: str
    ) -> None:
        assert verdict_sentence(_story(band, score, primary).verdict, SITE) == said


class TestTheOtherJudge:
    @pytest.mark.parametrize(
        ("choices", "said"),
        [
            ([], ""),
            ([True], " Of the rules' findings that it was shown, the model keeps 1 and rejects 0."),
            (
                [True, False, False],
                " Of the rules' findings that it was shown, the model keeps 1 and rejects 2.",
            ),
        ],
    )
    def test_is_told_in_one_line_of_every_page(self, choices: list[bool], said: str) -> None:
        story = _story(Band.STRONG, 60, SpinType.HYPE)
        agreement = story.verdict.agreement
        assert agreement is not None
        reviewed = [
            ReviewedFinding(rule="superlatives", ranges=[Range(start=3, end=9)], kept=kept, why=None)
            for kept in choices
        ]
        agreement = msgspec.structs.replace(agreement, reviewed=reviewed)
        verdict = msgspec.structs.replace(story.verdict, agreement=agreement)
        sentence = agreement_sentence(verdict, SITE)
        assert sentence is not None
        assert sentence.endswith(f" of 100.{said}")
        judged = msgspec.structs.replace(story, verdict=verdict)
        for page in (whole(story_page(judged, SITE)), story_html(judged, SITE)):
            assert ("that it was shown" in page) is bool(said)


def _feed(row: StoryRow) -> Feed:
    return Feed(
        filters="",
        about="new stories",
        page="http://unspun.test/",
        self="http://unspun.test/feed.atom",
        first="http://unspun.test/feed.atom",
        next=None,
        stories=[row],
    )


class TestAStoryInLists:
    @pytest.mark.parametrize(
        ("primary", "band", "satire", "said"),
        [
            (SpinType.NONE, Band.STRONG, True, "Reads as satire"),
            (SpinType.NONE, Band.STRONG, False, "No spin type"),
            (SpinType.NONE, Band.PLAIN, False, "No spin"),
            (SpinType.FOG, Band.PLAIN, False, "The Fog"),
        ],
    )
    def test_is_called_the_same_everywhere(
        self, primary: SpinType, band: Band, satire: bool, said: str
    ) -> None:
        row = filled(
            StoryRow,
            primary=primary,
            secondary=None,
            tactic=None,
            score=50,
            band=band,
            satire=satire,
            match=None,
        )
        assert tool_story(row, SITE).primary_name == said
        assert tool_story(row, SITE).satire is satire
        assert f": {said}, 50 of 100;" in llms_txt([row], SITE, public=True)
        item = json.loads(json_feed(_feed(row), SITE))["items"][0]
        assert item["content_text"].startswith(f"{said}: 50 of 100")
        assert said in item["tags"]
        assert f"<strong>{said}</strong> 50 of 100" in front_html([row], SITE, public=True)
        assert f"<unspun:satire>{str(satire).lower()}</unspun:satire>" in atom(_feed(row), SITE).decode()
        assert ('"unspun:satire":true' in data_feed(_feed(row), SITE).decode()) is satire


class TestEveryForm:
    def test_calls_a_plain_text_plain(self) -> None:
        story = _story(Band.PLAIN, 2)
        feed = _feed(filled(StoryRow, primary=SpinType.NONE, secondary=None, score=2, band=Band.PLAIN))
        graph = json.dumps(story_graph(story, SITE))
        forms = (whole(story_page(story, SITE)), story_html(story, SITE), graph, atom(feed, SITE).decode())
        assert all("plain spin" not in form.lower() for form in forms)
        assert '"alternateName": "Plain"' in graph
