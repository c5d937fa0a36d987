"""What is asked of a central claim: only of bare assertions that steer, in words that make sense alone."""

import msgspec
import pytest

from api.analysis.claims.claims import CentralClaim, central_claims
from api.analysis.content.claim_points import claim_points
from api.analysis.models.sentence_features import sentence_features
from schemas.enums import ClaimSupport
from tests.kit.texts.articles import document
from tests.unit.analysis.content.test_absent_items import FILLER


def asked(
    body: str, support: ClaimSupport = ClaimSupport.ASSERTED, actor: str | None = None
) -> dict[str, str]:
    """What the first sentence of the body leaves open, taken as a central claim with this support."""
    read = document(body + FILLER, "The pump of Corvell")
    claims = central_claims(read, sentence_features(read))
    first = next(s for s in read.sentences if s.role != "title")
    claim = msgspec.structs.replace(claims[0].claim, support=support, voice=read.main_voice(first))
    one = CentralClaim(claim, first, claims[0].features)
    return {code: item.omission for code, item in claim_points(read, [one], actor, "Corvell").items()}


class TestClaimPoints:
    @pytest.mark.parametrize(
        "body",
        [
            "Corvell announced its revolutionary pump on Monday.",
            "Corvell is proud to announce a revolutionary pump.",
            "The pump of Corvell has revolutionary customers in every valley.",
            "The pump of Corvell is 100% volunteer-run by the people of Tarn.",
            "The pump of Corvell was a revolutionary triumph of the old days.",
            "It is the most revolutionary pump in the world.",
            "Is the pump of Corvell a revolutionary triumph of engineering?",
            "The pump of Corvell stands in a shed by the river.",
            "The pump of Corvell is part of a revolutionary triumph.",
            "The pump of Corvell must be a revolutionary triumph.",
            "The pump of Corvell is a revolutionary triumph. A survey of Tarn says that pump owners agree.",
            "“The pump of Corvell is a revolutionary triumph,” said Ines Vale of Tarn.",
            "Ines Vale said the pump of Corvell is a revolutionary triumph of engineering.",
        ],
    )
    def test_are_none_of_deeds_fragments_facts_and_the_words_of_others(self, body: str) -> None:
        assert asked(body) == {}

    @pytest.mark.parametrize("support", [s for s in ClaimSupport if s is not ClaimSupport.ASSERTED])
    def test_are_none_of_what_has_support(self, support: ClaimSupport) -> None:
        assert asked("The pump of Corvell is a revolutionary triumph of engineering.", support) == {}

    def test_ask_what_bears_out_praise(self) -> None:
        assert asked("The pump of Corvell is a revolutionary triumph.") == {
            "shown": "Does not give any evidence that the pump of Corvell is a revolutionary triumph."
        }

    def test_name_a_claim_without_the_adverb_that_opens_it(self) -> None:
        assert asked("Today, the pump of Corvell is a revolutionary triumph.") == {
            "shown": "Does not give any evidence that the pump of Corvell is a revolutionary triumph."
        }

    def test_name_a_claim_without_what_is_appended_to_it(self) -> None:
        found = asked(
            "The pump of Corvell is a revolutionary triumph, living up to its name in every valley."
        )
        assert list(found.values()) == [
            "Does not give any evidence that the pump of Corvell is a revolutionary triumph."
        ]

    def test_ask_no_proof_of_what_other_sentences_bear_out(self) -> None:
        told = "The pump of Corvell is a revolutionary triumph."
        assert "shown" in asked(told)
        assert "shown" not in asked(told + " A study calls the pump of Corvell a revolutionary triumph.")

    def test_ask_for_the_measurement_of_a_share(self) -> None:
        found = asked("The new pump of Corvell cuts the losses of a farm by 40%.")
        assert list(found) == ["measured"]
        assert "who measured that the new pump" in found["measured"]

    def test_ask_nothing_of_a_sum_that_was_paid(self) -> None:
        assert "measured" not in asked("The pump of Corvell was sold for $40 million in May.")

    @pytest.mark.parametrize(
        "told",
        [
            "The state of Tarn keeps a free 10% stake in the pump of Corvell.",
            "The pump of Corvell laid off 40% of its workers in May.",
        ],
    )
    def test_ask_nothing_of_a_share_that_is_held_or_cut(self, told: str) -> None:
        assert "measured" not in asked(told)
