"""Which pieces of a chunk the encoder's upper layers read: those that say what the text is about.

Function words, marks and the further parts of a word have given what they hold to their neighbours by then; half
of all pieces is left. Power-BERT (Goyal and others 2020) leaves word vectors out as well, by a learned measure;
here a list decides, so that equal texts lose equal words and a person can tell which. Words that framing turns on
stay: we and you, what may, will and must be, what is not, more and most.
"""

from functools import cache

from api.analysis.models.word_pieces import vocabulary

_FUNCTION_WORDS = frozenset(
    """
    a an the this that these those it its he she his her they their them him i me my who whom whose which what
    of to in on at by for from with as into onto over under about after before during between through within
    and or but if then than so while since also there here
    is are was were be been being am has have had do does did s t re ve ll d m say says said
    """.split()  # noqa: SIM905 - in quotes, one by one, nobody would read them
)
_KEPT_MARKS = frozenset("!?")


@cache
def telling() -> frozenset[int]:
    """The numbers of those pieces."""
    return frozenset(number for piece, number in vocabulary().items() if _tells(piece))


def _tells(piece: str) -> bool:
    if piece in _KEPT_MARKS:
        return True
    return not piece.startswith("##") and any(map(str.isalnum, piece)) and piece not in _FUNCTION_WORDS
