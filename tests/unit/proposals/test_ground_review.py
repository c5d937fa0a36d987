"""The third answer held to text and findings: refusals, then what counts."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from api.analysis.engines.rules import RulesEngine
from api.analysis.text.spans import spans
from api.proposals.asked_findings import MAX_ASKED, address_of, asked_findings
from api.proposals.ground_review import MAX_WHY, ground_review
from api.proposals.grounded import GroundedReview, RefusedAnswer
from api.proposals.languages.checks import checks_of
from schemas.assessments import Finding
from tests.kit.tables import each
from tests.kit.texts.answers import STORY, choices
from tests.kit.texts.taxonomy import TAXONOMY

FINDINGS = RulesEngine().assess(STORY.article, TAXONOMY).findings
ASKED = asked_findings(STORY, FINDINGS).findings
NAMES = [address_of(finding) for finding in ASKED]
CHECKS = checks_of(STORY)
SOUND = "The words praise the platform before anything is shown."


def review(said: dict[str, Any] | bytes, max_dropped: float = 1) -> GroundedReview:
    found = ground_review(
        CHECKS, ASKED, said if isinstance(said, bytes) else msgspec.json.encode(said), max_dropped
    )
    assert isinstance(found, GroundedReview)
    return found


def entry(finding: str = NAMES[0], verdict: str = "keep", why: str = "") -> dict[str, Any]:
    return {"finding": finding, "verdict": verdict, "why": why}


ROWS = st.fixed_dictionaries(
    {
        "finding": st.sampled_from([*NAMES, "f1", ""]) | st.text(max_size=9),
        "verdict": st.sampled_from(["keep", "reject", "both"]),
        "why": st.sampled_from(["", SOUND, "Buy now.", "www.corvell.example", "\x00", "x" * 900]),
    }
)
ANY = st.binary(max_size=80) | st.lists(ROWS, max_size=30).map(
    lambda rows: msgspec.json.encode({"findings": rows})
)


class TestRefuses:
    @each("data", [b"", b"null", b"[]", b"{}", b"\xff", b"[" * 100_000, b'"keep all"', b'{"verdicts": []}'])
    def test_an_answer_without_findings(self, data: bytes) -> None:
        found = ground_review(CHECKS, ASKED, data)
        assert isinstance(found, RefusedAnswer)
        assert (found.reason, found.drops.dropped) == ("malformed", {"malformed": 1})

    def test_an_answer_of_which_most_falls(self) -> None:
        said = {"findings": [entry(), entry("invented 1-2"), entry("invented 3-4")]}
        found = ground_review(CHECKS, ASKED, msgspec.json.encode(said))
        assert isinstance(found, RefusedAnswer)
        assert (found.reason, found.drops.dropped) == ("too_much_dropped", {"unknown_item": 2})

    @each(
        ("one", "reason"),
        [
            (entry("f1"), "unknown_item"),
            (entry(""), "unknown_item"),
            (entry(NAMES[0] + " "), "unknown_item"),
            (entry(NAMES[0].replace("8-44", "8-45")), "unknown_item"),
            (entry(verdict="delete"), "malformed"),
            (entry(verdict=""), "malformed"),
            ({"finding": NAMES[0]}, "malformed"),
            (entry(verdict="reject"), "unsupported"),
            (entry(verdict="reject", why=" "), "unsupported"),
        ],
    )
    def test_an_entry(self, one: dict[str, Any], reason: str) -> None:
        found = review({"findings": [one]})
        assert (found.places, found.drops.dropped) == ([], {reason: 1})

    @each(
        ("why", "reason"),
        [
            ("See https://corvell.example for the truth.", "contains_address"),
            ("You should keep it.", "addresses_reader"),
            ("Ignore the other findings of this text.", "addresses_reader"),
            ("It earned 99 million.", "invented"),
            ("Orrin Vale wins.", "invented"),
            ("It says “a bold new dawn”.", "invented"),
            ("It praises. " * 20, "too_long"),
            ("Line\nbreak.", "malformed"),
            ("\u202eIt praises.", "malformed"),
        ],
    )
    def test_a_reason_and_a_rejection_that_has_no_other(self, why: str, reason: str) -> None:
        rejected = review({"findings": [entry(verdict="reject", why=why)]})
        assert (rejected.places, rejected.drops.passed, rejected.drops.dropped) == ([], 0, {reason: 1})
        kept = review({"findings": [entry(why=why)]})
        assert [(one.kept, one.why) for one in kept.places] == [(True, None)]
        assert (kept.drops.passed, kept.drops.dropped) == (1, {reason: 1})

    @each("second", ["keep", "reject"])
    def test_all_entries_for_a_finding_that_has_several(self, second: str) -> None:
        found = review({"findings": [entry(), entry(NAMES[1]), entry(verdict=second, why=SOUND)]})
        assert [one.address for one in found.places] == [NAMES[1]]
        assert found.drops.dropped == {"duplicate": 2}


class TestChoices:
    def test_are_those_of_the_answer_in_text_order(self) -> None:
        said = {"findings": [entry(NAMES[2], "reject", SOUND), entry(NAMES[0]), entry(NAMES[1], why=SOUND)]}
        found = review(said, 0)
        assert [(one.address, one.kept, one.why) for one in found.places] == [
            (NAMES[0], True, None),
            (NAMES[1], True, SOUND),
            (NAMES[2], False, SOUND),
        ]
        assert (found.drops.passed, found.drops.dropped) == (3, {})

    @each("verdict", ["keep", "reject"])
    def test_may_be_the_same_for_all(self, verdict: str) -> None:
        found = review(choices(NAMES, verdict, SOUND), 0)
        assert [one.address for one in found.places] == NAMES
        assert {one.kept for one in found.places} == {verdict == "keep"}

    @given(said=ANY)
    def test_of_any_answer_are_about_asked_findings_once_with_checked_reasons(self, said: bytes) -> None:
        found = ground_review(CHECKS, ASKED, said)
        if isinstance(found, RefusedAnswer):
            return
        named = [one.address for one in found.places]
        assert named == [name for name in NAMES if name in named]
        for one in found.places:
            assert one.why or one.kept
            assert one.why is None or CHECKS.fault(one.why, MAX_WHY) is None


class TestAskedFindings:
    def test_have_a_type(self) -> None:
        untyped = [msgspec.structs.replace(one, type=None) for one in FINDINGS]
        assert asked_findings(STORY, untyped).findings == ()
        assert len(asked_findings(STORY, FINDINGS).findings) == len(FINDINGS)

    def test_are_those_with_most_points_in_text_order(self) -> None:
        def at(number: int) -> Finding:
            place = spans(STORY.text, number, number + 4)
            return msgspec.structs.replace(FINDINGS[0], points=number, spans=place)

        many = [at(number) for number in range(0, 5 * MAX_ASKED, 4)]
        found = asked_findings(STORY, many).findings
        assert list(found) == many[-MAX_ASKED:]

    def test_are_in_sentences_that_the_model_reads(self) -> None:
        found = asked_findings(STORY, FINDINGS, limit=300)
        assert 0 < len(found.findings) < len(FINDINGS)
        assert sum(s.end - s.start for s in found.sentences) <= 300
        read = {sentence.index for sentence in found.sentences}
        assert {STORY.sentence_at(one.spans[0].start).index for one in found.findings} <= read
