"""Long sentences built of abstract nouns.

Looks for: a sentence of 25 words or more in which one word in six is an abstract noun in -tion, -ment, -ity,
-ance or -ness, and no person or organisation acts. Why: actions turned into things have no actor. Source:
nominalisation in Fowler and others (1979); Billig's caveat (2008). Limits: law and science need this style.
"""

import re
from collections.abc import Iterator

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.patterns import parsed
from api.analysis.text.document import Document
from schemas.enums import SpinType

ABSTRACT = re.compile(r"[a-z]{3,}(?:tion|sion|ment|ity|ance|ence|ness|isation|ization|ism)s?\Z")
MIN_WORDS = 25
SHARE = 6  # one word in six
ACTORS = frozenset({"PERSON", "ORG"})


def _find(document: Document) -> Iterator[Hit]:
    for sentence in document.sentences:
        tokens = [t for t in document.tokens(sentence) if t.is_alpha]
        if len(tokens) < MIN_WORDS or any(t.ent_type_ in ACTORS for t in tokens):
            continue
        abstract = [t for t in tokens if t.pos_ == "NOUN" and ABSTRACT.search(t.lower_)]
        if len(abstract) * SHARE >= len(tokens):
            last = abstract[-1]
            yield Hit(abstract[0].idx, last.idx + len(last.text), loaded=False)


DETECTOR = Detector(
    code="nominal_style",
    type=SpinType.FOG,
    tactic="jargon_saturation",
    label="Abstract nouns for acts",
    explanation="“{words}” strings abstract nouns together, and nobody acts.",
    finds=(
        "The implementation of the realignment requires the identification and prioritisation of "
        "capability dependencies, the harmonisation of governance and the optimisation of resource "
        "utilisation in every unit.",
        "Following the completion of the consultation, consideration of the continuation of provision and "
        "the determination of eligibility remain subject to the confirmation of funding and availability of "
        "capacity.",
    ),
    passes=(
        "The council closes two of its nine pools in June, because repairs would cost 4 million and the budget "
        "for the year holds no more than one.",
        "The optimisation of the system took a week.",
    ),
    find=parsed(_find),
)
