"""Parties that are named as missing are concerned by the news, and do not speak."""

import msgspec
import pytest

from api.analysis.content.missing_voices import missing_voices
from api.analysis.framing.spin import judge
from api.analysis.models.document_heads import voice_code
from api.analysis.people.voices import voices
from schemas.assessments import Happening
from schemas.enums import HappeningKind, SpinType, Stance
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF
from tests.kit.texts.taxonomy import TAXONOMY

FILLER = " The valley is wide, and the river runs through it from the north to the south." * 8
SPIN = judge(document("The pool is open."), TAXONOMY).spin


def missing(
    body: str,
    kind: HappeningKind | None,
    framed: SpinType = SpinType.CUSHION,
    stance: Stance = Stance.DEFENSIVE,
    subject: str | None = None,
    missed: dict[str, float] | None = None,
) -> dict[str, str]:
    """Codes and names, the likeliest first; `missed` are the chances of parties, else the model's."""
    read = document(body)
    if missed is not None:
        read.missed = lambda: {voice_code(party): chance for party, chance in missed.items()}  # type: ignore[method-assign]
    what = Happening(kind=kind, subject=subject, spans=[]) if kind else None
    spin = msgspec.structs.replace(SPIN, primary=framed, stance=stance)
    return {m.code: m.name for m in missing_voices(read, what, spin, voices(read))}


