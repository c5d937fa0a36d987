"""The party that gains if the frame spreads, and the reason, by what happened and how it is framed.

It is the subject of the news, else the publisher on its own account; the publisher alone if the text criticises
or alarms. Plain news, and criticism by none of the types, have none. Limits: losers and parties without a name
are not named.
"""

import re
from typing import Final

from api.analysis.content.expected_table import BY_KIND, BY_TYPE
from api.analysis.content.subjects import subject_name
from api.analysis.text.document import Document
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.spans import spans
from schemas.assessments import Beneficiary, Happening, SourceRole, Spin
from schemas.enums import SourceType, SpinType, Stance

_SPEAKS_FOR_ITSELF: Final = (OWN_ACCOUNT - {SourceType.OTHER}) | {
    SourceType.NGO,
    SourceType.GOVERNMENT,
    SourceType.RESEARCH,
}
_FOR_ITSELF: Final = frozenset({Stance.PROMOTIONAL, Stance.DEFENSIVE})
_ADDRESS: Final = re.compile(r"[a-z]\.[a-z]|[()]")  # a site's address or a note is no party
_UNTOLD: Final = "the news"  # the matter of a text whose happening is unknown


def main_actor(role: SourceRole) -> str | None:
    """The party for which the whole text speaks: the publisher on its own account, else None."""
    return role.publisher if role.publisher_type in _SPEAKS_FOR_ITSELF else None


def beneficiaries(
    document: Document, happening: Happening | None, spin: Spin, role: SourceRole
) -> list[Beneficiary]:
    """At most one."""
    row = BY_KIND[happening.kind] if happening else None
    primary, adverse = spin.primary, row is not None and row.adverse
    if spin.satire or (primary is SpinType.NONE and spin.stance not in _FOR_ITSELF):
        return []
    subject, publisher = subject_name(document, happening, people=True), main_actor(role)
    by_others = spin.stance is Stance.CRITICAL or (adverse and primary is SpinType.STAMPEDE)
    name = publisher if by_others else subject or publisher
    if name is None or _ADDRESS.search(name):
        return []
    kind = SpinType.CUSHION if adverse and primary is SpinType.HYPE else primary
    gain = BY_TYPE[kind].gain.replace("{matter}", row.matter if row else _UNTOLD)
    place = happening.spans if happening else []
    at = document.text.find(name)
    if not place and at >= 0:
        place = spans(document.text, at, at + len(name))
    opening = f"{name[:1].upper()}{name[1:]}" if name.startswith("the ") else name
    return [Beneficiary(name=name.removeprefix("the "), why=f"{opening} {gain}.", spans=place)]
