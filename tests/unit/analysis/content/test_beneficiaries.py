"""Relayed praise, revealing terms, and beneficiaries."""

import msgspec
import pytest

from api.analysis.content.beneficiaries import beneficiaries, with_covered
from api.analysis.engines.reading import read as read_article
from api.analysis.framing.spin import judge
from api.analysis.parsing.relayed import relayed_voice
from api.analysis.people.entities import entities
from api.analysis.people.source_role import source_role
from api.analysis.people.voices import voices
from api.analysis.prose.quoted_terms import quoted_terms
from api.analysis.text.document import UNNAMED_VOICE
from api.analysis.text.spans import spans
from schemas.assessments import Beneficiary, Finding, Happening, LoadedTerm, Spin
from schemas.enums import HappeningKind, SourceType, SpinType, Stance
from tests.kit.texts.articles import article, document
from tests.kit.texts.taxonomy import TAXONOMY


def spin_of(kind: SpinType, stance: Stance = Stance.PROMOTIONAL) -> Spin:
    return msgspec.structs.replace(
        judge(document("The pool is open."), TAXONOMY).spin, primary=kind, stance=stance
    )


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
    def terms(
        self, body: str, *phrases: str, kind: SpinType = SpinType.HYPE, of: SpinType | None = None
    ) -> list[str]:
        """The words quoted of these loaded phrases, which are of the text's type, or `of` another."""
        read = document(body)
        loaded = [
            LoadedTerm(
                term=words, type=of or kind, voice="document", spans=spans(read.text, at, at + len(words))
            )
            for words in phrases
            for at in [read.text.index(words)]
        ]
        return [t.words for t in quoted_terms(read, spin_of(kind), [], loaded, entities(read))]

    def test_show_by_their_form_how_they_steer(self) -> None:
        body = "Furrow has a brutal winner on farms. Furrow has seamless access on farms."
        assert self.terms(body, "brutal winner", "seamless access") == [
            "seamless access",
            "brutal winner",
        ]

    def test_are_unlikely_and_without_a_form_only_where_others_are_few(self) -> None:
        body = (
            "Furrow has a bull flag pattern on farms. Furrow has seamless access on farms. "
            "It is a groundbreaking leap."
        )
        others = ["groundbreaking leap", "seamless access"]
        assert sorted(self.terms(body, "bull flag pattern", *others)) == others
        assert "bull flag pattern" in self.terms(body, "bull flag pattern", "seamless access")

    @pytest.mark.parametrize(
        ("body", "words"),
        [
            ("The wildfire came. A wildfire is hot. No wildfire is alike. The wildfire went.", "wildfire"),
            ("Talia Brandmoor spoke to Inclusive Action for the City on Monday.", "Inclusive"),
            ("We believe in it, and whoever waits is late.", "We believe"),
            ("It lifts the fruit without bruising it.", "bruising"),
            ("I won't pretend we are there, said the grower.", "pretend we are there"),
            ("It was never a groundbreaking leap.", "groundbreaking leap"),
            ("Don’t miss our special issue on farms in May.", "Don’t miss our special issue"),
            ("Sign up now for our unmissable newsletter.", "unmissable newsletter"),
            ("What makes it so powerful is the number of uses.", "powerful is the number"),
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
            ("We're thrilled to announce it.", "'re thrilled to announce", "thrilled to announce it"),
            ("Whoever is late, don’t miss the pump.", "n’t miss", "don’t miss the pump"),
            ("It is not only groundbreaking but cheap.", "groundbreaking", "groundbreaking"),
            ("It is no toy, and a groundbreaking leap.", "groundbreaking leap", "groundbreaking leap"),
        ],
    )
    def test_are_shown_as_whole_words(self, body: str, words: str, shown: str) -> None:
        assert self.terms(body, words) == [shown]

    @pytest.mark.parametrize("own", ["remarkable pump", "remarkable hall"])
    def test_are_the_texts_own_before_those_of_a_speaker_without_a_name(self, own: str) -> None:
        read = document("Furrow has a remarkable pump on farms. Furrow has a remarkable hall on farms.")
        loaded = [
            LoadedTerm(
                term=words,
                type=SpinType.HYPE,
                voice="document" if words == own else UNNAMED_VOICE,
                spans=spans(read.text, at, at + len(words)),
            )
            for words in ("remarkable pump", "remarkable hall")
            for at in [read.text.index(words)]
        ]
        assert quoted_terms(read, spin_of(SpinType.HYPE), [], loaded, [])[0].words == own

    def test_of_a_text_that_softens_are_not_harsh(self) -> None:
        body = "The failure was completely unacceptable to Furrow. There was minor disruption."
        harsh, mild = "completely unacceptable", "minor disruption"
        assert self.terms(body, harsh, mild, kind=SpinType.CUSHION) == [mild]
        assert self.terms(body, harsh, kind=SpinType.CUSHION) == []

    def test_do_not_prove_with_an_admission_that_others_are_to_blame(self) -> None:
        body = "Our answers fell short. A violent storm cut the lines to the mill."
        assert self.terms(body, "fell short", "violent storm", kind=SpinType.SHIELD) == ["violent storm"]

    def test_do_not_press_by_praise(self) -> None:
        body = "Now is a great time for the mill. A violent storm is near."
        assert self.terms(body, "great time", "violent storm", kind=SpinType.STAMPEDE) == ["violent storm"]

    def test_of_a_text_that_softens_without_soft_words_reassure(self) -> None:
        body, words = "Furrow has an incredible springboard for growth.", "incredible springboard"
        assert self.terms(body, words, kind=SpinType.CUSHION, of=SpinType.HYPE)
        assert not self.terms(body, words, kind=SpinType.FOG, of=SpinType.HYPE)

    @pytest.mark.parametrize(("words", "proves"), [("significant rise", False), ("rise was observed", True)])
    def test_prove_a_vague_tactic_only_with_the_whole_construction(self, words: str, proves: bool) -> None:
        read = document("A significant rise was observed at the mill.")
        at, low = read.text.index(words), read.text.index("rise was")
        found = Finding(
            id="f1",
            rule="passive_voice_distancing",
            label="",
            explanation="",
            type=SpinType.FOG,
            tactic="passive_voice_distancing",
            voice="document",
            points=1,
            spans=spans(read.text, low, low + len("rise was observed")),
            rules=["passive_voice_distancing"],
            chance=50,
        )
        spin = msgspec.structs.replace(spin_of(SpinType.FOG), tactic="passive_voice_distancing")
        term = LoadedTerm(
            term=words, type=SpinType.FOG, voice="document", spans=spans(read.text, at, at + len(words))
        )
        quoted = {t.words: t.of_tactic for t in quoted_terms(read, spin, [found], [term], [])}
        assert any(quoted.values())
        assert quoted.get(words, proves) == proves

    def test_of_a_text_without_a_type_are_none(self) -> None:
        read = document("Furrow is a groundbreaking leap.")
        assert quoted_terms(read, spin_of(SpinType.NONE), [], [], []) == []


