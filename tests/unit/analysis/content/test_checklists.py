"""Checklists of missing information fit the claim, and exclude what the text provides."""

import msgspec
import pytest

from api.analysis.claims.claims import central_claims, with_missing
from api.analysis.content.checklists import CHECKLISTS, ITEMS, OF_KINDS, Checklist, checklists_for
from api.analysis.content.key_phrases import KeyPhrases
from api.analysis.content.missing_evidence import missing_evidence
from api.analysis.content.questions.bare_claims import LACKS, form_of
from api.analysis.framing.spin import judge
from api.analysis.models.sentence_features import sentence_features
from api.analysis.parsing.noun_chunks import NounChunks
from schemas.assessments import Claim, Happening, Spin
from schemas.enums import ClaimKind, ClaimRole, ClaimSupport, HappeningKind, Risk, SpinType, Verification
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import HYPE, PLAIN_REPORT
from tests.kit.texts.taxonomy import TAXONOMY

PLAIN = judge(document("The pool is open."), TAXONOMY).spin
FILLER = "\n\n" + "The valley is wide, and the river runs through it from the north to the south. " * 9
# For each list: a claim in its scope, and one that only looks like it.
SIDES = {
    "survey": (
        "In our survey, 96 percent of families said that they felt more hopeful.",
        "The U.S. Geological Survey put the centre of the quake near Tarn.",
    ),
    "trial": (
        "The vaccine reduces the number of patients who need a bed.",
        "Two practices sent the second letter late.",
    ),
    "performance": (
        "Furrow outperforms every planner on the market and answers six times faster.",
        "The shares outperformed the index last year.",
    ),
    "improvement": (
        "Customers have cut costs and report 58 percent better outcomes.",
        "The council increased the rent of the hall.",
    ),
    "environment": (
        "The new pump cuts carbon emissions on every farm.",
        "The tool runs in a production environment.",
    ),
    "job_losses": (
        "Corvell will let go 84 workers at Tarn as part of a restructuring.",
        "The team is looking for a way to improve redundancy on its server.",
    ),
    "incident": (
        "Passwords of some members were exposed after the network breach.",
        "The service helps to avert power outages that cost millions.",
    ),
    "legal": (
        "The council was sued over the sale and denies that it is liable.",
        "They answer to no court at all and play on a tennis court.",
    ),
    "financial": (
        "Quillon had revenue of 96 million and a higher profit than ever.",
        "I changed the page so that it would show bookings by week.",
    ),
    "adoption": (
        "Millions of customers have chosen the app, and it is trusted by banks.",
        "The council adopted the new rules on Monday.",
    ),
    "superlative": (
        "Furrow is the most advanced platform of its kind.",
        "Every family gets 20 percent off their first lamp.",
    ),
    "forecast": (
        "By 2040 the market will have become a trillion a year.",
        "We will never stop listening, and the storm is expected to weaken.",
    ),
    "safety": (
        "The card keeps every visitor safe and protects their data.",
        "Any machine that a vendor sells must be secure.",
    ),
    "public_good": (
        "The gift supports families and farmers in the valley.",
        "The letter supported the case of the men who were charged with murder.",
    ),
    "cause": (
        "The drought caused the fires, and wet soil prevented others.",
        "We chose the frame because of what our team knew.",
    ),
    "operations": (
        "The firm plans to build a plant in Tarn.",
        "The hall will open at nine.",
    ),
    "launch": (
        "Orrinware unveils a planner for farms.",
        "The new fee introduces a recurring cost.",
    ),
}


def claim(text: str, kind: ClaimKind) -> Claim:
    return Claim(
        number=1,
        text=text,
        role=ClaimRole.PRIMARY,
        kind=kind,
        support=ClaimSupport.ASSERTED,
        verification=Verification.UNVERIFIED_IN_SOURCE,
        risk=Risk.LOW,
        voice="document",
        hedges=[],
        missing_evidence=[],
        spans=[],
    )


def asked(body: str, title: str = "", framed: Spin = PLAIN) -> list[Claim]:
    read = document(body, title)
    central = central_claims(read, sentence_features(read))
    phrases = KeyPhrases(read, NounChunks(read), central)
    return with_missing(central, missing_evidence(read, central, phrases, framed))


class TestChecklists:
    @pytest.mark.parametrize("checklist", CHECKLISTS, ids=lambda c: c.code)
    def test_do_not_fit_what_only_looks_like_it(self, checklist: Checklist) -> None:
        kind = checklist.kinds[0] if checklist.kinds else ClaimKind.OPERATIONAL
        assert not checklist.fits(claim(SIDES[checklist.code][1], kind))

    @pytest.mark.parametrize("checklist", CHECKLISTS, ids=lambda c: c.code)
    def test_fit_the_claims_that_they_are_for(self, checklist: Checklist) -> None:
        kind = checklist.kinds[0] if checklist.kinds else ClaimKind.OPERATIONAL
        assert checklist.fits(claim(SIDES[checklist.code][0], kind))

    def test_are_not_guessed_from_the_kind_alone(self) -> None:
        for kind in ClaimKind:
            assert checklists_for(claim("The bridge was painted on Monday.", kind)) == []

    def test_ask_nothing_of_what_would_be_if_something_else_were(self) -> None:
        supposed = "If Quillon were half as large, its revenue and its profits would be huge."
        assert checklists_for(claim(supposed, ClaimKind.FINANCIAL)) == []

    def test_hold_items_that_are_known_and_used(self) -> None:
        assert {item for checklist in CHECKLISTS for item in checklist.items} == set(ITEMS)


