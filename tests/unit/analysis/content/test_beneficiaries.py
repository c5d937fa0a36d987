"""Relayed praise, revealing terms, and beneficiaries."""

import msgspec
import pytest

from api.analysis.content.beneficiaries import beneficiaries
from api.analysis.content.quoted_terms import quoted_terms
from api.analysis.engines.reading import read as read_article
from api.analysis.framing.spin import judge
from api.analysis.parsing.relayed import relayed_voice
from api.analysis.people.entities import entities
from api.analysis.people.source_role import source_role
from api.analysis.people.voices import voices
from api.analysis.text.document import Document
from api.analysis.text.spans import spans
from schemas.assessments import Beneficiary, Finding, LoadedTerm, Spin
from schemas.enums import SourceType, SpinType, Stance
from tests.kit.texts.articles import article, document
from tests.kit.texts.taxonomy import TAXONOMY


def spin_of(kind: SpinType, stance: Stance = Stance.PROMOTIONAL) -> Spin:
    return msgspec.structs.replace(
        judge(document("The pool is open."), TAXONOMY).spin, primary=kind, stance=stance
    )


def finding(read: Document, words: str, kind: SpinType, rule: str = "praise") -> Finding:
    start = read.text.index(words)
    return Finding(
        id="f1",
        rule=rule,
        label="",
        explanation="",
        type=kind,
        tactic=None,
        voice="document",
        points=100,
        spans=spans(read.text, start, start + len(words)),
    )


def gains(
    body: str,
    words: str,
    kind: SpinType,
    sort: SourceType,
    publisher: str | None,
    rule: str = "praise",
) -> list[Beneficiary]:
    record = article(body)
    record = msgspec.structs.replace(
        record, source=msgspec.structs.replace(record.source, name=publisher, type=sort)
    )
    read = read_article(record)
    named = entities(read)
    role = source_role(read, named, voices(read), Stance.PROMOTIONAL)
    return beneficiaries(read, spin_of(kind), [finding(read, words, kind, rule)], named, role)


def voice(body: str, words: str) -> str:
    read = document(body)
    start = read.text.index(words)
    return relayed_voice(read, start, start + len(words))


class TestRelayedVoice:
    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ("Furrow is a groundbreaking leap.", "groundbreaking"),
            ("Remarkably, the company said that Furrow has 40 users.", "Remarkably"),
            ("The rule says that the harvest is groundbreaking.", "groundbreaking"),
        ],
    )
    def test_is_the_document_for_its_own_words(self, body: str, words: str) -> None:
        assert voice(body, words) == "document"

    @pytest.mark.parametrize(
        "body",
        [
            "Talia Brandmoor said that Furrow is a groundbreaking leap.",
            "According to Talia Brandmoor, Furrow is a groundbreaking leap.",
            "“Furrow is a groundbreaking leap for us,” said Talia Brandmoor.",
        ],
    )
    def test_is_the_speaker_whose_praise_is_passed_on(self, body: str) -> None:
        assert voice(body, "groundbreaking") == "Talia Brandmoor"


class TestTellingTerms:
    def terms(self, body: str, words: str, kind: SpinType = SpinType.HYPE) -> list[str]:
        read = document(body)
        start = read.text.index(words)
        term = LoadedTerm(
            term=words, type=kind, voice="document", spans=spans(read.text, start, start + len(words))
        )
        return [t.words for t in quoted_terms(read, spin_of(kind), [], [term], entities(read))]

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ("The wildfire came. A wildfire is hot. No wildfire is alike. The wildfire went.", "wildfire"),
            ("Talia Brandmoor spoke to Inclusive Action for the City on Monday.", "Inclusive"),
            ("We believe in it, and whoever waits is late.", "We believe"),
            ("It lifts the fruit without bruising it.", "bruising"),
            ("I won't pretend we are there, said the grower.", "pretend we are there"),
            ("It was never a groundbreaking leap.", "groundbreaking leap"),
        ],
    )
    def test_leave_out_topics_names_and_empty_words(self, body: str, words: str) -> None:
        assert self.terms(body, words) == []

    def test_are_the_words_that_carry_the_framing(self) -> None:
        assert self.terms("Furrow is a groundbreaking leap for farms.", "groundbreaking leap") == [
            "groundbreaking leap"
        ]

    @pytest.mark.parametrize(
        ("body", "words", "shown"),
        [
            (
                "Furrow has real-time data that just works.",
                "time data that just works",
                "real-time data that just works",
            ),
            ("We're thrilled to announce it.", "'re thrilled to announce", "thrilled to announce"),
            ("Whoever is late, don’t miss the pump.", "n’t miss", "don’t miss"),
            ("It is not only groundbreaking but cheap.", "groundbreaking", "groundbreaking"),
            ("It is no toy, and a groundbreaking leap.", "groundbreaking leap", "groundbreaking leap"),
        ],
    )
    def test_are_shown_as_whole_words(self, body: str, words: str, shown: str) -> None:
        assert self.terms(body, words) == [shown]

    def test_of_a_text_without_a_type_are_none(self) -> None:
        read = document("Furrow is a groundbreaking leap.")
        assert quoted_terms(read, spin_of(SpinType.NONE), [], [], []) == []


