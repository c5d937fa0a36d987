"""All word lists find their phrases in one pass."""

from api.analysis.engines.fast.skimming import skim
from api.analysis.text.feature_words import ABSOLUTES, COLLECTIVE, COMMERCE, READER, REPORT, VALUES
from api.analysis.text.lexicon import Lexicon
from tests.kit.texts.articles import article
from tests.kit.texts.trap_texts import MISTAKES, names, story

LISTS = (ABSOLUTES, COLLECTIVE, COMMERCE, READER, REPORT, VALUES)


class TestLexicon:
    def test_matches_at_word_boundaries_alone(self) -> None:
        assert list(Lexicon(["we", "streamlin*"]).within("owe we streamlining, swe-we")) == [
            (4, 6),
            (7, 19),
            (25, 27),
        ]

    def test_prefers_the_longest_phrase_and_takes_no_overlap(self) -> None:
        assert list(Lexicon(["at", "at stake", "stake holders"]).within("at stake holders")) == [(0, 8)]

    def test_finds_with_all_lists_together_what_it_finds_alone(self) -> None:
        for trap in MISTAKES:
            for name in names(trap):
                title, body = story(name)
                document = skim(article(body, title))
                for one in LISTS:
                    assert list(one.places(document)) == list(one.within(document.folded))

    def test_knows_phrases_that_stand_in_several_lists(self) -> None:
        first, second = Lexicon(["turbine", "turbine hall"]), Lexicon(["turbine", "turb*"])
        document = skim(article("The turbine hall held one turbine and one turbocharger."))
        found = [[document.folded[s:e] for s, e in one.places(document)] for one in (first, second)]
        assert found == [["turbine hall", "turbine"], ["turbine", "turbine", "turbocharger"]]

    def test_looks_for_itself_where_the_text_was_looked_through_before(self) -> None:
        document = skim(article("The ferry was late twice."))
        assert not list(VALUES.places(document))
        assert len(list(Lexicon(["ferry", "late"]).places(document))) == 2