def gains(
    body: str,
    subject: str | None,
    kind: SpinType = SpinType.HYPE,
    stance: Stance = Stance.PROMOTIONAL,
    publisher: tuple[str, SourceType] = ("Harbour Courier", SourceType.MEDIA),
) -> list[Beneficiary]:
    record = article(body)
    source = msgspec.structs.replace(record.source, name=publisher[0], type=publisher[1])
    read = read_article(msgspec.structs.replace(record, source=source))
    role = source_role(read, entities(read), voices(read), stance)
    happening = Happening(kind=HappeningKind.LAUNCH, subject=subject, spans=[])
    return beneficiaries(read, happening, spin_of(kind, stance), role)


class TestBeneficiaries:
    BODY = "Orrinware has a groundbreaking planner for farms. The senators and Marta Eide saw it."

    @pytest.mark.parametrize(
        ("kind", "stance"), [(SpinType.NONE, Stance.NEUTRAL), (SpinType.NONE, Stance.CRITICAL)]
    )
    def test_are_none_of_plain_news_and_of_mere_criticism(self, kind: SpinType, stance: Stance) -> None:
        assert gains(self.BODY, "Orrinware", kind, stance) == []

    @pytest.mark.parametrize(
        "subject", [None, "the senators", "the company", "Quillon", "Orrinware (the “maker”)"]
    )
    def test_are_none_without_a_name_of_the_text(self, subject: str | None) -> None:
        assert gains(self.BODY, subject) == []

    def test_are_not_an_address(self) -> None:
        assert gains(self.BODY, None, publisher=("pumpworks.example", SourceType.COMPANY_BLOG)) == []

    @pytest.mark.parametrize("subject", ["Orrinware", "Orrinware Inc.", "Marta Eide"])
    def test_are_the_subject_of_the_news(self, subject: str) -> None:
        (found,) = gains(self.BODY, subject)
        assert found.name == subject.removesuffix(" Inc.")
        assert (
            found.why
            == f"{found.name} would gain customers if readers thought as highly of the launch as the text does."
        )
        assert found.spans[0].quote == found.name

    def test_of_a_charity_gain_support(self) -> None:
        (found,) = gains(self.BODY, None, publisher=("Orrinware", SourceType.NGO))
        assert "would gain support and standing" in found.why

    @pytest.mark.parametrize(
        ("kind", "told"),
        [(HappeningKind.TREND_OR_ARGUMENT, ["security vendors"]), (HappeningKind.CLOSURE, [])],
    )
    def test_of_a_text_that_urges_and_names_nobody_are_those_who_sell(
        self, kind: HappeningKind, told: list[str]
    ) -> None:
        read = document(
            "Attackers and ransomware are here. Every breach of security is a threat, so act now."
        )
        role = source_role(read, entities(read), voices(read), Stance.PROMOTIONAL)
        role = msgspec.structs.replace(role, publisher=None, publisher_type=SourceType.MEDIA)
        what = Happening(kind=kind, subject=None, spans=[])
        found = beneficiaries(read, what, spin_of(SpinType.STAMPEDE, Stance.PROMOTIONAL), role)
        assert [one.name for one in found] == told
        assert all(one.why.startswith("Security vendors would gain followers") for one in found)

    def test_are_else_the_publisher_on_its_own_account(self) -> None:
        (found,) = gains(self.BODY, None, SpinType.CUSHION, publisher=("Orrinware", SourceType.COMPANY_BLOG))
        assert (
            found.why
            == "Orrinware would look better if the launch were taken as small, temporary or sensible."
        )


