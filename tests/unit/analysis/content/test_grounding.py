"""The check for invented facts."""

import re
from datetime import UTC, datetime

import pytest

from api.analysis.content.grounding import Grounding
from api.analysis.prose.explanation_templates import TEMPLATES
from api.analysis.text.article import SourceFacts
from schemas.enums import SourceType
from tests.kit.texts.articles import article

STORY = article(
    "Corvell said on Friday that it would dismiss 300 of the 1,820 workers at its plant in Tarn. "
    "“We had no choice,” said Marta Eide. The three sites in Norway stay open.",
    "Corvell dismisses 300 workers",
    source=SourceFacts(name="Harbour Courier", type=SourceType.MEDIA, host="harbour-courier.example"),
    author="Ines Korhola",
    published_at=datetime(2026, 3, 6, tzinfo=UTC),
)


class TestUngrounded:
    @pytest.mark.parametrize(
        ("sentence", "invented"),
        [
            ("Corvell dismisses 301 workers.", ["301"]),
            ("Corvell dismisses 30 workers.", ["30"]),
            ("Some 1820 workers, 12 percent of them in Norway.", ["12"]),
            ("The seven sites in Norway stay open.", ["7"]),
            ("Quillon dismisses 300 workers.", ["Quillon"]),
            ("According to Peer Lund, 300 workers go.", ["Peer", "Lund"]),
            ("On Thursday the news came.", ["Thursday"]),
            ("She says “we had a choice”.", ["we had a choice"]),
            ('She says "we had a choice".', ["we had a choice"]),
            ("It speaks of “no choice” and of “tough choices”.", ["tough choices"]),
            ("The word “an open end.", ["an open end."]),
        ],
    )
    def test_names_what_is_invented(self, sentence: str, invented: list[str]) -> None:
        assert Grounding(STORY).ungrounded(sentence) == invented

    @pytest.mark.parametrize(
        "sentence",
        [
            "",
            "Corvell speaks of “no choice” where 300 workers go.",
            "“We had no choice,” it reads; the 3 sites in Norway stay open.",
            "Of 1820 workers at Tarn, 300 go.",
            "The Harbour Courier, and with it Ines Korhola, reports on 6 March 2026.",
            "Who outside Corvell has counted the workers?",
            "“dismiss 300 … at its plant in Tarn” is how it reads.",
        ],
    )
    def test_lets_pass_what_the_record_holds(self, sentence: str) -> None:
        assert Grounding(STORY).ungrounded(sentence) == []

    def test_knows_the_first_word_of_every_template(self) -> None:
        shown = [*TEMPLATES.types.values(), *TEMPLATES.tactics.values(), TEMPLATES.alarm]
        sentences = [f"{t}." for kind in shown for t in (kind.believe, kind.how)]
        groups = (
            *TEMPLATES.hard.values(),
            *(group for by_group in TEMPLATES.objective.values() for group in by_group.values()),
            *TEMPLATES.relayed.values(),
            *TEMPLATES.plain_objective.values(),
            *TEMPLATES.plain_frame.values(),
        )
        sentences += [template for group in groups for template in group]
        bare = [t.replace("“", "").replace("”", "") for t in sentences]
        for template in [t for t in bare if not t.startswith("{")]:
            filled = re.sub(r"\{[^{}]*\}", "plant", template)
            assert Grounding(STORY).ungrounded(filled) == [], template
