"""Texts in which the words of one party are easily charged to another, with the right speaker of each.

`speaker_traps.json` has six sorts of trap (a regulator or court that quotes a fraud, a rebuttal that quotes its
opponent, a denial, irony in quotation marks, a speaker named like a product, a chief quoted in his own release),
the forms of quotation (blocks, interviews, labels), and near misses in which the document itself speaks. All
parties are invented.
"""

from pathlib import Path

import msgspec
from msgspec import Struct

from schemas.enums import SourceType

DOCUMENT = "document"
UNNAMED = "unnamed speaker"
FILLER = (
    "\n\nThe notice was put on the board of the town hall in Tarn on Tuesday, next to the timetable of the "
    "ferry. Copies lie in the library and at the harbour office until the end of the month. The library is open "
    "from nine to six, and on Saturdays from ten to one.\n\n"
    "The next meeting on the matter is on 14 May in the small hall. Doors open at seven. Seats are numbered, and "
    "the hall holds 180 people. Minutes of the last meeting are kept in the second cabinet."
)


class Trap(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A text of `publisher`. `said` are (words, speaker): each must be charged to the speaker and nobody else.

    A speaker of several right names has them with "|" between. `document` is the text itself.
    """

    name: str
    publisher: str
    kind: SourceType
    title: str
    body: str
    said: list[tuple[str, str]]


TRAPS: list[Trap] = msgspec.json.decode(
    (Path(__file__).parent / "speaker_traps.json").read_bytes(), type=list[Trap]
)
