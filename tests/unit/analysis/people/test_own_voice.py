"""The voice in which a text itself speaks."""

import pytest

from api.analysis.engines.reading import read
from api.analysis.people.entities import entities
from api.analysis.people.own_voice import with_own_voice
from api.analysis.people.source_role import source_role
from api.analysis.people.voices import voices
from api.analysis.text.article import SourceFacts
from schemas.assessments import Voice
from schemas.enums import SourceType
from tests.kit.texts.articles import article

COLUMN = (
    "I have sold pumps for nine years in the valley. I think that the river will rise again. My neighbours laugh "
    "about the sandbags. Peer Lund told me that the dam is old."
)
BIOGRAPHY = (
    "Ada Roe is the founder of Corvell, which sells pumps. Guest columns give the views of their authors."
)
LETTER = (
    "The trust of Tarn has a new chair from May on.\n\n{salutation}\n\n"
    "I have valued the time with all of you. I leave in May for a new task in Lund.\n\n"
    "Our work is never finished. The mill will run without me.\n\n{signature}"
)
POST = (
    "We have moved the works to Tarn. Our pumps are made by the river now. The hall has nine floors. "
    "“The river is our neighbour,” said Ada Roe, chair of Corvell."
)
REPORT = (
    "Corvell has moved its works to Tarn. The pumps are made by the river. The hall has nine floors. "
    "“We are by the river,” said Ada Roe, chair of Corvell. “I like it, and we stay.”"
)


def found(
    body: str, kind: SourceType = SourceType.OTHER, name: str | None = None, **fields: str
) -> list[Voice]:
    document = read(
        article(body, "News from the valley", source=SourceFacts(name=name, type=kind, host=None), **fields)
    )
    named = voices(document)
    return with_own_voice(document, named, source_role(document, entities(document), named, None))


def names(
    body: str, kind: SourceType = SourceType.OTHER, name: str | None = None, **fields: str
) -> list[str]:
    return [voice.name for voice in found(body, kind, name, **fields)]


class TestOwnVoice:
    @pytest.mark.parametrize(
        ("body", "kind"),
        [
            (REPORT, SourceType.MEDIA),
            (REPORT, SourceType.COMPANY_BLOG),
            (POST, SourceType.MEDIA),  # a paper's "we" in a report may be anybody's
        ],
    )
    def test_is_not_listed_of_a_report(self, body: str, kind: SourceType) -> None:
        assert names(body, kind, "Corvell") == ["Ada Roe"]

    def test_is_not_that_of_the_one_who_is_addressed(self) -> None:
        for addressed in ("Dear Ada Roe,", "To Ada Roe:"):
            letter = LETTER.format(salutation=addressed, signature="Best wishes,\n\nPeer Lund")
            assert "Ada Roe" not in names(letter)

    def test_is_nobodys_in_a_letter_without_a_signature(self) -> None:
        assert names(LETTER.format(salutation="Dear Ada Roe,", signature="The mill stands.")) == []

    def test_is_not_the_publishers_in_an_interview(self) -> None:
        talk = (
            "Interview with Ada Roe about our works, which we moved to Tarn. We met by the river.\n\n"
            "Corvell: What do you make?\n\nAda Roe: I make pumps, and I like it.\n\n"
            "Corvell: And the river?\n\nAda Roe: I hear it in the hall.\n\n"
        )
        assert "Corvell" not in [
            v.name for v in found(talk, SourceType.COMPANY_BLOG, "Corvell") if v.share > 0.5
        ]

    def test_is_the_firms_whose_page_it_is(self) -> None:
        post = POST.replace("Corvell.", "Corvell Inc.")
        assert "Corvell Pumps" in names(post, SourceType.COMPANY_BLOG, "Corvell Pumps newsroom")

    def test_is_not_a_wires(self) -> None:
        assert names(POST, SourceType.PRESS_RELEASE, "Tarn Newswire") == ["Ada Roe"]

    @pytest.mark.parametrize("salutation", ["Dear members of the trust,", "Team,", "Hello everyone,"])
    @pytest.mark.parametrize(
        "signature",
        [
            "Best wishes,\n\nPeer Lund\nChair",
            "Sincerely,\nPeer Lund",
            "- Peer Lund",
            "With love,\nPeer Lund",
            "With warmth,\nPeer Lund",
            "Thanks!\n\nWith love,\nPeer Lund",
            "With many thanks, Peer Lund",
            "Warm regards, Peer Lund, chair",
        ],
    )
    def test_is_that_of_who_signs_a_letter(self, salutation: str, signature: str) -> None:
        (voice,) = found(LETTER.format(salutation=salutation, signature=signature))
        assert (voice.name, voice.description) == ("Peer Lund", "who signs the letter")
        assert 0.5 < voice.share < 0.9  # not the introduction

    def test_has_the_full_name_of_a_letters_given_name(self) -> None:
        letter = LETTER.format(salutation="Dear friends,", signature="Best,\n- Tracy")
        assert names(f"Tracy Marrow leaves the trust, which she led for nine years. {letter}") == [
            "Tracy Marrow"
        ]

    def test_is_that_of_a_columns_author(self) -> None:
        for body, fields in (
            (f"By Ada Roe\n\n{COLUMN}", {}),
            (f"{COLUMN}\n\n{BIOGRAPHY}", {}),
            (COLUMN, {"author": "Ada Roe"}),
        ):
            assert names(body, SourceType.MEDIA, **fields) == ["Ada Roe", "Peer Lund"]

    def test_is_that_of_an_organisation_that_says_we(self) -> None:
        own, other = found(POST, SourceType.COMPANY_BLOG, "Corvell")
        assert (own.name, own.description, other.name) == ("Corvell", "the publisher", "Ada Roe")
        assert own.share + other.share <= 1

    def test_is_added_to_the_quotations_of_the_same_person(self) -> None:
        body = f"{COLUMN} “I told them so in the spring,” said Ada Roe."
        (own, _) = found(body, SourceType.MEDIA, author="Ada Roe")
        assert (own.name, own.share > 0.7) == ("Ada Roe", True)
