"""A text in several parts: the answers on all of them give one judgement."""

from typing import Any

import msgspec

from api.proposals.answers import BandPart
from api.proposals.banded_score import FULL_WEIGHT, banded_score
from api.proposals.excerpt import excerpt
from api.proposals.ground_judgement import ground_judgement
from api.proposals.ground_prose import ground_prose
from api.proposals.grounded import GroundedJudgement, GroundedProse, RefusedAnswer
from api.proposals.numbered_text import length_of, parts_of
from schemas.enums import Band, SpinType
from tests.kit.tables import each
from tests.kit.texts.answers import ANSWER, LIMITS, STORY, answer, claim, finding, number_of, passage
from tests.kit.texts.taxonomy import TAXONOMY

LIMIT = 420
SIZES = [sum(map(length_of, part)) for part in parts_of(STORY, LIMIT)]
SILENT = answer(
    happening=None, findings=[], loaded_terms=[], claims=[], omissions=[], beneficiaries=[], missing_voices=[],
    anchor=None, band="plain", primary="none", tactic="", stance="neutral", evidence_strength="medium",
)  # fmt: skip
UNION = {"sentence": number_of("leap in the dark"), "quote": "a leap in the dark"}
FOG: dict[str, Any] = ANSWER | {
    "findings": [finding("growth", type="fog", tactic="jargon_saturation")],
    "primary": "fog",
    "tactic": "jargon_saturation",
}


def read(*answers: bytes, limit: int = LIMIT) -> GroundedJudgement | RefusedAnswer:
    return ground_judgement(STORY, answers, TAXONOMY, limit=limit)


def judged(*answers: bytes) -> GroundedJudgement:
    found = read(*answers)
    assert isinstance(found, GroundedJudgement), found
    return found


class TestRefuses:
    @each("answers", [(), (answer(),), (answer(),) * 4])
    def test_another_number_of_answers_than_of_parts(self, answers: tuple[bytes, ...]) -> None:
        found = read(*answers)
        assert isinstance(found, RefusedAnswer)
        assert (found.reason, found.drops.dropped) == ("malformed", {"malformed": 1})

    def test_a_text_of_which_less_than_half_is_judged(self) -> None:
        assert SIZES[0] < sum(SIZES[1:])
        found = read(answer(), b"", answer(anchor=None))
        assert isinstance(found, RefusedAnswer)
        assert found.reason == ("malformed" if SIZES[1] >= SIZES[2] else "unsupported_band")
        assert found.drops.dropped == {"malformed": 1}

    def test_a_text_of_which_no_part_is_judged(self) -> None:
        assert isinstance(read(b"", b"", b""), RefusedAnswer)


class TestMerges:
    def test_the_rest_if_one_part_is_refused(self) -> None:
        found = judged(answer(), b"I cannot help with that.", SILENT)
        assert found.drops.dropped == {"malformed": 1, "refused_answer": 1}
        assert [f.id for f in found.findings] == ["f1", "f2", "f3"]

    def test_findings_and_terms_in_text_order_without_repetitions(self) -> None:
        late, early = (answer(findings=[one]) for one in ANSWER["findings"][1::-1])
        found = judged(late, early, early)
        assert [f.spans[0].quote for f in found.findings] == [
            "revolutionary planning platform",
            "the possibilities are endless",
        ]
        assert [f.id for f in found.findings] == found.described == ["f1", "f2"]
        assert [t.term for t in found.loaded_terms] == ["seamless"]

    def test_claims_part_by_part(self) -> None:
        late = claim("Quillon runs 41 depots")
        early = claim("a revolutionary planning platform")
        found = judged(answer(claims=[late]), answer(claims=[early, late]), SILENT)
        assert [c.text for c in found.claims] == [late["quote"], early["quote"]]

    def test_omissions_of_all_parts_that_the_whole_text_lacks(self) -> None:
        in_last_part = LIMITS | {"looked_for": ["the limits", "fails in snow", "grain and timber"]}
        found = judged(answer(omissions=[in_last_part]), SILENT, SILENT)
        assert (found.left_out, found.drops.dropped) == ([], {"in_text": 1})
        found = judged(SILENT, answer(omissions=[LIMITS]), answer(omissions=[LIMITS]))
        assert [one.item for one in found.left_out] == ["limits"]

    def test_the_first_happening(self) -> None:
        other = {"sentence": UNION["sentence"], "subject": "Peer Lund", "kind": "other_event"}
        found = judged(SILENT, answer(), answer(happening=other))
        assert found.happening is not None
        assert found.happening.subject == "Quillon Logistics"


class TestDecidesByCharacters:
    @each(
        ("bands", "band"),
        [
            (("strong", "strong", "strong"), Band.STRONG),
            (("total", "plain", "plain"), Band.MODERATE),
            (("plain", "plain", "light"), Band.PLAIN),
            (("plain", "heavy", "heavy"), Band.STRONG),
        ],
    )
    def test_the_band(self, bands: tuple[str, ...], band: Band) -> None:
        found = judged(*(answer(band=one, part="middle") for one in bands))
        assert found.band is band
        assert sum(row.points for row in found.ledger) == 100 * found.score
        assert (found.primary is SpinType.NONE) is (band is Band.PLAIN)

    def test_the_type_among_parts_that_have_one(self) -> None:
        fog = msgspec.json.encode(FOG)
        found = judged(answer(), SILENT, SILENT)
        assert (found.primary, found.stance, found.evidence_strength) == ("hype", "neutral", "medium")
        found = judged(answer(), fog, fog)
        assert (found.primary, found.secondary, found.tactic) == ("fog", "hype", "jargon_saturation")

    def test_how_much_weight_is_full(self) -> None:
        once, thrice = judged(SILENT, answer(), answer()), judged(*[answer()] * 3)
        band = next(b for b in TAXONOMY.bands if b.band is thrice.band)
        short, long = (
            banded_score(band, BandPart.LOWER, [2, 3, 1], full).score
            for full in (FULL_WEIGHT, FULL_WEIGHT * sum(SIZES) // LIMIT)
        )
        assert thrice.score == long < short
        assert once.findings[0].spans == thrice.findings[0].spans


class TestAnExcerpt:
    JUDGEMENT = judged(
        SILENT, SILENT, msgspec.json.encode(msgspec.json.decode(SILENT) | {"claims": ANSWER["claims"]})
    )

    def test_is_the_whole_of_a_short_text(self) -> None:
        assert excerpt(STORY, self.JUDGEMENT) == list(STORY.sentences)

    def test_is_the_beginning_and_the_cited_sentences_of_a_long_one(self) -> None:
        found = excerpt(STORY, self.JUDGEMENT, 450)
        numbers = [sentence.index + 1 for sentence in found]
        cited = number_of("delivers routes in 4 minutes")
        assert sum(map(length_of, found)) <= 450
        assert numbers[:2] == [1, 2]
        assert cited in numbers
        assert cited - 1 not in numbers

    def test_bounds_the_sentences_on_which_prose_may_rest(self) -> None:
        unseen = number_of("41 depots")
        answered = {"frame": passage("Quillon runs 41 depots.", unseen)}
        given = msgspec.json.encode(answered)
        kept, fallen = (
            ground_prose(STORY, self.JUDGEMENT, given, max_dropped=1, limit=limit) for limit in (9_000, 450)
        )
        assert isinstance(kept, GroundedProse)
        assert isinstance(fallen, GroundedProse)
        assert (kept.frame, fallen.frame) == ("Quillon runs 41 depots.", None)
        assert fallen.drops.dropped == {"unknown_sentence": 1}