class TestAnItem:
    @pytest.mark.parametrize(
        ("item", "text", "there"),
        [
            ("comparison", "Revenue grew 4% last year.", True),
            ("comparison", "Sales were far below plan.", True),
            ("comparison", "Its stock is back to roughly where it was.", True),
            ("comparison", "Revenue was 96 million.", False),
            ("comparison", "The price is up to you.", False),
            ("comparison", "It had a loss of 6 million, against a profit of 2.", True),
            ("comparison", "Sales were 96 million, 80 in the prior-year quarter.", True),
            ("terms_for_affected", "They get a separation payment and job placement support.", True),
            ("terms_for_affected", "They get a letter from the chair.", False),
        ],
    )
    def test_is_there_in_each_of_its_wordings(self, item: str, text: str, there: bool) -> None:
        assert (ITEMS[item].pattern.search(text) is not None) is there

    @pytest.mark.parametrize(
        "text",
        [
            "Brightwell overcharged 38,600 customers.",
            "640,000 customers were unable to log in.",
            "12,000 customers will be refunded.",
        ],
    )
    def test_of_adoption_is_not_asked_of_those_who_were_harmed(self, text: str) -> None:
        assert "adoption" not in {c.code for c in checklists_for(claim(text, ClaimKind.MARKET))}

    @pytest.mark.parametrize(
        ("code", "text"),
        [
            ("survey", "I have worked on the surveys of our workshops."),
            ("cause", "The delivery was delayed due to unexpected issues."),
            ("cause", "Their quick actions in a fire once prevented damage in the hall."),
            ("safety", "A belt is essential for safe and enjoyable trips."),
            ("incident", "The guards stopped a man, preventing a possible data breach."),
            ("incident", "In two years, 76% of organizations have been hit by a ransomware attack."),
            ("job_losses", "The sale of the mills is a step in the restructuring of the fund."),
            ("performance", "Its limitations make it difficult to answer with low latency."),
        ],
    )
    def test_is_not_asked_of_a_deed_or_a_wish(self, code: str, text: str) -> None:
        checklist = next(c for c in CHECKLISTS if c.code == code)
        kind = checklist.kinds[0] if checklist.kinds else ClaimKind.OPERATIONAL
        assert not checklist.fits(claim(text, kind))