class TestMissingVoices:
    def test_are_not_claimed_of_a_short_text(self) -> None:
        assert missing(CUSHION[1], HappeningKind.JOB_CUTS) == {}

    @pytest.mark.parametrize(
        "speaker",
        [
            "Ines Vale, a laid-off engineer",
            "Ines Vale, who leads the union",
            "Ines Vale, one of the workers",
        ],
    )
    def test_are_not_those_who_do_speak(self, speaker: str) -> None:
        body = f"{CUSHION[1]}{FILLER} “Nobody told us before the doors were shut,” said {speaker}."
        assert "affected_workers" not in missing(body, HappeningKind.JOB_CUTS)

    def test_are_at_most_one_of_plain_news(self) -> None:
        found = missing(PLAIN_LAYOFF[1] + FILLER, HappeningKind.JOB_CUTS, SpinType.NONE, Stance.NEUTRAL)
        assert len(found) <= 1

    def test_are_those_whom_the_news_concerns(self) -> None:
        found = missing(CUSHION[1] + FILLER, HappeningKind.JOB_CUTS)
        assert list(found)[:2] == ["affected_workers", "union"]

    def test_are_named_by_the_subject(self) -> None:
        body = f"Corvell Inc buys its rival, a company in Tarn. {FILLER}"
        bought, missed = HappeningKind.ACQUISITION_OR_MERGER, {"staff": 0.3}
        assert missing(body, bought, subject="Corvell", missed=missed)["staff"] == "Corvell's staff"
        assert missing(body, bought, missed=missed)["staff"] == "the staff"

    def test_are_experts_on_the_topic(self) -> None:
        body = "The breach shows that attackers find holes. Hackers use malware and ransomware. " + FILLER
        found = missing(body, HappeningKind.SURVEY_OR_REPORT, SpinType.STAMPEDE, Stance.PROMOTIONAL)
        assert found["expert"] == "independent security researchers"
        assert "expert" not in missing(FILLER * 2, HappeningKind.OTHER_EVENT, SpinType.STAMPEDE)

    def test_are_experts_on_such_news_if_the_topic_is_unknown(self) -> None:
        found = missing(FILLER * 2, HappeningKind.SURVEY_OR_REPORT, SpinType.STAMPEDE, missed={"expert": 0.5})
        assert found["expert"] == "a researcher outside the study"

    def test_are_named_by_the_group_that_the_text_names(self) -> None:
        body = (
            "The Orrin Fund donates pumps. It helps the community, and it supports families in need. "
            "Veterans get one for free, and veterans need it. "
        )
        given, missed = HappeningKind.PLEDGE_OR_DONATION, {"recipients": 0.3}
        found = missing(body + FILLER, given, SpinType.HALO, Stance.PROMOTIONAL, missed=missed)
        assert found["recipients"] == "the veterans whom it is meant to help"

    def test_are_no_organisation_that_speaks_under_its_initials(self) -> None:
        body = "The Orrin Pump Works failed." + FILLER * 2 + " “We are sorry,” said Ines Vale of the OPW."
        missed = {"subject_itself": 0.3}
        told = HappeningKind.INCIDENT
        found = missing(body, told, stance=Stance.NEUTRAL, subject="Orrin Pump Works", missed=missed)
        assert "subject_itself" not in found

    def test_are_those_whom_the_text_itself_names(self) -> None:
        body = "The pumps failed. Patients waited, and some patients went home. " + FILLER * 2
        assert missing(body, HappeningKind.INCIDENT)["people_affected"] == "the patients"
        assert "people_affected" not in missing(FILLER * 2, HappeningKind.INCIDENT)

    def test_are_named_in_the_plural_and_once(self) -> None:
        one = "The pump failed a worker. The worker went home. " + FILLER * 2
        assert "people_affected" not in missing(one, HappeningKind.INCIDENT)
        body = "The app and the tool are a new platform. Users wait, and some users went home. " + FILLER * 2
        found = missing(body, HappeningKind.INCIDENT, missed={"users": 0.5, "people_affected": 0.4})
        assert list(found.values()) == ["the users"]

    def test_are_not_those_for_whom_a_union_speaks(self) -> None:
        body = (
            "The players have had no pay. The Players' Guild says that its members have rents to pay."
            + FILLER
        )
        assert "people_affected" not in missing(body * 2, HappeningKind.INCIDENT)

    def test_are_no_party_of_a_case_that_does_not_exist(self) -> None:
        body = "The Commission publishes a rule on breaches. Carriers must tell it in a week." + FILLER * 2
        assert "other_party" not in missing(
            body, HappeningKind.LAWSUIT_OR_FINE, SpinType.NONE, Stance.NEUTRAL
        )

    def test_are_the_organisation_that_is_blamed(self) -> None:
        body = (
            "The Orrin Bank held the money back. The Orrin Bank asked for papers, and the wages were late. "
            "The club was left without a penny. "
        )
        found = missing(body + FILLER * 2, HappeningKind.INCIDENT, SpinType.SHIELD, missed={"blamed": 0.3})
        assert found["blamed"] == "the Orrin Bank"
        praised = (
            "The Orrin Bank opened a branch. The Orrin Bank has a garden. The club was left in the rain. "
        )
        found = missing(praised + FILLER * 2, HappeningKind.INCIDENT, SpinType.SHIELD, missed={"blamed": 0.3})
        assert "blamed" not in found

    @pytest.mark.parametrize(
        ("body", "called"),
        [("Every farm should adopt the pump. ", True), ("The pump has a long history. ", False)],
    )
    def test_are_those_who_decided_against_it_only_where_something_is_urged(
        self, body: str, called: bool
    ) -> None:
        told, missed = HappeningKind.TREND_OR_ARGUMENT, {"sceptics": 0.3}
        found = missing(body + FILLER * 2, told, SpinType.STAMPEDE, Stance.PROMOTIONAL, missed=missed)
        assert ("sceptics" in found) is called

    def test_are_the_subject_itself_only_if_others_tell_and_it_does_not_speak(self) -> None:
        body, missed = "The pump of the Orrin Works failed." + FILLER * 2, {"subject_itself": 0.3}
        said = f"{body} “We are sorry,” said Ines Vale of the Orrin Works."
        for text, stance, name in (
            (body, Stance.NEUTRAL, "Orrin Works"),
            (body, Stance.DEFENSIVE, None),
            (said, Stance.NEUTRAL, None),
        ):
            found = missing(
                text, HappeningKind.INCIDENT, stance=stance, subject="Orrin Works", missed=missed
            ).get("subject_itself")
            assert (found and found.removeprefix("the ")) == name

    def test_are_the_likeliest_first(self) -> None:
        missed = {"users": 0.2, "competitors": 0.4, "recipients": 0.01}
        found = missing(HYPE[1] + FILLER, None, SpinType.HYPE, Stance.PROMOTIONAL, missed=missed)
        assert list(found) == ["competitors", "users"]

    def test_are_those_of_the_type_where_nothing_else_is_known(self) -> None:
        assert "users" in missing(HYPE[1] + FILLER, None, SpinType.HYPE, Stance.PROMOTIONAL)

    def test_are_those_criticised_only_where_the_text_criticises(self) -> None:
        body = "The pump is a fraud, and Corvell knows it." + FILLER * 2
        for stance, lacks in ((Stance.CRITICAL, True), (Stance.PROMOTIONAL, False)):
            found = missing(body, HappeningKind.TREND_OR_ARGUMENT, SpinType.STAMPEDE, stance)
            assert ("criticised" in found) is lacks

    @pytest.mark.parametrize(
        ("party", "body", "kind", "called"),
        [
            ("union", "Port workers gain from it. ", HappeningKind.REGULATION, False),
            ("union", "Port workers fear for their wages. ", HappeningKind.REGULATION, True),
            ("maintainers", "The choir has a new chair. ", HappeningKind.APPOINTMENT_OR_DEPARTURE, False),
            ("maintainers", "The open-source pump driver has a repository. ", HappeningKind.UPDATE, True),
            ("people_harmed", "Users lost their notes. ", HappeningKind.INCIDENT, False),
            ("people_harmed", "Users lost their notes. ", HappeningKind.LAWSUIT_OR_FINE, True),
            ("those_waiting", "The lamp gets a new colour. ", HappeningKind.UPDATE, False),
            ("those_waiting", "The lamp is delayed. ", HappeningKind.DELAY_OR_CANCELLATION, True),
        ],
    )
    def test_are_called_for_by_the_text_or_its_kind(
        self, party: str, body: str, kind: HappeningKind, called: bool
    ) -> None:
        assert (party in missing(body + FILLER * 2, kind, missed={party: 0.5})) is called

    def test_are_not_the_users_for_whom_a_guest_speaks(self) -> None:
        body = (
            "Our customers like the pump, and customers buy it. “We have used the pump for nine years in our "
            "mill, and it has never failed us by day or night,” said Ada Roe, who runs the mill in Tarn. "
            "“It has cost us less than the old one, which stood in the same hall for years,” said Roe. "
        )
        missed = {"customers": 0.5, "users": 0.5, "people_affected": 0.5}
        told = HappeningKind.PROFILE_OR_INTERVIEW
        assert missing(body + FILLER, told, SpinType.HYPE, Stance.PROMOTIONAL, missed=missed) == {}

    def test_are_the_opponent_by_name(self) -> None:
        body = (
            "Quillon won its lawsuit against Kukbell on Monday. Kukbell had paid late and is to pay costs. "
        )
        found = missing(
            body + FILLER * 2, HappeningKind.LAWSUIT_OR_FINE, subject="Quillon", missed={"other_party": 0.5}
        )
        assert found["other_party"] == "Kukbell"
        said = "Kukbell said that it would appeal. "
        found = missing(
            body + said + FILLER,
            HappeningKind.LAWSUIT_OR_FINE,
            subject="Quillon",
            missed={"other_party": 0.5},
        )
        assert found.get("other_party") != "Kukbell"

    def test_are_a_group_that_the_text_names_often_if_no_other_party_is_missing(self) -> None:
        body = "Farmers wait for parts. Farmers may not open the lock. Most farmers have no technician. "
        framed, missed = SpinType.SHIELD, {"competitors": 0.0}
        assert missing(body + FILLER * 2, None, framed, missed=missed) == {"people_affected": "the farmers"}
        heard = "“We wait for weeks,” said Ines Vale, who speaks for farmers in the valley. "
        assert missing(body + heard + FILLER * 2, None, framed, missed=missed) == {}

    def test_are_the_criticised_by_name_unless_the_text_tells_what_they_said(self) -> None:
        body = "The Orrin Bank is a fraud. The Orrin Bank lies to the valley. " * 2
        for said, name in (("", "the Orrin Bank"), ("The Orrin Bank denied it on Monday. ", None)):
            read = body + said + FILLER * 2
            found = missing(read, HappeningKind.TREND_OR_ARGUMENT, SpinType.NONE, Stance.CRITICAL)
            assert found.get("criticised") == name

    def test_are_no_authority_of_which_the_text_tells_what_it_said(self) -> None:
        body = "The breach of personal data is illegal. "
        missed = {"regulator": 0.5}
        assert "regulator" in missing(body + FILLER * 2, HappeningKind.INCIDENT, missed=missed)
        for said in ("The Pentagon has long insisted that it is not. ", "Officials said that it is not. "):
            assert "regulator" not in missing(body + said + FILLER * 2, HappeningKind.INCIDENT, missed=missed)

    def test_are_the_partner_by_name_or_none_of_a_gift(self) -> None:
        body = "Corvell gives pumps in partnership with the Orrin Fund. The Orrin Fund has a hall. "
        read, missed = (
            document(body + FILLER * 2, "Pumps from Corvell and the Orrin Fund, a joint gift"),
            {"partner": 0.5},
        )
        read.missed = lambda: {voice_code(party): chance for party, chance in missed.items()}  # type: ignore[method-assign]
        given = Happening(kind=HappeningKind.PLEDGE_OR_DONATION, subject="Corvell", spans=[])
        spin = msgspec.structs.replace(SPIN, primary=SpinType.HALO, stance=Stance.PROMOTIONAL)
        assert [m.name for m in missing_voices(read, given, spin, voices(read))] == ["the Orrin Fund"]
        alone = missing("Corvell gives pumps. " + FILLER * 2, HappeningKind.PLEDGE_OR_DONATION, missed=missed)
        assert "partner" not in alone

    def test_are_who_goes_by_name_and_nobody_where_nobody_goes(self) -> None:
        missed, kind = {"departing": 0.5}, HappeningKind.APPOINTMENT_OR_DEPARTURE
        body = "Ada Roe succeeds Ines Vale as chief executive of Corvell. Vale is leaving in May. "
        assert missing(body + FILLER * 2, kind, missed=missed) == {"departing": "Ines Vale"}
        assert missing("Mothers are leaving the ward. " + FILLER * 2, kind, missed=missed) == {}

    def test_are_experts_outside_a_firm_only_where_there_is_one(self) -> None:
        body = "AI models change the valley. The algorithms of a neural model learn, and AI will write. " * 2
        argued = missing(
            body + FILLER, HappeningKind.TREND_OR_ARGUMENT, SpinType.STAMPEDE, missed={"expert": 0.5}
        )
        assert argued["expert"] == "independent machine-learning researchers"
        launched = missing(body + FILLER, HappeningKind.LAUNCH, SpinType.HYPE, missed={"expert": 0.5})
        assert launched["expert"] == "machine-learning researchers outside the firm"

    @pytest.mark.parametrize(
        ("body", "name"),
        [
            (
                "The new pump is a tool, and the tool is a product. The product is here. ",
                "an independent tester",
            ),
            ("The new novel is about a river. ", "an independent reviewer"),
            ("The scouts meet in the hall. ", None),
        ],
    )
    def test_are_testers_of_things_alone(self, body: str, name: str | None) -> None:
        found = missing(body + FILLER * 2, HappeningKind.LAUNCH, SpinType.HYPE, missed={"expert": 0.5})
        assert found.get("expert") == name

    def test_are_no_customers_of_nobody(self) -> None:
        body = "Customers are many, and customers of the valley pay. " + FILLER * 2
        told, missed = HappeningKind.TREND_OR_ARGUMENT, {"customers": 0.5}
        assert "customers" not in missing(body, told, SpinType.STAMPEDE, missed=missed)

    @pytest.mark.parametrize(
        ("party", "body", "kind", "framed"),
        [
            ("users", "The pump is new. ", HappeningKind.LAUNCH, SpinType.HYPE),
            (
                "users",
                "The app and the tool and the platform. ",
                HappeningKind.TREND_OR_ARGUMENT,
                SpinType.HYPE,
            ),
            ("those_bound", "The report is long. ", HappeningKind.TREND_OR_ARGUMENT, SpinType.NONE),
            ("expert", "Schools and teachers. " * 5, HappeningKind.PLEDGE_OR_DONATION, SpinType.HALO),
            ("monitor", "The goals and commitments. ", HappeningKind.INCIDENT, SpinType.FOG),
            ("regulator", "The licence is regulated. ", HappeningKind.LAUNCH, SpinType.HYPE),
            ("affected_workers", "The studio has a role. ", HappeningKind.LAUNCH, SpinType.HYPE),
            ("other_party", "A lawsuit is long. ", HappeningKind.HOW_TO_OR_REFERENCE, SpinType.HYPE),
        ],
    )
    def test_are_no_stock_parties(self, party: str, body: str, kind: HappeningKind, framed: SpinType) -> None:
        found = missing(body + FILLER * 2, kind, framed, Stance.PROMOTIONAL, missed={party: 0.5})
        assert party not in found

    def test_are_one_of_such_news_in_a_text_with_a_type(self) -> None:
        told, missed = HappeningKind.JOB_CUTS, {"affected_workers": 0.0, "union": 0.0}
        body = "Corvell ends production in Tarn, and 90 of 520 get a post. " + FILLER * 2
        assert missing(body, told, missed=missed) == {"affected_workers": "those who lose their jobs"}
        assert missing(body, told, SpinType.NONE, Stance.NEUTRAL, missed=missed) == {}

    def test_are_no_legal_forms(self) -> None:
        body = "Corvell partners with the LLC. The LLC is large. " + FILLER * 2
        found = missing(body, HappeningKind.PARTNERSHIP, subject="Corvell", missed={"partner": 0.5})
        assert found["partner"] == "the others who take part"