class TestTheGainingParty:
    def named(self, body: str, title: str, subject: str, publisher: tuple[str, SourceType] | None) -> str:
        read = read_article(article(body, title))
        found = entities(read)
        role = msgspec.structs.replace(
            source_role(read, found, voices(read), Stance.PROMOTIONAL),
            publisher=publisher[0] if publisher else None,
            publisher_type=publisher[1] if publisher else SourceType.MEDIA,
        )
        happening = Happening(kind=HappeningKind.LAUNCH, subject=subject, spans=[])
        (gain,) = beneficiaries(read, happening, spin_of(SpinType.HYPE), role, found)
        return gain.name

    def test_is_the_firm_whose_blog_it_is_rather_than_its_subject(self) -> None:
        body = "Quillon Bank uses our superb planner. Orrinware Inc built it. Quillon Bank is happy."
        blog = ("Orrinware", SourceType.COMPANY_BLOG)
        assert self.named(body, "A bank plans", "Quillon Bank", blog) == "Orrinware"

    def test_is_the_house_of_a_person(self) -> None:
        body = "We met Marta Eide, chief executive of Orrinware Inc, who built a superb planner. Marta Eide left."
        assert self.named(body, "A talk", "Marta Eide", None).startswith("Orrinware")

    def test_is_the_person_without_one(self) -> None:
        body = "We talked to Marta Eide about Orrinware Inc and her superb planner. Marta Eide smiled."
        assert self.named(body, "A talk", "Marta Eide", None) == "Marta Eide"

    def test_is_the_owner_of_a_system(self) -> None:
        body = "The new Lumbra platform is superb. Lumbra pays the homes of Osterby."
        council = ("Osterby Council", SourceType.GOVERNMENT)
        assert self.named(body, "An update", "Lumbra", council) == "Osterby Council"


class TestWithCovered:
    @pytest.mark.parametrize(
        ("kind", "subject"),
        [(HappeningKind.EARNINGS, "Quillon Corp"), (HappeningKind.SURVEY_OR_REPORT, "Orrin Partners")],
    )
    def test_has_the_firm_whose_results_an_analyst_tells(self, kind: HappeningKind, subject: str) -> None:
        read = document(
            "Quillon Corp. sold 4,000 pumps. Quillon Corp. grew.",
            "Orrin Partners Updates Coverage on Quillon Corp. (NYSE: QLL)",
        )
        found = with_covered(read, Happening(kind=kind, subject="Orrin Partners", spans=[]), entities(read))
        assert found is not None
        assert found.subject is not None
        assert found.subject.startswith(subject)
