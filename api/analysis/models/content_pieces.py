"""Content pieces: the pieces of a chunk that the encoder's upper layers read, about half of all.

Function words, marks and later pieces of a word have passed their information to their neighbours by then.
Power-BERT (Goyal and others 2020) drops vectors by a learned measure; a fixed list drops the same words of equal
texts and can be inspected. Words that framing depends on stay: we and you, may, will and must, not, more and
most.
"""

from functools import cache

from api.analysis.models.word_pieces import vocabulary

_FUNCTION_WORDS = frozenset(
    """
    a an the this that these those it its he she his her they their them him i me my who whom whose which what
    of to in on at by for from with as into onto over under about after before during between through within
    and or but if then than so while since also there here
    is are was were be been being am has have had do does did s t re ve ll d m say says said
    """.split()  # noqa: SIM905 - readable as running text
)
_KEPT_MARKS = frozenset("!?")


@cache
def is_content(number: int) -> bool:
    """Whether the piece with this number is a content piece. A text has a fiftieth of all pieces."""
    piece = _pieces()[number]
    if piece in _KEPT_MARKS:
        return True
    return not piece.startswith("##") and any(map(str.isalnum, piece)) and piece not in _FUNCTION_WORDS


@cache
def _pieces() -> dict[int, str]:
    return {number: piece for piece, number in vocabulary().items()}
