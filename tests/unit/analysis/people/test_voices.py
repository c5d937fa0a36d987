"""Voices: speakers, their shares, and missing ones."""

import pytest

from api.analysis.content.claims import central_claims
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.missing_voices import PARTIES, missing_voices
from api.analysis.models.sentence_features import sentence_features
from api.analysis.parsing.noun_chunks import NounChunks
from api.analysis.people.voice_names import listed_name
from api.analysis.people.voices import voices
from schemas.assessments import Claim, MissingVoice
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, PLAIN_LAYOFF, PLAIN_REPORT

FILLER = " The valley is wide, and the river runs through it from the north to the south." * 8


def missing(body: str, title: str = "") -> list[str]:
    return [m.code for m in asked(body, title)[0]]


def asked(body: str, title: str = "") -> tuple[list[MissingVoice], list[Claim]]:
    read = document(body, title)
    central = central_claims(read, sentence_features(read))
    claims, chunks = [c.claim for c in central], NounChunks(read)
    return missing_voices(read, KeyPhrases(read, chunks, central), claims, voices(read)), claims


class TestVoices:
    @pytest.mark.parametrize(
        "body",
        [
            "",
            "Nobody speaks here.",
            "“The pool will close in June, and that is final.”",
            "The rule says that it rains.",
        ],
    )
    def test_are_none_where_nobody_is_named(self, body: str) -> None:
        assert voices(document(body)) == []

    def test_have_names_shares_and_their_own_words(self) -> None:
        found = {v.name: v for v in voices(document(PLAIN_REPORT[1], PLAIN_REPORT[0]))}
        assert "Peer Lund" in found
        assert "children of Eastside" in "".join(s.quote or "" for s in found["Peer Lund"].spans)
        assert 0 < found["Peer Lund"].share < 1
        assert sum(v.share for v in found.values()) <= 1

    @pytest.mark.parametrize("name", ["Marta Eide", "Orrin J. Eide Jr."])
    def test_count_a_surname_to_the_full_name(self, name: str) -> None:
        body = (
            f"“The pumps are sold out until May,” said {name}, who leads sales at Corvell. "
            "“We will build more of them in Tarn,” Eide said."
        )
        assert [v.name for v in voices(document(body))] == [name]

    def test_describe_the_speaker_in_the_words_of_the_text(self) -> None:
        body = "“The pumps are sold out until May,” said Marta Eide, head of sales at Corvell, on Monday."
        assert [v.description for v in voices(document(body))] == ["head of sales at Corvell"]

    @pytest.mark.parametrize(
        "name",
        [
            "The incident",
            "that council's own figures",
            "time",
            "how much value",
            "these efforts",
            "The more natural way",
            "an interview with the Quill Times",
            "Its recent memo to employees",
            "whims of its founders",
            "Employment Decision Tool",
            "the new Corvell policy",
            "a newsletter",
            "a recent internal report",
            "Corvell's Head of",
            "Harbour Wire",
            "HW",
            "Getty Images",
            "TensorFlow",
        ],
    )
    def test_are_no_things_and_not_the_paper_itself(self, name: str) -> None:
        assert listed_name(name, publisher="Harbour Wire") is None

    @pytest.mark.parametrize(
        ("name", "listed"),
        [
            ("My sister", "My sister"),
            ("The leader", "The leader"),
            ("our customers", "our customers"),
            ("Some experts", "Some experts"),
            ("the coauthors", "the coauthors"),
            ("a barber", "a barber"),
            ("one of the insiders", "one of the insiders"),
            ("The Tarn administration", "The Tarn administration"),
            ("A spokesman for Minister Ewan Strick", "A spokesman for Minister Ewan Strick"),
            ("Varn Geological Survey", "Varn Geological Survey"),
            ("a report by Pell & Marrow", "Pell & Marrow"),
            ("The survey from the Orrin Corporation", "Orrin Corporation"),
            ("a 2019 Verrin report", "Verrin"),
            ("Marta Eide Marta Eide’s", "Marta Eide"),
        ],
    )
    def test_are_people_and_bodies(self, name: str, listed: str) -> None:
        assert listed_name(name, publisher="Harbour Wire") == listed

    @pytest.mark.parametrize(
        "second",
        [
            "“We will build them in Tarn,” Cllr Eide said.",
            "“We will build them in Tarn,” the leader said.",
            "“We will build them in Tarn,” Marta said.",
        ],
    )
    def test_put_title_office_and_first_name_to_the_full_name(self, second: str) -> None:
        body = f"“The pumps are sold out until May,” said council leader Marta Eide on Monday. {second}"
        assert [v.name for v in voices(document(body))] == ["Marta Eide"]

    def test_put_an_office_with_its_place_to_the_holder(self) -> None:
        body = (
            "Norland Governor, Marta Eide, came on Monday. “The pumps are sold out until May,” said Eide. "
            "“We will build them in Tarn,” said the Norland Governor."
        )
        assert [v.name for v in voices(document(body))] == ["Marta Eide"]

    def test_keep_an_office_that_two_of_them_hold(self) -> None:
        body = (
            "“The pumps are sold out until May,” said party leader Marta Eide on Monday. "
            "“They are cheap in May,” said union leader Orrin Vale. "
            "“We will build them in Tarn,” the leader said."
        )
        assert len(voices(document(body))) == 3

    def test_take_the_full_name_from_the_text(self) -> None:
        body = (
            "Marta Eide has sold pumps since May. The town is small, and the river is wide. "
            "“We will build more of them in Tarn,” Eide said."
        )
        assert [v.name for v in voices(document(body))] == ["Marta Eide"]

    def test_leave_out_percentages_that_believe(self) -> None:
        assert voices(document("40 percent of growers believe that the harvest will be late.")) == []


