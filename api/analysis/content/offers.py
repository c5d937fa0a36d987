"""What a text offers, in words that can stand inside a generated sentence: "Furrow", "the platform".

A name counts if the news says that it is launched. Else it is the noun that the text uses for it most often: the
subject of the news is mostly its maker, and what a maker "cannot do" is not the question. Limits: a text about
several offers has one noun for all; a noun may be that of another's product.
"""

import re
from collections import Counter
from typing import Final

from api.analysis.content.searchable import searchable
from api.analysis.content.subjects import offer_name
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from schemas.assessments import Happening

OFTEN: Final = 2  # uses of such nouns
_NOUNS: Final = words(
    "app platform software tool model device service treatment therapy drug vaccine library framework sensor "
    "course battery plugin dashboard camera robot chip compiler marketplace token coin fund card "
    "vehicle car truck drone kit program programme product technology system engine assistant chatbot "
    "book insurance supplement phone laptop printer game solution material binder concrete fabric coating "
    "fuel panel turbine reactor bike scooter train"
)
_USES = re.compile(
    r" (?:the|our|its|this|that|a|an|new) (?:[\w'®™-]+ ){0,2}(" + "|".join(sorted(_NOUNS)) + r")(?![\w'-])"
)


def offer_of(document: Document, happening: Happening | None) -> str | None:
    """The name or the noun of what is offered; None if the text has neither."""
    name = offer_name(document, happening)
    if name is not None and (not name.startswith("the ") or name.split()[-1].lower() in _NOUNS):
        return name
    uses = Counter(match[1] for match in _USES.finditer(document.once(searchable)))
    return f"the {uses.most_common(1)[0][0]}" if uses.total() >= OFTEN else None
