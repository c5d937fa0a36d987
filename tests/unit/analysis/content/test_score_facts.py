"""Facts of the score as counts of a whole: claims, the text's own voice, omissions."""

import pytest

from api.analysis.claims.claims import CentralClaim, central_claims
from api.analysis.content.score_facts import ASSERTED, OMITTED, OWN_VOICE, score_facts
from api.analysis.models.encoded_document import EncodedDocument
from api.analysis.models.sentence_features import sentence_features
from api.analysis.text.signals import Measure
from schemas.enums import ClaimSupport
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_REPORT, STAMPEDE

STORIES = pytest.mark.parametrize("story", [HYPE, STAMPEDE, CUSHION, PLAIN_REPORT], ids=lambda s: s[0][:20])


def central_of(read: EncodedDocument) -> list[CentralClaim]:
    return central_claims(read, sentence_features(read))


def facts_of(read: EncodedDocument) -> dict[str, Measure]:
    return {fact.code: fact for fact in score_facts(read, central_of(read))}


class TestScoreFacts:
    @pytest.mark.parametrize("text", ["", " \n ", "\u0301 \u0302"])
    def test_are_counts_of_nothing_in_a_text_without_words(self, text: str) -> None:
        facts = facts_of(document(text))
        assert list(facts) == [ASSERTED, OWN_VOICE, OMITTED]
        assert all((facts[code].count, facts[code].value) == (0, 0.0) for code in (ASSERTED, OMITTED))
        assert all(not fact.places for fact in facts.values() if not fact.count)

    @STORIES
    def test_are_shares_with_places_in_the_text_if_they_count_anything(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        for fact in facts_of(read).values():
            assert fact.label
            assert fact.count is not None
            assert fact.of is not None
            assert 0 <= fact.count <= fact.of
            assert fact.value == (fact.count / fact.of if fact.of else 0)
            assert bool(fact.places) == bool(fact.count)
            assert all(0 <= start < end <= len(read.text) for start, end in fact.places)

    @STORIES
    def test_count_the_central_claims_that_are_only_asserted(self, story: tuple[str, str]) -> None:
        read = document(story[1], story[0])
        central = central_of(read)
        fact = facts_of(read)[ASSERTED]
        asserted = [c.sentence for c in central if c.claim.support is ClaimSupport.ASSERTED]
        assert fact.of == len(central)
        assert fact.places == [(s.start, s.end) for s in asserted]

    def test_count_no_sentence_of_another_as_the_texts_own(self) -> None:
        own = "The mill turns all day. It is old."
        others = "“The mill is a wonder,” said Mara Venn. The dam is sound, according to Orla Reed."
        alone, both = facts_of(document(own))[OWN_VOICE], facts_of(document(f"{own} {others}"))[OWN_VOICE]
        assert (alone.count, alone.of) == (2, 2)
        assert (both.count, both.of) == (2, 4)

    def test_count_no_title_in_the_texts_own_voice(self) -> None:
        fact = facts_of(document("The mill turns all day. It is old.", "A mill turns"))[OWN_VOICE]
        assert fact.of == 2

    def test_ask_nothing_of_a_text_that_is_too_short(self) -> None:
        assert facts_of(document("Quillon launches a pump."))[OMITTED].of == 0