class TestManyOffices:
    def test_are_listed_in_bounded_time(self) -> None:
        letters = "bcdfghjklmnpqrstvwxz"
        names = [f"the {a}{b}{c} firm" for a in letters for b in letters for c in letters][:900]
        body = " ".join(f"{name.capitalize()} said that tea is good." for name in names)
        assert len(voices(document(body))) == 20


class TestMissingVoices:
    def test_are_not_claimed_of_a_short_text(self) -> None:
        assert missing(CUSHION[1]) == []

    def test_are_those_concerned_who_do_not_speak(self) -> None:
        assert "affected_workers" in missing(CUSHION[1] + FILLER)

    @pytest.mark.parametrize(
        ("party", "concerned", "passing"),
        [
            (
                "affected_workers",
                "We will be saying goodbye to 212 talented colleagues",
                "Firms that have not automated their accounts spend more",
            ),
            (
                "affected_workers",
                "The firm is reducing the size of our team by 17%",
                "Say goodbye to passwords",
            ),
            (
                "patients",
                "The pill was given to 400 patients",
                "It succeeds through patient, thoughtful analysis",
            ),
            (
                "clinicians",
                "The pill was given to 400 patients",
                "It succeeds through patient, thoughtful analysis",
            ),
            ("regulators", "The firm was fined £6 million in May", "Fine Vale played 34 games by the rules"),
            ("regulators", "The regulator opened a case", "The store holds regulated data"),
            ("people_harmed", "The crash injured 14 people", "Four houses had leaks"),
            ("people_harmed", "Names and records were stolen", "Taking all bias out of it is unrealistic"),
            (
                "security_researchers",
                "Hackers stole the keys",
                "The firm hosts hackathons and secured a round",
            ),
            (
                "communities",
                "The gift will support rural families",
                "It came close to the Quill family of tools",
            ),
            ("communities", "Every student uses the tutors", "The firm charges for access to it"),
            ("independent_experts", "The model outperforms all others", "The firm released its model in May"),
            (
                "environmental_scientists",
                "Its carbon emissions fell by 6%",
                "It turns data into sustainable value",
            ),
            ("civil_society", "Police cameras use facial recognition", "Police closed the road"),
            ("residents_nearby", "A copper mine opens in June", "Sharing is hard, and the house is mine"),
        ],
    )
    def test_are_concerned_by_what_a_claim_says_and_not_by_a_word_in_it(
        self, party: str, concerned: str, passing: str
    ) -> None:
        pattern = next(p for p in PARTIES if p.code == party).claim_pattern
        assert pattern.search(concerned)
        assert not pattern.search(passing)

    @pytest.mark.parametrize("party", ["communities", "people_harmed", "residents_nearby"])
    def test_are_represented_by_relatives(self, party: str) -> None:
        heard = next(p for p in PARTIES if p.code == party).voice_pattern
        assert heard.search("Rosa Menendo, whose seven-year-old son was tested")
        assert not heard.search("Henrik Solberg, who tested 412 children of the province")

    def test_are_not_those_whom_the_text_accuses_and_quotes(self) -> None:
        body = (
            "The state filed a lawsuit against Corvell on Monday over 14 deaths in its works in Tarn. "
            "The lawsuit alleges that the firm hid 30 reports of faults. "
        )
        answer = "“We built what we were asked to build, and no more than that,” Corvell said in a letter."
        assert "other_party" in missing(body + FILLER)
        assert "other_party" not in missing(body + answer + FILLER)

    def test_are_the_dismissed_where_a_memo_speaks_of_them_once(self) -> None:
        body = (
            "Today we are reducing the size of our team by 17%, which means goodbye to 212 colleagues. "
            "Our employees will hear by noon."
        )
        assert "affected_workers" in missing(body + FILLER)

    def test_are_not_those_who_do_speak(self) -> None:
        assert not {"affected_workers", "unions"} & set(missing(PLAIN_LAYOFF[1] + FILLER))

    def test_quote_the_claim_they_belong_to(self) -> None:
        parties, claims = asked(CUSHION[1] + FILLER)
        assert parties
        for party in parties:
            words = party.why.split("“")[1].split("”")[0]
            assert any(words in (claim.text or "") for claim in claims if claim.number in party.claims)
