from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.analysis.engines.reading import read
from api.analysis.text.article import MAX_CHARACTERS
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document
from api.analysis.text.sentences import MAX_SENTENCE, sentence_bounds
from tests.kit.texts.articles import article, document
from tests.kit.texts.framed_texts import PLAIN_REPORT


def sentences(body: str, title: str = "") -> list[str]:
    return [s.text for s in document(body, title).sentences]


def speakers(body: str) -> list[str | None]:
    return [q.speaker for q in document(body).quotations]


def check(read_document: Document) -> None:
    text = read_document.text
    assert read_document.doc.text == text[:MAX_CHARACTERS]
    reached = 0
    for sentence in read_document.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert read_document.doc[sentence.first : sentence.last].text == sentence.text
        assert [t.i for t in read_document.tokens(sentence)] == list(range(sentence.first, sentence.last))
        assert reached <= sentence.start < sentence.end
        assert "\n\n" not in sentence.text
        reached = sentence.end
        for start, end in sentence.hedges + sentence.numbers:
            assert sentence.start <= start < end <= sentence.end
    for quotation in read_document.quotations:
        assert 0 <= quotation.start < quotation.end <= len(text)
        assert quotation.speaker is None or quotation.speaker in text


class TestSentences:
    def test_end_at_the_title_and_at_paragraphs(self) -> None:
        found = sentences("The first has no stop\n\nThe second has one.", "A title. It has two parts")
        assert found == ["A title.", "It has two parts", "The first has no stop", "The second has one."]

    def test_do_not_end_at_abbreviations_initials_and_decimals(self) -> None:
        found = sentences(
            "Dr. J. Korhola of Acme Inc. said the U.S. market grew by 3.5 percent. It fell at 5 p.m."
        )
        assert found == [
            "Dr. J. Korhola of Acme Inc. said the U.S. market grew by 3.5 percent.",
            "It fell at 5 p.m.",
        ]

    def test_end_inside_quotations_but_not_before_the_report_verb(self) -> None:
        assert sentences("“Is it safe? I doubt it,” asked Lund. He left.") == [
            "“Is it safe?",
            "I doubt it,” asked Lund.",
            "He left.",
        ]

    def test_go_over_the_lines_of_a_wrapped_text(self) -> None:
        assert len(sentences("the line goes\non in the next\none and ends there.")) == 1

    def test_have_roles(self) -> None:
        roles = [s.role for s in document("One is. Two is. Three is.", "Title").sentences]
        assert roles == ["title", "lead", "lead", "body"]

    def test_are_cut_when_too_long(self) -> None:
        bounds, was_split = sentence_bounds("word " * 2000, 0)
        assert was_split
        assert all(end - start <= MAX_SENTENCE for start, end in bounds)

    @pytest.mark.parametrize(
        "text",
        ["", "x" * 60_000, " " * 59_999 + "x", "." * 60_000, '"' * 60_000, "\n " * 30_000, "a.b." * 15_000],
        ids=["empty", "one word", "spaces", "stops", "quotes", "line breaks", "dots"],
    )
    def test_are_found_in_linear_time(self, text: str) -> None:
        bounds, _ = sentence_bounds(text, 0)
        assert sum(end - start for start, end in bounds) <= len(text)


class TestQuotations:
    @pytest.mark.parametrize(
        ("text", "speaker"),
        [
            ("“The valve was not tested at all,” said Ines Korhola.", "Ines Korhola"),
            ('"The valve was not tested at all," Ines Korhola told reporters.', "Ines Korhola"),
            ("Ines Korhola said: “The valve was not tested at all.”", "Ines Korhola"),
            ("According to Ines Korhola, the valve was “not tested at all by anyone”.", "Ines Korhola"),
            ("Jane Miller ran the plant. “The valve was not tested at all,” she said.", "Jane Miller"),
            ("“The valve was not tested at all,” a spokesperson said.", "a spokesperson"),
            ("“We did not test it at all,” said Corvell Chairman and CEO Jane Miller.", "Jane Miller"),
            ("“The valve was not tested at all,” says our co-founder.", "our co-founder"),
            (
                "“You have to put down a good toy,” says our co-founder, Ruben Asante-Lind, who drew it.",
                "Ruben Asante-Lind",
            ),
            ("“The valve was not tested at all.” — Ines Korhola, engineer", "Ines Korhola"),
        ],
    )
    def test_find_their_speaker(self, text: str, speaker: str) -> None:
        assert speakers(text) == [speaker]

    def test_go_on_with_the_same_speaker(self) -> None:
        assert speakers("“It was not tested,” said Ines Korhola. “Nobody had the time to do it.”") == [
            "Ines Korhola",
            "Ines Korhola",
        ]

    def test_without_speaker_are_unnamed_and_marked_words_the_documents_own(self) -> None:
        whole = document(
            "The sign was clear. “Nobody may enter this hall at night.” The so-called “guard” slept."
        )
        assert [q.voice for q in whole.quotations] == [UNNAMED_VOICE, DOCUMENT_VOICE]

    def test_leave_unpaired_marks_alone(self) -> None:
        assert document('A 27" screen is not a 24" screen. He said “no more.').quotations == ()

    def test_give_sentences_their_voice(self) -> None:
        read_document = document("“The valve was never tested,” said Ines Korhola. The plant opened in 1974.")
        assert [s.voice for s in read_document.sentences] == ["Ines Korhola", DOCUMENT_VOICE]
        at = read_document.text.index("valve")
        assert read_document.voice_at(at, at + 5) == "Ines Korhola"
        assert read_document.sentence_at(at).index == 0


