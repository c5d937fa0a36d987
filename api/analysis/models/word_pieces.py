"""WordPiece tokenization for the sentence encoder (Wu and others 2016; Devlin and others 2019).

Lower case without accents, punctuation separate, then the longest known piece from the left, with `##` before
all but a word's first. It splits the parser's tokens, so that a piece has a place in the text; training and
reading share it. Limits: English vocabulary; a word that cannot be split is one unknown piece.
"""

import unicodedata
from functools import cache, lru_cache
from importlib.resources import files
from itertools import groupby

CLASSIFY, SEPARATE, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_MAX_WORD = 100  # characters
_MAX_PARTS = 8  # of a token; bounds tokens of marks only
_MAX_PIECES = 16  # of a token
_CACHED_WORDS = 50_000  # a few megabytes


@cache
def vocabulary() -> dict[str, int]:
    """Each piece and its number."""
    lines = (files("api.analysis.models") / "encoder_vocabulary.txt").read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(lines) if piece}


@lru_cache(_CACHED_WORDS)
def pieces(token: str) -> tuple[int, ...]:
    """The numbers of a token's pieces; () for white space or control characters."""
    found: list[int] = []
    for part in _parts(token)[:_MAX_PARTS]:
        found += _split(part)
    return tuple(found[:_MAX_PIECES])


def _parts(token: str) -> list[str]:
    """The token in lower case without accents, split at white space and around every mark."""
    plain = "".join(c for c in unicodedata.normalize("NFD", token.lower()) if _is_written(c))
    return [
        part
        for spaced in plain.split()
        for stands_alone, run in groupby(spaced, _stands_alone)
        for part in (run if stands_alone else ("".join(run),))
    ]


def _is_written(character: str) -> bool:
    category = unicodedata.category(character)
    return category != "Mn" and (category[0] != "C" or character.isspace())


def _stands_alone(character: str) -> bool:
    """Whether it is punctuation, an ASCII symbol or an ideograph."""
    return (
        (character.isascii() and not character.isalnum() and character.isprintable())
        or unicodedata.category(character)[0] == "P"
        or "\u4e00" <= character <= "\u9fff"
    )


def _split(part: str) -> list[int]:
    known = vocabulary()
    if len(part) > _MAX_WORD:
        return [known[UNKNOWN]]
    found: list[int] = []
    start = 0
    while start < len(part):
        prefix = "##" if start else ""
        end = next((e for e in range(len(part), start, -1) if prefix + part[start:e] in known), start)
        if end == start:
            return [known[UNKNOWN]]
        found.append(known[prefix + part[start:end]])
        start = end
    return found