class TestBeneficiaries:
    def test_are_none_where_the_praise_is_of_another_thing(self) -> None:
        body = "Microsoft was there too. The town has a groundbreaking plan for its pools."
        assert gains(body, "groundbreaking", SpinType.HYPE, SourceType.MEDIA, "Harbour Courier") == []

    def test_are_not_those_who_are_blamed(self) -> None:
        body = "Microsoft has failed to address the shortage for years."
        assert gains(body, "failed to address", SpinType.SHIELD, SourceType.MEDIA, "Harbour Courier") == []

    def test_are_not_publishers_who_speak_of_others(self) -> None:
        body = "Whoever gave it that groundbreaking prize should hand in their eyes."
        assert gains(body, "groundbreaking", SpinType.HYPE, SourceType.NEWSLETTER, "The Hob") == []

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ("Microsoft was there. We are committed to safe and beneficial Microsoft tools.", "beneficial"),
            ("Microsoft sells disappointing glasses with groundbreaking lenses.", "groundbreaking"),
            ("Microsoft is not a groundbreaking firm.", "groundbreaking"),
            ("Microsoft announced quarterly results for its groundbreaking unit.", "groundbreaking"),
            ("Microsoft said that a groundbreaking plan can help farms.", "groundbreaking"),
            ("Microsoft has a groundbreaking plan By James Orrin Vale.", "groundbreaking"),
            ("Kubernetes is a groundbreaking planner for farms.", "groundbreaking"),
        ],
    )
    def test_are_not_those_who_gain_nothing_by_the_clause(self, body: str, words: str) -> None:
        assert gains(body, words, SpinType.HYPE, SourceType.MEDIA, "Harbour Courier") == []

    @pytest.mark.parametrize(("words", "praises"), [("planner", False), ("groundbreaking planner", True)])
    def test_are_not_shown_by_a_single_learned_word(self, words: str, praises: bool) -> None:
        body = "Microsoft has unveiled a groundbreaking planner for farms."
        found = gains(body, words, SpinType.HYPE, SourceType.MEDIA, "Harbour Courier", "loaded_hype")
        assert bool(found) is praises

    def test_are_products_that_the_text_comes_back_to(self) -> None:
        body = "Kubernetes is a groundbreaking planner for farms. Few know Kubernetes."
        found = gains(body, "groundbreaking", SpinType.HYPE, SourceType.MEDIA, "Harbour Courier")
        assert [b.name for b in found] == ["Kubernetes"]

    @pytest.mark.parametrize(
        ("body", "words", "why"),
        [
            (
                "LONDON, 12 May – Orrinware is sharpening its focus on farms.",
                "sharpening its focus",
                "“Orrinware is sharpening its focus on farms”",
            ),
            (
                "LONDON, 12 May – Orrinware today apologised for the brief disruption.",
                "brief disruption",
                None,
            ),
            ("Orrinware today announced financial results for its strong quarter.", "strong quarter", None),
            ("It came to mean slower support for all of us.", "slower support", None),
        ],
    )
    def test_are_publishers_by_what_they_gain(self, body: str, words: str, why: str | None) -> None:
        found = gains(body, words, SpinType.CUSHION, SourceType.COMPANY_BLOG, "Orrinware")
        assert [b.why for b in found] == ([f"Orrinware writes of itself: {why}."] if why else [])

    def test_are_those_of_whom_the_text_says_it(self) -> None:
        body = "Microsoft has unveiled a groundbreaking planner for farms."
        found = gains(body, "groundbreaking", SpinType.HYPE, SourceType.MEDIA, "Harbour Courier")
        assert [(b.name, b.why) for b in found] == [
            (
                "Microsoft",
                "The text says of Microsoft: “Microsoft has unveiled a groundbreaking planner for farms”.",
            )
        ]

    def test_are_publishers_who_speak_of_themselves(self) -> None:
        body = "Today we are sharpening our focus on what we do best."
        found = gains(body, "sharpening our focus", SpinType.CUSHION, SourceType.COMPANY_BLOG, "Orrinware")
        assert [b.name for b in found] == ["Orrinware"]
        assert "sharpening our focus" in found[0].why
