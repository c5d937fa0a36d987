"""Publishers, hosts, and their purposes."""

from typing import Any

import pytest

from api.analysis.engines.reading import read
from api.analysis.people.entities import entities
from api.analysis.people.source_role import source_role
from api.analysis.people.voices import voices
from api.analysis.text.article import SourceFacts
from schemas.assessments import SourceRole
from schemas.enums import Independence, Intent, SourceType, Stance
from tests.kit.texts.articles import article
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF

HUB = SourceFacts(name="Modelhub", type=SourceType.COMPANY_BLOG, host="modelhub.example")
COURIER = SourceFacts(name="Harbour Courier", type=SourceType.MEDIA, host="harbour-courier.example")


def role(body: str, source: SourceFacts, stance: Stance | None = None, **fields: Any) -> SourceRole:
    document = read(article(body, source=source, **fields))
    return source_role(document, entities(document), voices(document), stance)


class TestSourceRole:
    def test_takes_the_guest_for_the_publisher_and_the_site_for_the_host(self) -> None:
        found = role(
            "Open weights are inevitable. Whoever waits will be left behind.",
            HUB,
            Stance.PROMOTIONAL,
            author="Talia Brandmoor",
            author_organization="Quillon Labs",
        )
        assert (found.publisher, found.host) == ("Quillon Labs", "Modelhub")
        assert found.intent is Intent.PROMOTIONAL_DISTRIBUTION

    def test_reads_the_guest_from_the_note_in_the_text(self) -> None:
        found = role(
            "This is a guest post by Talia Brandmoor of Quillon Labs.\n\nOpen weights are inevitable.", HUB
        )
        assert (found.publisher, found.host) == ("Quillon Labs", "Modelhub")

    def test_takes_the_issuer_of_a_wire_release_for_the_publisher(self) -> None:
        body = (
            "TARN, March 3 /PRNewswire/ -- Corvell Corporation today announced a new pump. Corvell is proud."
        )
        found = role(body, COURIER)
        assert found.publisher is not None
        assert found.publisher.startswith("Corvell")
        assert (found.publisher_type, found.host) == (SourceType.PRESS_RELEASE, "Harbour Courier")

    def test_takes_no_wire_for_the_publisher(self) -> None:
        wire = SourceFacts(name="newmediawire (archive)", type=SourceType.PRESS_RELEASE, host=None)
        body = (
            "TARN, ON - (NewMediaWire) - May 3, 2024 - Corvell Corporation (NASDAQ: CRVL) has hired Ada Roe."
        )
        assert role(body, wire, title="Corvell Corporation Hires Ada Roe").publisher == "Corvell Corporation"
        nobody = role("TARN - (NewMediaWire) - A pump was found in the lake on Monday.", wire)
        assert (nobody.publisher, nobody.host) == (None, "newmediawire (archive)")

    @pytest.mark.parametrize(
        "label",
        [
            " newsroom",
            " Press Office",
            " Engineering Blog",
            " team",
            "’s blog",
            ", company blog “Deep Water”",
            " Investor Relations",
            " media centre",
        ],
    )
    def test_names_a_firm_without_the_label_of_its_page(self, label: str) -> None:
        source = SourceFacts(name=f"Corvell Pumps{label}", type=SourceType.COMPANY_BLOG, host=None)
        assert role("Corvell Pumps Inc. opens a works in Tarn.", source).publisher == "Corvell Pumps"

    @pytest.mark.parametrize(
        ("name", "kind"),
        [
            ("Deep Water Blog", SourceType.COMPANY_BLOG),  # no organisation of the text
            ("Corvell News", SourceType.MEDIA),
        ],
    )
    def test_leaves_a_name_of_which_no_firm_would_be_left(self, name: str, kind: SourceType) -> None:
        source = SourceFacts(name=name, type=kind, host=None)
        assert role("Corvell opens a works in Tarn.", source).publisher == name

    def test_takes_no_publisher_whom_a_release_does_not_name_for_its_issuer(self) -> None:
        carrier = SourceFacts(name="Tellbrook Service", type=SourceType.PRESS_RELEASE, host=None)
        body = "TARN, March 4 /TELLBROOK/ -- Corvell Robotics, Inc. today announced a robot. It is new."
        found = role(body, carrier, title="Corvell Robotics unveils a robot")
        assert found.publisher is not None
        assert found.publisher.startswith("Corvell Robotics")
        assert found.host == "Tellbrook Service"
        nobody = role("TARN, March 4 /TELLBROOK/ -- A pump was found in the lake on Monday.", carrier)
        assert (nobody.publisher, nobody.host) == (None, "Tellbrook Service")

    @pytest.mark.parametrize(
        "body", ["We close our works in Tarn in May. It was old.", "Corvell closes its works. It was old."]
    )
    def test_leaves_a_release_to_a_publisher_that_speaks_or_is_named(self, body: str) -> None:
        source = SourceFacts(name="Corvell", type=SourceType.PRESS_RELEASE, host=None)
        found = role(body, source)
        assert (found.publisher, found.host) == ("Corvell", None)

    def test_takes_who_announces_and_is_introduced_before_who_opens_the_title(self) -> None:
        wire = SourceFacts(name="newmediawire (archive)", type=SourceType.PRESS_RELEASE, host=None)
        body = (
            "Corvell Robotics, a maker of robots, won in the Tarn Court on Monday. "
            "Tarn Court judged for Corvell Robotics in May.\n\nAbout Corvell Robotics\n\nIt makes robots."
        )
        found = role(body, wire, title="Tarn Court awards Corvell Robotics $8 million")
        assert found.publisher == "Corvell Robotics"

    def test_takes_the_party_that_the_release_introduces_if_none_opens_it(self) -> None:
        wire = SourceFacts(name="newmediawire (archive)", type=SourceType.PRESS_RELEASE, host=None)
        body = (
            "Robots can now pick plums at Corvell Robotics. They are quick.\n\n"
            "About Corvell Robotics\n\nIt makes robots."
        )
        assert role(body, wire, title="Plums are picked at night").publisher == "Corvell Robotics"

    def test_names_the_author_of_a_community_post(self) -> None:
        source = SourceFacts(name="Pumpforum", type=SourceType.COMMUNITY, host="pumpforum.example")
        found = role("My pump broke again last week.", source, author="eide77")
        assert (found.publisher, found.host) == ("eide77", "Pumpforum")
        assert found.intent is Intent.COMMUNITY_DISCUSSION

    @pytest.mark.parametrize("organization", ["Harbour Courier", "The Harbour Courier"])
    def test_makes_no_guest_of_the_outlet_itself(self, organization: str) -> None:
        found = role(PLAIN_LAYOFF[1], COURIER, author_organization=organization)
        assert (found.publisher, found.host) == ("Harbour Courier", None)

    def test_calls_bad_news_on_an_own_account_a_disclosure(self) -> None:
        source = SourceFacts(name="Brindlemere", type=SourceType.COMPANY_BLOG, host=None)
        found = role(CUSHION[1], source, Stance.DEFENSIVE)
        assert (found.intent, found.independence) == (Intent.DISCLOSURE, Independence.LOW)

    def test_calls_an_outlet_with_several_voices_independent(self) -> None:
        found = role(PLAIN_LAYOFF[1], COURIER, Stance.NEUTRAL)
        assert (found.intent, found.independence) == (Intent.EDITORIAL_REPORTING, Independence.HIGH)

    def test_knows_no_publisher_where_none_is_given(self) -> None:
        found = role(HYPE[1], SourceFacts(name=None, type=SourceType.OTHER, host=None))
        assert (found.publisher, found.host) == (None, None)