class TestMissingEvidence:
    def test_is_not_asked_of_a_heading_or_of_the_only_services_of_a_plain_notice(self) -> None:
        for body in (
            "The only services in the world that will run are:",
            "Tarn has the only platform of its kind.",
        ):
            assert all(c.missing_evidence == [] for c in asked(body + FILLER))

    def test_is_asked_once_for_each_item(self) -> None:
        body = (
            "Furrow is the most advanced platform of its kind. Quillon is the largest platform in the world."
        )
        found = [m.item for c in asked(body + FILLER) for m in c.missing_evidence or ()]
        assert len(found) == len(set(found)) > 0

    def test_is_proof_of_a_claim_that_nothing_bears_out(self) -> None:
        bare = "The loom of Corvell is a revolutionary triumph." + FILLER
        framed = msgspec.structs.replace(PLAIN, primary=SpinType.STAMPEDE)
        told = {kind.lacks for kind in OF_KINDS.values()}

        def proof(body: str, spin: Spin) -> set[str]:
            return told & {m.text for c in asked(body, framed=spin) for m in c.missing_evidence or ()}

        assert proof(bare, framed)
        assert not proof(bare, PLAIN)
        study = " A study of 40 mills calls the loom of Corvell a revolutionary triumph."
        assert not proof(bare + study, framed)
        assert not proof("The mill is proud to announce a revolutionary future for looms." + FILLER, framed)

    @pytest.mark.parametrize(
        ("claim", "form"),
        [
            ("Most mills in the valley rely on old looms.", "count"),
            ("Two-thirds of looms are old.", "share"),
            ("The loom improves the work of mills.", "effect"),
            ("The loom will become a revolution.", "expectation"),
            ("Corvell will offer looms to mills.", "plan"),
            ("Mills are one of the most dynamic markets.", "rank"),
            ("Mills must have a loom.", "rule"),
            ("A fault is a grave danger.", "danger"),
            ("The first mill is Tarn.", None),
            ("The loom is red.", None),
        ],
    )
    def test_is_by_the_form_of_a_bare_claim(self, claim: str, form: str | None) -> None:
        assert form_of(claim) == form
        assert form is None or form in LACKS

    def test_is_none_of_a_plan_with_its_terms_nor_of_an_aim(self) -> None:
        framed = msgspec.structs.replace(PLAIN, primary=SpinType.CUSHION)
        for body in (
            "Everyone affected will get a generous minimum of ten weeks of wonderful pay.",
            "The focus of the mill is to increase its outstanding growth.",
        ):
            claims = asked(body + FILLER, framed=framed)
            assert "evidence" not in {m.item for c in claims for m in c.missing_evidence}

    def test_is_told_of_a_text_with_a_type_at_least_once(self) -> None:
        framed = msgspec.structs.replace(PLAIN, primary=SpinType.HYPE)
        claims = asked("The loom improves the work in mills." + FILLER, framed=framed)
        assert [m.text for c in claims for m in c.missing_evidence] == [LACKS["effect"][0]]

    def test_is_not_claimed_of_a_short_text(self) -> None:
        assert all(c.missing_evidence == [] for c in asked(HYPE[1]))

    def test_is_not_what_the_claim_itself_gives(self) -> None:
        body = (
            "Millions of riders have chosen the app, and 5 million customers are served by Quillon." + FILLER
        )
        claims = asked(body)
        assert all(m.item != "count" for c in claims for m in c.missing_evidence)

    def test_is_told_without_repeating_the_claim(self) -> None:
        named = "Furrow is the most advanced platform of its kind"
        lacking = [m.text for c in asked(named + "." + FILLER) for m in c.missing_evidence]
        assert "Does not say by whose count." in lacking
        assert all(named not in text for text in lacking)

    def test_is_not_asked_of_a_denial(self) -> None:
        claims = asked("Furrow is not the most advanced platform of its kind." + FILLER)
        assert all(c.missing_evidence == [] for c in claims)

    def test_is_proof_of_what_a_framed_text_only_asserts(self) -> None:
        framed = msgspec.structs.replace(PLAIN, primary=SpinType.FOG)
        claims = asked("Independent assessments have been carried out in the spring." + FILLER, framed=framed)
        assert "checks" in {m.item for c in claims for m in c.missing_evidence}

    @pytest.mark.parametrize(
        "body",
        [
            "Corvell declined to give a figure for the world's largest pump.",
            "Tarn Tickets is the only official ticketing service of the hall.",
            "The hall was shut on Monday with 48 patients in it.",
            "According to a survey by Orrin, 71% of the farms have a pump.",
        ],
    )
    def test_is_not_asked_of_a_refusal_a_notice_or_a_sourced_figure(self, body: str) -> None:
        claims = asked(body + FILLER, framed=msgspec.structs.replace(PLAIN, primary=SpinType.HYPE))
        assert not {m.item for c in claims for m in c.missing_evidence} - {"sample", "period", "uncertainty"}

    @pytest.mark.parametrize(
        ("code", "body", "words"),
        [
            ("attack", "It was a highly sophisticated attack by a group.", "highly sophisticated attack"),
            ("terms", "Engaged clients rose again in the spring.", "Engaged clients"),
            ("rival", "The pump is faster than any other.", "faster than any other"),
            ("unnamed", "Two of the largest shippers have asked for it.", "Two of the largest shippers"),
            ("figure", "Our people gave more than 9,000 hours to the farms.", "more than 9,000 hours"),
            ("intent", "Corvell hopes to keep the number as low as possible.", "hopes to keep the number"),
            ("helps", "The pump strengthens the bond of the valley.", "strengthens the bond"),
        ],
    )
    def test_names_the_words_that_are_only_asserted(self, code: str, body: str, words: str) -> None:
        claims = asked(body + FILLER, framed=msgspec.structs.replace(PLAIN, primary=SpinType.HALO))
        assert any(m.item == code and words in m.text for c in claims for m in c.missing_evidence)
        assert code not in {m.item for c in asked(body + FILLER) for m in c.missing_evidence}

    def test_of_an_argument_is_evidence_for_its_thesis(self) -> None:
        read = document("The old mill has already lost its last customer." + FILLER)
        argument = Happening(kind=HappeningKind.TREND_OR_ARGUMENT, subject=None, spans=[])
        central = central_claims(read, sentence_features(read), happening=argument, news=read.sentences[0])
        phrases = KeyPhrases(read, NounChunks(read), central)
        framed = msgspec.structs.replace(PLAIN, primary=SpinType.STAMPEDE)
        found = missing_evidence(read, central, phrases, framed, argument)
        assert [m.item for m in found[0]] == ["evidence"]
        assert missing_evidence(read, central, phrases, framed)[0] == []

    def test_of_a_sourced_report_is_rare(self) -> None:
        claims = asked(PLAIN_REPORT[1] + FILLER, PLAIN_REPORT[0])
        assert sum(len(c.missing_evidence) for c in claims) <= 2
