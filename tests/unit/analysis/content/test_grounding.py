"""The check for invented facts."""

from datetime import UTC, datetime

import pytest

from api.analysis.content.explanations import _TEMPLATES
from api.analysis.content.grounding import Grounding
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
        sentences = [
            template
            for kind in _TEMPLATES.types.values()
            for field in ("deck", "emphasis", "frame", "plain_english", "believe", "hard_to_question")
            for template in getattr(kind, field)
        ]
        sentences += [
            t for group in (*_TEMPLATES.how.values(), *_TEMPLATES.objectives.values()) for t in group
        ]
        bare = [t.replace("“", "").replace("”", "") for t in sentences]
        for template in [t for t in bare if not t.startswith("{")]:
            assert Grounding(STORY).ungrounded(template.format_map(dict.fromkeys(SLOTS, "plant"))) == [], (
                template
            )


SLOTS = (
    "a",
    "b",
    "actor",
    "Framer",
    "clause",
    "believed",
    "believed2",
    "subject",
    "core",
    "standing",
    "lacks",
)
