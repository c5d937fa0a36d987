"""Identifies the language of a text."""

import re
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from api.analysis.text.normal_form import nfc

MIN_WORDS: Final = 50  # below this the identifier is less reliable than the declaration
MIN_SPACELESS_CHARACTERS: Final = 100  # the same for scripts without spaces, at two characters a word
MIN_CONFIDENCE: Final = 0.7
MAX_CHARACTERS: Final = 20_000  # read of a text; more do not change the result

_SPACELESS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_TAG = re.compile(r"([a-z]{2})(?:[-_]|$)")


def language_of(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 code of the text's language, None if unknown.

    A long text is identified by its words, since pages in French that declare English are common. A short one
    is often misidentified, so `declared` (a language tag such as `en-GB`) decides.
    """
    sample = nfc(text[:MAX_CHARACTERS])
    enough = len(sample.split()) >= MIN_WORDS or len(_SPACELESS.findall(sample)) >= MIN_SPACELESS_CHARACTERS
    if enough:
        code, confidence = _identifier().classify(sample)
        if confidence >= MIN_CONFIDENCE:
            return str(code)
    tag = _TAG.match((declared or "").strip().lower())
    return tag[1] if tag else None


@cache
def _identifier() -> LanguageIdentifier:
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