class TestAttribution:
    @pytest.mark.parametrize(
        ("text", "source"),
        [
            ("Corvell said that the valve had passed.", "Corvell"),
            ("The valve had passed, according to Corvell.", "Corvell"),
            ("We said that the valve had passed.", None),
            ("The valve passed the test.", None),
        ],
    )
    def test_names_whose_statement_is_reported(self, text: str, source: str | None) -> None:
        assert document(text).sentences[0].attributed_to == source


class TestDetails:
    def test_finds_hedges_but_not_the_month(self) -> None:
        (sentence,) = document("The valve may perhaps fail in May.").sentences
        assert [sentence.text[a:b] for a, b in sentence.hedges] == ["may", "perhaps"]

    def test_finds_numbers_but_not_years(self) -> None:
        (sentence,) = document("In 2019 it cost $4.5 million, 12 percent more than for two years.").sentences
        assert [sentence.text[a:b] for a, b in sentence.numbers] == ["$4.5 million", "12 percent", "two"]

    def test_knows_negated_sentences(self) -> None:
        found = document("The valve did not pass. The valve passed. No valve passed.").sentences
        assert [s.negated for s in found] == [True, False, True]

    def test_folds_without_moving_anything(self) -> None:
        read_document = document("İSTANBUL’s “Tower” ﬁne\n\nA\u00a0B")
        assert len(read_document.folded) == len(read_document.text)
        assert "'s" in read_document.folded


class TestRead:
    @pytest.mark.parametrize(
        "body",
        [
            "",
            "“a” “b” ‘c’ « d »",
            "1 2.5 3% 4,000",
            "\u202eabc\u202c \u200f\u200b def.",
            "a\u0301\u0302\u0303 e\u0301",
            "👩‍👩‍👧‍👦 is here. 🎉🎉",
            "Das ist gut. これは良い。 C’est bon.",
            "It is. " * 300,
        ],
        ids=["empty", "quotations", "numbers", "marks", "combining", "emoji", "mixed", "short sentences"],
    )
    def test_keeps_its_promises_on_odd_texts(self, body: str) -> None:
        check(document(body, "Title"))

    def test_keeps_its_promises_on_a_story(self) -> None:
        check(document(PLAIN_REPORT[1], PLAIN_REPORT[0]))

    def test_reads_only_what_is_analysed(self) -> None:
        read_document = read(article("x", text="Nothing happened here today. " * 2200, body_start=0))
        assert read_document.sentences[-1].end <= MAX_CHARACTERS

    def test_tells_that_a_sentence_was_cut(self) -> None:
        assert document("and so on " * 300).was_split
        assert not document("And so on.").was_split

    @given(st.text(max_size=300))
    @settings(max_examples=60)
    def test_never_raises(self, body: str) -> None:
        check(document(body, "A title"))


class TestQuotationsWithoutAnOpeningMark:
    def test_never_overlap_one_that_has_both(self) -> None:
        found = document('He said "great stuff" and we go on," Roe said.').quotations
        assert [(q.start, q.end) for q in found] == sorted((q.start, q.end) for q in found)
        assert all(before.end <= after.start for before, after in pairwise(found))

    @pytest.mark.parametrize(
        "text",
        ["“We will win.” Jo Lund said he disagreed.", "“We will win,” he said. Jo Lund disagreed."],
    )
    def test_are_not_those_of_whoever_speaks_next(self, text: str) -> None:
        assert [q.speaker for q in document(text).quotations if q.speaker == "Jo Lund"] == []
