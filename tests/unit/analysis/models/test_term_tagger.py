import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from api.analysis.framing.detector import Hit
from api.analysis.framing.evidence import Evidence, gather
from api.analysis.framing.learned_terms import LEARNED
from api.analysis.framing.loaded_terms import loaded_terms
from api.analysis.framing.spin import judge
from api.analysis.models.term_tagger import (
    second_columns,
    tagged_terms,
    term_weights,
    terms_of,
    token_features,
)
from schemas.enums import SpinType
from tests.kit.texts.articles import document as reading
from tests.kit.texts.framed_texts import HYPE
from tests.kit.texts.taxonomy import TAXONOMY

BOAST = (
    "Brightloom today unveiled a revolutionary, world-class platform that will transform how every family "
    "lives. “This is a game-changing breakthrough,” said its founder. It costs 40 crowns a month."
)


class TestTaggedTerms:
    def test_finds_nothing_in_a_text_without_words(self) -> None:
        document = reading("")
        assert tagged_terms(document, document.encoded) == []

    def test_finds_the_words_of_a_boast_and_not_its_price(self) -> None:
        document = reading(BOAST)
        words = [document.text[t.start : t.end] for t in document.tagged]
        assert any("revolutionary" in term for term in words)
        assert not any("crowns" in term for term in words)

    @settings(max_examples=25)
    @given(st.text(alphabet=st.sampled_from("ab Great,.!“” \nit's"), max_size=400))
    def test_gives_places_in_order_without_overlap(self, text: str) -> None:
        document = reading(text)
        reached = 0
        for term in document.tagged:
            assert reached <= term.start < term.end <= len(document.text)
            assert document.text[term.start : term.end].strip() == document.text[term.start : term.end]
            assert 0 <= term.probability <= 1
            reached = term.end


class TestTermsOf:
    def test_trims_function_words_and_bridges_one_gap(self) -> None:
        document = reading("It is the dawn of progress and it rained.")
        words = [document.doc[n].text for n, _ in token_features(document)]
        sure = [float(word in ("the", "dawn", "progress", "and")) for word in words]
        (term,) = terms_of(document, np.array(sure), 0.5)
        assert document.text[term.start : term.end] == "dawn of progress"

    def test_does_not_reach_over_a_full_stop(self) -> None:
        document = reading("The dawn glows. Progress gleams.")
        assert len(terms_of(document, np.ones(len(list(token_features(document)))), 0.5)) == 2


class TestWeights:
    def test_fit_the_columns(self) -> None:
        document = reading(BOAST)
        first = np.zeros(len(list(token_features(document))))
        weights = term_weights()
        assert second_columns(document, first, document.encoded).shape == (len(first), len(weights.second))
        assert len(weights.means) == len(weights.spreads) == len(weights.second)


class TestLearnedDetectors:
    def test_are_one_for_each_type(self) -> None:
        assert sorted(d.type or "" for d in LEARNED) == sorted(set(SpinType) - {SpinType.NONE})

    def test_make_a_finding_of_every_telling_term(self) -> None:
        document = reading(BOAST)
        found = [e.hit for e in gather(document) if e.detector in LEARNED]
        assert found
        assert all(0 < hit.share <= 1_000 for hit in found)
        for hit in found:
            assert any(t.start < hit.end and hit.start < t.end for t in document.tagged)


class TestListedTerms:
    def test_are_phrases_that_hold_what_the_tagger_finds(self) -> None:
        title, body = HYPE
        document = reading(body, title)
        judged = judge(document, TAXONOMY)
        assert judged.loaded_terms
        for term in judged.loaded_terms:
            for span in term.spans:
                assert any(t.start < span.end and span.start < t.end for t in document.tagged)
                assert any(
                    f.type is term.type and f.spans[0].start <= span.start and span.end <= f.spans[-1].end
                    for f in judged.findings
                )

    def test_begin_with_the_primary_type(self) -> None:
        title, body = HYPE
        judged = judge(reading(body, title), TAXONOMY)
        order = [term.type is not judged.spin.primary for term in judged.loaded_terms]
        assert order == sorted(order)

    def test_are_the_longest_of_those_that_overlap(self) -> None:
        document = reading("It is a bold new dawn for all of them.")
        evidence = [
            Evidence(LEARNED[0], Hit(8, 12), "document", 1_000),
            Evidence(LEARNED[0], Hit(8, 21), "document", 1_000),
        ]
        assert [t.term for t in loaded_terms(document, evidence, SpinType.NONE)] == ["bold new dawn"]

    def test_are_none_that_a_ruling_dismissed(self) -> None:
        document = reading("It is a bold new dawn for all of them.")
        assert loaded_terms(document, [Evidence(LEARNED[0], Hit(8, 21), "document", 0)], SpinType.NONE) == []
