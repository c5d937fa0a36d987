"""Identifies the language of a text.

Function words tell plain English (Grefenstette 1995), so that the model of all languages, which takes half a
second to unpack, is unpacked only for other texts.
"""

import io
import lzma
import re
from array import array
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from api.analysis.text.normal_form import nfc

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MIN_WORDS: Final = 50  # below this the identifier is less reliable than the declaration
MIN_SPACELESS_CHARACTERS: Final = 100  # the same for scripts without spaces, at two characters a word
MIN_CONFIDENCE: Final = 0.7
MAX_CHARACTERS: Final = 20_000  # read of a text; more do not change the result

# Words of English alone: a sixth of its running text, and less than a fiftieth of any other language's.
_ENGLISH: Final = frozenset(
    {"the", "and", "with", "that", "from", "this", "which", "would", "their", "have", "are", "of", "to"}
)
_ENGLISH_SHARE: Final = 0.1

_SPACELESS = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_TAG = re.compile(r"([a-z]{2})(?:[-_]|$)")


def language_of(text: str, declared: str | None = None) -> str | None:
    """The ISO 639-1 code of the text's language, None if unknown.

    A long text is identified by its words, since pages in French that declare English are common. A short one
    is often misidentified, so `declared` (a language tag such as `en-GB`) decides.
    """
    sample = nfc(text[:MAX_CHARACTERS])
    words = sample.split()
    if len(words) >= MIN_WORDS and sum(w in _ENGLISH for w in words) >= _ENGLISH_SHARE * len(words):
        return "en"
    enough = len(words) >= MIN_WORDS or len(_SPACELESS.findall(sample)) >= MIN_SPACELESS_CHARACTERS
    if enough:
        code, confidence = _identifier().classify(sample)
        if confidence >= MIN_CONFIDENCE:
            return str(code)
    tag = _TAG.match((declared or "").strip().lower())
    return tag[1] if tag else None


@cache
def packed_model() -> bytes:
    """The model's file, which a confined process cannot open."""
    from py3langid.langid import MODEL_FILE

    packed: bytes = (files("py3langid") / MODEL_FILE).read_bytes()  # the constant is untyped
    return packed


@cache
def _identifier() -> "LanguageIdentifier":
    """As py3langid's own `load_model`, which needs a temporary file."""
    import numpy as np
    from py3langid.langid import LanguageIdentifier

    with np.load(io.BytesIO(lzma.decompress(packed_model())), allow_pickle=False) as stored:
        moves, rows = (
            array(values.dtype.char, values.tobytes())
            for values in (stored["nextmove"], stored["nextmove_row"])
        )
        return LanguageIdentifier(
            stored["ptc"],
            stored["pc"],
            stored["classes"].tolist(),
            moves,
            stored["out_feat"].tolist(),
            norm_probs=True,
            tk_row=rows,
        )
