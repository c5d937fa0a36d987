"""Satire on the card, in the explanation, and in the first findings."""

import io

import msgspec
import pytest
from rich.console import Console, RenderableType

from api.analysis.engines.rules import RulesEngine
from api.rendering.card import CardFacts, card
from api.rendering.explanation_card import explanation_card
from api.rendering.jsonld.stories import story_graph
from api.rendering.ranking import ranked
from api.rendering.score_explanations import build_explanation
from schemas.assessments import Assessment
from schemas.stories import Story
from tests.kit.texts.articles import article
from tests.kit.texts.filled import SITE, filled_story
from tests.kit.texts.taxonomy import TAXONOMY
from tests.kit.texts.trap_texts import story

FACTS = CardFacts(title="A message from your landlord", source=None, url=None, published_at=None, words=255)


@pytest.fixture(scope="module")
def said() -> Assessment:
    title, body = story("satire-2")
    return RulesEngine().assess(article(body, title), TAXONOMY)


def shown(part: RenderableType) -> str:
    console = Console(file=io.StringIO(), width=100)
    console.print(part)
    file = console.file
    assert isinstance(file, io.StringIO)
    return file.getvalue()


class TestTheCard:
    def test_is_headed_by_satire_and_shows_the_finding_first(self, said: Assessment) -> None:
        text = shown(card(said, FACTS, TAXONOMY))
        assert "SATIRE" in text
        assert "NO SPIN" not in text
        assert text[text.index("What does it") :].splitlines()[1].split() == ["Reads", "as", "satire"]


class TestTheExplanation:
    def test_says_satire_and_what_the_text_would_be_without_it(self, said: Assessment) -> None:
        text = shown(explanation_card(build_explanation(said), "A message", None, TAXONOMY))
        assert said.spin is not None
        assert f"Reads as satire · {said.spin.score} of 100" in text
        assert "were it no satire" in text


class TestFindingsWithoutAType:
    def test_stand_first_whatever_their_points(self, said: Assessment) -> None:
        order = ranked(said)
        assert (order[0].rule, order[0].type) == ("satire", None)
        chances = [finding.chance or 0 for finding in order[1:]]
        assert chances == sorted(chances, reverse=True)

    def test_are_in_json_ld_too(self) -> None:
        created = filled_story(lambda name: f"the {name}")
        untyped = [msgspec.structs.replace(f, type=None, points=0) for f in created.verdict.findings]
        verdict = msgspec.structs.replace(created.verdict, findings=untyped)
        graph = msgspec.json.encode(story_graph(_with(created, verdict), SITE)).decode()
        assert graph.count('"unspun:Finding"') == len(untyped) > 0


def _with(created: Story, verdict: object) -> Story:
    return msgspec.structs.replace(created, verdict=verdict)
