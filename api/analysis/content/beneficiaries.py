"""The party that gains if the frame spreads, and the reason, by what happened and how it is framed.

It is the subject of the news, else the publisher on its own account. Plain news, and criticism of others by none
of the types, have none. Limits: losers are not named, nor are parties without a name.
"""

import re
from typing import Final

from api.analysis.content.expected import is_plain
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
_ADDRESS = re.compile(r"[a-z]\.[a-z]")  # a site's address is no party
_UNTOLD: Final = "the news"  # the matter of a text whose happening is unknown


def main_actor(role: SourceRole) -> str | None:
    """The party for which the whole text speaks: the publisher on its own account, else None."""
    return role.publisher if role.publisher_type in _SPEAKS_FOR_ITSELF else None


def beneficiaries(
    document: Document, happening: Happening | None, spin: Spin, role: SourceRole
) -> list[Beneficiary]:
    """At most one."""
    critical = spin.stance is Stance.CRITICAL
    if spin.satire or is_plain(spin) or (critical and spin.primary is SpinType.NONE):
        return []
    subject, publisher = subject_name(document, happening, people=True), main_actor(role)
    name = (publisher or subject) if critical else (subject or publisher)
    if name is None or _ADDRESS.search(name):
        return []
    matter = BY_KIND[happening.kind].matter if happening else _UNTOLD
    gain = BY_TYPE[spin.primary].gain.replace("{matter}", matter)
    place = happening.spans if happening else []
    at = document.text.find(name)
    if not place and at >= 0:
        place = spans(document.text, at, at + len(name))
    opening = f"{name[:1].upper()}{name[1:]}" if name.startswith("the ") else name
    return [Beneficiary(name=name.removeprefix("the "), why=f"{opening} {gain}.", spans=place)]
