"""The model of satire; see `satire_detector.py` for the method."""

from functools import cache

from msgspec import Struct

from api.analysis.models.wording import WordingModel
from api.analysis.text.data_files import data_file

SATIRE = "satire"


class SatireModel(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """`line` is the threshold of the output of `words`.

    `certainty` is the precision above it, among satires and as many sincere texts that come near them.
    """

    line: float
    certainty: float
    words: WordingModel


@cache
def satire_model() -> SatireModel:
    """The shipped model."""
    return data_file("models/satire.json", SatireModel)
