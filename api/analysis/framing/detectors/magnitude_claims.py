"""Multiples and intensifiers: 10x, orders of magnitude, dramatically, massively.

Why: a number without its base impresses and informs little. Source: exaggeration in Da San Martino and others
(2019); intensifiers in Recasens and others (2013). Limits: a multiple with its benchmark in the sentence is
found too; the claims' checklist covers that.
"""

import re
from collections.abc import Iterator

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.patterns import first_of, lexical
from api.analysis.text.document import Text
from api.analysis.text.lexicon import Lexicon, phrases
from schemas.enums import SpinType

TERMS = Lexicon(
    phrases("""
    orders of magnitude; order of magnitude; dramatic*; massive*; substantial; tremendous*; immense*
    enormous*; huge; hugely; vast; vastly; radical*; drastic*; exponentially; incredibly; extremely
    insanely; truly; unbelievabl*; astonish*; astound*; staggering; mind-boggling; explosive; tenfold
    hundredfold; lightning-fast; blazing; in seconds; instantly; real-time; more than ever; than ever before
    faster than ever; better than ever; like never before; like magic; simply works; just works; at scale
    scalable; significantly more; significantly better; significantly improv*
    """)
)
_MORE = r"(?:faster|better|more|less|higher|lower|as|cheaper|larger|smaller|greater)"
MULTIPLE = re.compile(
    rf"(?<![\w.])(?:up to )?\d+(?:\.\d+)?(?:x\b| times {_MORE}\b)"
    rf"|(?<![\w.])up to \d+(?:\.\d+)?\s?(?:%|percent|per cent)(?: {_MORE}\b)?"
)


def _multiples(document: Text) -> Iterator[Hit]:
    return (Hit(m.start(), m.end()) for m in MULTIPLE.finditer(document.folded))


DETECTOR = Detector(
    code="magnitude_claims",
    type=SpinType.HYPE,
    tactic="breakthrough_framing",
    label="Multiples and intensifiers",
    explanation="“{words}” makes it sound large or fast.",
    asks_figure=True,
    finds=(
        "The engine is 10x faster and dramatically cheaper.",
        "Costs fall by up to 90% and output grows by orders of magnitude.",
    ),
    passes=(
        "The engine took 4.1 seconds, against 4.6 for the old one.",
        "Three of the ten plots were sown in April.",
    ),
    find=first_of(_multiples, lexical(TERMS, whole_phrase=True)),
)
