"""Answered questions are in English, and their answers are whole sentences of the text."""

import pytest

from api.analysis.content.claims import central_claims
from api.analysis.content.grounding import Grounding
from api.analysis.content.questions import questions_answered
from api.analysis.models.sentence_features import sentence_features
from schemas.enums import HappeningKind
from tests.kit.texts.articles import document

REST = (
    " The town lies on the Tarn, and its market opens at seven every day of the week but Sunday."
    " The mill by the bridge is an old one, and most of its floors stand empty."
)


def answered(
    body: str, title: str = "", kind: HappeningKind | None = None, *, told: bool = False
) -> list[str]:
    read = document(body + REST, title)
    news = list(read.body_sentences())[:1] if told else []
    claims = central_claims(read, sentence_features(read))
    found = questions_answered(read, news, kind, claims, Grounding(read.article))
    sentences = {" ".join(s.text.split()) for s in read.sentences}
    assert all(q.answer in sentences for q in found)
    assert all(place.quote in read.text for q in found for place in q.spans)
    return [q.question for q in found]


class TestAnAnsweredQuestion:
    @pytest.mark.parametrize(
        "body",
        [
            "They sold 410 pumps in Tarn in a week.",
            "Corvell did not sell 410 pumps in Tarn.",
            "“Corvell sold 410 pumps in Tarn,” said Ines Vale, who keeps the books.",
            "Corvell wants to sell 410 pumps in Tarn.",
            "This pump moves 410 buckets a day.",
            "Corvell had sold 410 pumps in Tarn.",
        ],
    )
    def test_is_not_made_of_a_sentence_that_does_not_turn(self, body: str) -> None:
        assert [q for q in answered(body) if q.startswith("How many")] == []

    @pytest.mark.parametrize(
        ("body", "question"),
        [
            ("Corvell will cut 310 jobs in Tarn.", "How many jobs will Corvell cut?"),
            ("Corvell sold 410 pumps in Tarn.", "How many pumps did Corvell sell?"),
            (
                "410 posts fall within the scope of a review.",
                "How many posts fall within the scope of a review?",
            ),
            ("Corvell raised $16 million in Tarn.", "How much did Corvell raise?"),
            ("The rules will take effect on 4 May 2027.", "When will the rules take effect?"),
            ("The hall was opened in March 2024.", "When was the hall opened?"),
            ("The hall is shut because the roof leaks.", "Why is the hall shut?"),
        ],
    )
    def test_turns_a_sentence_round(self, body: str, question: str) -> None:
        assert question in answered(body)

    def test_is_what_happened_if_the_news_repeats_the_title(self) -> None:
        body = "Corvell opens a new hall in Tarn, and the mayor is there."
        assert "What happened?" in answered(body, "Corvell opens hall", HappeningKind.LAUNCH, told=True)
        assert "What happened?" not in answered(body, "A word on rain", HappeningKind.LAUNCH, told=True)
        assert "What happened?" not in answered(body, "Corvell opens hall", HappeningKind.NO_EVENT, told=True)

    def test_is_a_heading_that_asks(self) -> None:
        body = "It has a roof.\n\nWhy did the doors jam?\n\nFrost had bent the rails in the night.\n\n"
        assert "Why did the doors jam?" in answered(body)

    def test_is_never_only_who_says_so(self) -> None:
        body = "The bridge is safe, said Ida Rem, an engineer. The bridge is safe, said Bo Ek."
        assert [q for q in answered(body) if q.startswith("Who")] == []
