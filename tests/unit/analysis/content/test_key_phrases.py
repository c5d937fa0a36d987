"""Key phrases: whole clauses and names of the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.analysis.content.key_phrases import KeyPhrases, core_of, relayed_core, subject_of
from api.analysis.parsing.clauses import MAX_WORDS, clause_with
from api.analysis.parsing.noun_chunks import NounChunks
from tests.kit.texts.articles import document
from tests.kit.texts.framed_texts import CUSHION, HYPE, PLAIN_LAYOFF

PARTS = (
    "The plant in Tarn, which opened in 1962, makes 820 pumps a day",
    "and it could lose 300 of its 1,820 workers if the bank refuses",
    "the company said on Friday, according to a report that the council filed",
    "“We are thrilled,” said Talia Brandmoor, whose family owns half of it",
    "because of the rules that you, the buyers, asked for;",
    "unless prices (in crowns) fall by 12 percent — or more",
    "nobody knows how much of the money went to",
    "\u202e🙂 n't 's",
)
SENTENCES = st.lists(st.sampled_from(PARTS) | st.text(max_size=25), max_size=6).map(" ".join)
FEW = settings(max_examples=40)


def core(body: str) -> str | None:
    read = document(body)
    return core_of(read, read.sentences[0])


def subject(title: str, body: str) -> str | None:
    read = document(body, title)
    return subject_of(read, NounChunks(read))


class TestCoreOf:
    @pytest.mark.parametrize(
        "body",
        [
            "Why?",
            "12 34",
            "🙂",
            "In late March, Dr Roe estimated “between 100 and 200” at most.",
            "“No comment,” said Talia Brandmoor.",
        ],
    )
    def test_is_none_where_no_clause_can_be_quoted(self, body: str) -> None:
        assert core(body) is None

    @pytest.mark.parametrize(
        ("body", "clause"),
        [
            (
                "Corvell said on Friday that the plant makes 820 pumps a day.",
                "Corvell said on Friday that the plant makes 820 pumps a day",
            ),
            (
                "The plant makes 820 pumps a day, Corvell said on Friday.",
                "The plant makes 820 pumps a day, Corvell said on Friday",
            ),
            (
                "The plant makes 820 pumps a day, according to a report that the town filed.",
                "The plant makes 820 pumps a day, according to a report that the town filed",
            ),
        ],
    )
    def test_names_the_speaker_of_what_is_reported(self, body: str, clause: str) -> None:
        assert core(body) == clause
        relayed = relayed_core(read := document(body), read.sentences[0], read.main_voice(read.sentences[0]))
        assert (relayed or "").casefold() == "the plant makes 820 pumps a day"

    @pytest.mark.parametrize(
        "body",
        [
            "Corvell denied that the plant makes 820 pumps a day.",
            "Corvell said it was not true that the plant makes 820 pumps a day.",
            "Corvell said that the plant would make 820 pumps a day if it were paid for them.",
        ],
    )
    def test_keeps_denials_and_conditions(self, body: str) -> None:
        relayed = relayed_core(read := document(body), read.sentences[0], "Corvell")
        assert relayed is None or "not true" in relayed or "if it were paid" in relayed

    @pytest.mark.parametrize(
        ("body", "kept"),
        [
            ("Every one of our 160 colleagues has taken the pledge.", "Every one of our 160 colleagues"),
            ("I put 50 grams of oats on a carpet and went over them ten times.", "I put 50 grams"),
            (
                "In a poll, 96 percent of families said that they felt more hopeful.",
                "96 percent of families said",
            ),
            (
                "The council estimates that 300 people could lose their homes if the dam breaks.",
                "if the dam breaks",
            ),
            (
                "They could not have done it without the bottles that you, our family, carried home.",
                "carried home",
            ),
        ],
    )
    def test_keeps_who_how_many_and_on_which_condition(self, body: str, kept: str) -> None:
        assert kept in (core(body) or "")

    @pytest.mark.parametrize(
        ("body", "end"),
        [
            (
                "The villages along the pipe were asked to wait for the second half of the year and the next.",
                "wait for",
            ),
            (
                "Quillon plans to move its pumps to the site in Tarn that the council of the town sold to it.",
                "that",
            ),
            (
                "The lads at the co-op put it under all 900 colonies in a weekend and are not going back.",
                "and",
            ),
        ],
    )
    def test_never_ends_on_a_word_that_leaves_something_open(self, body: str, end: str) -> None:
        found = core(body)
        assert found is not None
        assert not found.endswith(f" {end}")

    @FEW
    @given(SENTENCES)
    def test_stands_in_any_text_as_it_is(self, body: str) -> None:
        read = document(body)
        for sentence in read.sentences:
            found = core_of(read, sentence)
            if found is not None:
                head, _, clause = found.rpartition(" … ")  # a long subject's head, and its predicate
                assert sentence.text.find(clause, sentence.text.find(head)) >= 0
                assert head in sentence.text
                assert len(found.split()) <= MAX_WORDS

    @pytest.mark.parametrize(("title", "body"), [HYPE, CUSHION, PLAIN_LAYOFF])
    def test_is_found_for_most_sentences_of_a_story(self, title: str, body: str) -> None:
        read = document(body, title)
        found = [core_of(read, s) for s in read.sentences if s.role != "title"]
        assert 2 * sum(c is not None for c in found) > len(found)


class TestClauseWith:
    def test_is_none_where_the_words_stand_in_no_clause(self) -> None:
        assert clause_with(document("A groundbreaking leap."), 2, 16) is None

    @pytest.mark.parametrize(
        ("body", "words", "cut"),
        [
            ("I didn’t let Abdul’s disappointing pump stop me.", "disappointing", "Abdul"),
            ("I don’t know which of these groundbreaking models will work.", "groundbreaking", "n’t"),
            ("We will change farming if we succeed at our groundbreaking mission.", "mission", "we succeed"),
            ("Corvell denies that the pump is a groundbreaking leap.", "groundbreaking", "the pump"),
            ("Nobody at Corvell believes that the pump is a groundbreaking leap.", "leap", "the pump"),
            ("Nobody asked whether the pump was a groundbreaking leap.", "leap", "the pump"),
            (
                "Doctors say a blood test that measures a protein called tarcin may detect early kidney damage.",
                "early kidney damage",
                "a protein",
            ),
            (
                "The most profitable applications of AI center not around faithfully reproducing what already "
                "exists in offices and plants of the towns.",
                "exists",
                "The most profitable applications",
            ),
        ],
    )
    def test_is_not_cut_out_of_what_takes_it_back(self, body: str, words: str, cut: str) -> None:
        read = document(body)
        start = read.text.index(words)
        clause = clause_with(read, start, start + len(words))
        assert clause is None or not clause.startswith(cut) or "not" in clause

    @pytest.mark.parametrize(
        ("body", "words", "clause"),
        [
            (
                "Corvell says that the pump is a groundbreaking leap.",
                "groundbreaking",
                "the pump is a groundbreaking leap",
            ),
            (
                "The study shows that the drill, which Corvell sells, is a groundbreaking leap.",
                "groundbreaking",
                "the drill, which Corvell sells, is a groundbreaking leap",
            ),
            (
                "Corvell did not wait, and the pump is a groundbreaking leap.",
                "leap",
                "the pump is a groundbreaking leap",
            ),
            (
                "No pump of the town was a groundbreaking leap.",
                "leap",
                "No pump of the town was a groundbreaking leap",
            ),
            (
                "I didn’t let Abdul’s disappointing pump stop me.",
                "disappointing",
                "I didn’t let Abdul’s disappointing pump stop me",
            ),
        ],
    )
    def test_is_the_clause_that_the_sentence_says(self, body: str, words: str, clause: str) -> None:
        read = document(body)
        start = read.text.index(words)
        assert clause_with(read, start, start + len(words)) == clause

    def test_holds_the_words_and_their_subject(self) -> None:
        read = document("The deal came late, but Orrinware calls Furrow a groundbreaking leap for farms.")
        start = read.text.index("groundbreaking")
        assert (
            clause_with(read, start, start + 14) == "Orrinware calls Furrow a groundbreaking leap for farms"
        )


class TestSubjectOf:
    @pytest.mark.parametrize("body", ["", "Why?", "12 34", "🙂"])
    def test_is_none_without_a_subject(self, body: str) -> None:
        read = document(body)
        assert subject_of(read, NounChunks(read)) is None
        assert KeyPhrases(read, NounChunks(read), ()).of_claim(1) is None

    def test_is_what_the_text_takes_up_from_its_title(self) -> None:
        body = (
            "The second furnace makes bottles. Its second furnace is old. Nobody at the gate was surprised."
        )
        assert subject("Corvell to close its second furnace; 84 jobs will go", body) == "second furnace"

    def test_is_no_part_of_a_word_with_a_hyphen(self) -> None:
        found = subject(
            "Same-Day Pump Movies Are Coming",
            "The day will come. Pump movies are coming, and pump movies are films.",
        )
        assert found is not None
        assert not found.startswith("Day")

    def test_leaves_out_the_verb_that_capitals_hide(self) -> None:
        body = "The meta outage was long. A meta outage is rare. Quillon did not say why it came."
        assert subject("Meta Outage Hits Quillon", body) == "Meta Outage"

    @pytest.mark.parametrize(
        ("title", "body", "expected"),
        [
            (
                "Corvell Reports Results for the Quarter",
                "The quarter was good. A quarter has three months. Last quarter Corvell sold pumps.",
                "Corvell",
            ),
            (
                "The council and the pump station",
                "The council met. The council closed the pump station. A council may. Its pump station is old.",
                "pump station",
            ),
            ("The tapes", "Our tapes are lost. We lost some tapes. The tapes were old.", "tapes"),
        ],
    )
    def test_is_a_single_common_noun_only_where_there_is_nothing_else(
        self, title: str, body: str, expected: str
    ) -> None:
        assert subject(title, body) == expected

    def test_is_no_single_noun_that_hardly_recurs(self) -> None:
        assert subject("Test", "A test was held. Nobody came.") is None
