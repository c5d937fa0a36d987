"""The sentence of a verdict, and the words beside its number in every form."""

import json

import msgspec
import pytest

from api.rendering.feeds import Feed, atom
from api.rendering.html.stories import story_html
from api.rendering.jsonld.stories import story_graph
from api.rendering.markdown.page import whole
from api.rendering.markdown.stories import story_page
from api.rendering.sentences import verdict_sentence
from schemas.enums import Band, SpinType
from schemas.stories import Story, StoryRow
from tests.filled import SITE, filled, filled_story


def _story(band: Band, score: int, primary: SpinType = SpinType.NONE, *, satire: bool = False) -> Story:
    story = filled_story(lambda name: f"the {name}")
    assert story.verdict.spin is not None
    spin = msgspec.structs.replace(
        story.verdict.spin, primary=primary, secondary=None, tactic_name=None, score=score, band=band,
        interval=(0, 9), satire=satire,
    )  # fmt: skip
    return msgspec.structs.replace(story, verdict=msgspec.structs.replace(story.verdict, spin=spin))


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
        assert '<h2 id="verdict-title">Satire</h2>' in shown
        assert '"unspun:satire":true' in msgspec.json.encode(story_graph(story, SITE)).decode()

    def test_is_not_named_where_there_is_none(self) -> None:
        story = _story(Band.LIGHT, 20)
        assert "satire" not in verdict_sentence(story.verdict, SITE)
        assert "\nsatire:" not in whole(story_page(story, SITE))
        assert "Satire" not in story_html(story, SITE)
        assert "unspun:satire" not in msgspec.json.encode(story_graph(story, SITE)).decode()


class TestTheSentence:
    @pytest.mark.parametrize(
        ("band", "score", "primary", "said"),
        [
            (Band.PLAIN, 2, SpinType.NONE, "No spin: 2 of 100, plain; 90 %: 0 to 9."),
            (Band.PLAIN, 9, SpinType.FOG, "The Fog: 9 of 100, plain; 90 %: 0 to 9."),
            (Band.LIGHT, 20, SpinType.FOG, "The Fog: 20 of 100, light spin; 90 %: 0 to 9."),
        ],
    )
    def test_speaks_of_spin_where_there_is_some(
        self, band: Band, score: int, primary: SpinType, said: str
    ) -> None:
        assert verdict_sentence(_story(band, score, primary).verdict, SITE) == said


class TestEveryForm:
    def test_calls_a_plain_text_plain(self) -> None:
        story = _story(Band.PLAIN, 2)
        row = filled(StoryRow, primary=SpinType.NONE, secondary=None, score=2, band=Band.PLAIN)
        feed = Feed(
            filters="",
            about="new stories",
            page="http://unspun.test/",
            self="http://unspun.test/feed.atom",
            first="http://unspun.test/feed.atom",
            next=None,
            stories=[row],
        )
        graph = json.dumps(story_graph(story, SITE))
        forms = (whole(story_page(story, SITE)), story_html(story, SITE), graph, atom(feed, SITE).decode())
        assert all("plain spin" not in form.lower() for form in forms)
        assert '"alternateName": "Plain"' in graph