class TestIndependence:
    def test_is_low_for_an_outlet_with_a_party_as_sponsor(self) -> None:
        body = "Corvell Labs has a queue, its chief Ada Roe said. Olaf Lund of Tarn said that it is new.\n\n"
        assert role(body, COURIER).independence is not Independence.LOW
        sold = role(f"{body}The Courier hosts a masterclass. Headline sponsor: Corvell Labs.", COURIER)
        assert sold.independence is Independence.LOW

    def test_is_low_for_an_authority_that_praises_its_own_deeds(self) -> None:
        ministry = SourceFacts(name="Ministry of Trade", type=SourceType.GOVERNMENT, host=None)
        body = "The government has adopted the Chip Act. The window shuts next year."
        assert role(body, ministry, Stance.NEUTRAL).independence is Independence.HIGH
        assert role(body, ministry, Stance.PROMOTIONAL).independence is Independence.LOW

    @pytest.mark.parametrize(("who", "intent"), [("I", Intent.EDITORIAL_REPORTING), ("we", None)])
    def test_is_not_low_for_a_blogger_who_tests_a_firm(self, who: str, intent: Intent | None) -> None:
        blog = SourceFacts(name="Small Print", type=SourceType.COMPANY_BLOG, host=None)
        body = f"Corvell sells it as new. So {who} asked. Then {who} called the plant, and {who} went there."
        found = role(body, blog, Stance.CRITICAL)
        assert (found.intent is Intent.EDITORIAL_REPORTING) == (intent is not None)
        assert (found.independence is Independence.LOW) == (intent is None)

    def test_is_low_for_a_project_that_issues_a_release(self) -> None:
        project = SourceFacts(name="Corvell Foundry", type=SourceType.COMMUNITY, host=None)
        body = (
            "News in short.\n\nTARN HARBOUR, December 9, 2024 – Corvell Foundry today is announcing a fund."
        )
        assert role(body, project).publisher_type is SourceType.PRESS_RELEASE
        assert role("Corvell Foundry is announcing a fund.", project).publisher_type is SourceType.COMMUNITY
