"""The party that gains if the frame spreads, and the reason, by what happened and how it is framed.

It is the subject of the news, else the publisher on its own account, else the organisation of the title; the
publisher alone if the text criticises or alarms. A firm, a charity or the issuer of a release gains from its own
text whoever is its subject; a person's house gains before the person, the owner of a system before the system,
the firm that a report covers before the reporter. Plain news, and criticism by none of the types, have none.
A text that urges or praises and names no such party serves those who sell what its topic calls for.
Limits: losers are not named.
"""

import re
from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from api.analysis.content.expected_table import BY_KIND, BY_TYPE, topic_of
from api.analysis.content.searchable import searchable
from api.analysis.content.subjects import offer_name, subject_name
from api.analysis.text.document import Document
from api.analysis.text.names import same_party
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.spans import spans
from schemas.assessments import Beneficiary, EntityMention, Happening, SourceRole, Spin
from schemas.enums import EntityType, HappeningKind, SourceType, SpinType, Stance

_SPEAKS_FOR_ITSELF: Final = (OWN_ACCOUNT - {SourceType.OTHER}) | {
    SourceType.NGO,
    SourceType.GOVERNMENT,
    SourceType.RESEARCH,
}
_FOR_ITSELF: Final = frozenset({Stance.PROMOTIONAL, Stance.DEFENSIVE})
_OWNERS: Final = frozenset({SourceType.COMPANY_BLOG, SourceType.PRESS_RELEASE, SourceType.NGO})
_ADDRESS: Final = re.compile(r"^[a-z][\w-]*\.[a-z]|[()]")  # a site's address or a note is no party
_COVERED: Final = re.compile(r"\b(?:coverage (?:of|on)|report on) (?:the )?", re.IGNORECASE)
_POST: Final = re.compile(
    r"^,? (?:(?:is|as|who is|our|the|a|an|its|co-?founder|founder|owner|president|partner|chief|executive|"
    r"officer|director|manager|head|lead|engineer|scientist|analyst|strategist|specialist|vice|senior|general|managing|"
    r"CEO|CTO|COO|CFO|VP|SVP|EVP|and|&|of|[A-Z][\w-]+)[, ]+){1,8}?(?:of|at|for|with) (?:the )?$"
)
_TITLED: Final = re.compile(
    r"\b(?:CEO|CTO|COO|CFO|founder|president|director|head|engineer|manager|officer|chief)\b", re.I
)
_SYSTEM: Final = re.compile(
    r"^,? (?:the |our |its )?(?:[\w-]+ ){0,2}?(?:platform|system|software|app|portal|programme)\b"
)
_REACH: Final = 90  # characters behind a name that may tell whose it is
_PARTIES: Final = (EntityType.ORGANIZATION, EntityType.PRODUCT)
_URGE: Final = frozenset(
    {
        HappeningKind.TREND_OR_ARGUMENT,
        HappeningKind.HOW_TO_OR_REFERENCE,
        HappeningKind.WARNING_OR_ADVISORY,
        HappeningKind.SURVEY_OR_REPORT,
    }
)
_SELL_NOTHING: Final = frozenset(
    {SourceType.NGO, SourceType.GOVERNMENT, SourceType.RESEARCH, SourceType.COMMUNITY}
)
_ANY_PRIZE: Final = "support and standing"
_UNTOLD: Final = "the news"  # the matter of a text whose happening is unknown


def main_actor(role: SourceRole) -> str | None:
    """The party for which the whole text speaks: the publisher on its own account, else None."""
    return role.publisher if role.publisher_type in _SPEAKS_FOR_ITSELF else None


def with_covered(
    document: Document, happening: Happening | None, entities: Sequence[EntityMention]
) -> Happening | None:
    """The happening with the firm whose results an analyst's coverage tells as its subject."""
    covered = _covered(document, entities)
    if happening is None or covered is None or happening.kind is not HappeningKind.EARNINGS:
        return happening
    return replace(happening, subject=covered)


def beneficiaries(
    document: Document,
    happening: Happening | None,
    spin: Spin,
    role: SourceRole,
    entities: Sequence[EntityMention] = (),
) -> list[Beneficiary]:
    """At most one."""
    row = BY_KIND[happening.kind] if happening else None
    primary, adverse = spin.primary, row is not None and row.adverse
    if spin.satire or (primary is SpinType.NONE and spin.stance not in _FOR_ITSELF):
        return []
    publisher = main_actor(role)
    by_others = spin.stance is Stance.CRITICAL or (adverse and primary is SpinType.STAMPEDE)
    name = publisher if by_others else _gaining(document, happening, role, entities)
    is_named = name is not None and not _ADDRESS.search(name)
    name = name if is_named else _sellers(document, happening, spin)
    if name is None:
        return []
    kind = SpinType.CUSHION if adverse and primary is SpinType.HYPE else primary
    matter = offer_name(document, happening) or (row.matter if row else _UNTOLD)
    prize = row.prize if row and role.publisher_type not in _SELL_NOTHING else _ANY_PRIZE
    gain = BY_TYPE[kind].gain.replace("{matter}", matter).replace("{prize}", prize)
    place = happening.spans if happening else []
    at = document.text.find(name)
    if not place and at >= 0:
        place = spans(document.text, at, at + len(name))
    opening = name if is_named and not name.startswith("the ") else f"{name[:1].upper()}{name[1:]}"
    return [Beneficiary(name=name.removeprefix("the "), why=f"{opening} {gain}.", spans=place)]


def _sellers(document: Document, happening: Happening | None, spin: Spin) -> str | None:
    """Those who sell what a text without a party to gain urges or praises; None if it is not known."""
    urges = happening is not None and happening.kind in _URGE and spin.stance is not Stance.CRITICAL
    if not urges or spin.primary not in (SpinType.HYPE, SpinType.STAMPEDE):
        return None
    topic = topic_of(document.once(searchable))
    return topic.sellers if topic else None


def _gaining(
    document: Document, happening: Happening | None, role: SourceRole, entities: Sequence[EntityMention]
) -> str | None:
    """The party for which a text that praises or excuses speaks."""
    subject, publisher = subject_name(document, happening, people=True), main_actor(role)
    if (covered := _covered(document, entities)) is not None:
        return covered
    own = next((e for e in entities if subject is not None and same_party(e.name, subject)), None)
    if own is not None and own.type is EntityType.PERSON:
        return _house(document, own, entities) or subject
    if own is not None and own.type is EntityType.PLACE:
        subject = None
    if publisher is not None and (role.publisher_type in _OWNERS or _is_system(document, own)):
        return publisher
    return subject or publisher or _of_title(document, entities)


def _covered(document: Document, entities: Sequence[EntityMention]) -> str | None:
    """The firm that an analyst's coverage is about, by the title."""
    title = document.text[: document.article.body_start]
    ends = [match.end() for match in _COVERED.finditer(title)]
    return next(
        (
            document.text[s.start : s.end]
            for e in entities
            for s in e.spans
            if s.start in ends and e.type in _PARTIES
        ),
        None,
    )


def _house(document: Document, person: EntityMention, entities: Sequence[EntityMention]) -> str | None:
    """The organisation of which the text says that the person is an officer or a member."""
    starts = {s.start: e.name for e in entities if e.type in _PARTIES for s in e.spans}
    for place in person.spans:
        for start in range(place.end + 1, min(place.end + _REACH, len(document.text))):
            between = document.text[place.end : start]
            if start in starts and _POST.match(between) and _TITLED.search(between):
                return starts[start]
    return None


def _is_system(document: Document, subject: EntityMention | None) -> bool:
    """Whether the subject is a product, or the text calls it a system."""
    if subject is None:
        return False
    behind = (document.text[place.end : place.end + _REACH] for place in subject.spans)
    return subject.type in (EntityType.PRODUCT, EntityType.WORK) or any(map(_SYSTEM.match, behind))


def _of_title(document: Document, entities: Sequence[EntityMention]) -> str | None:
    """The most salient organisation of the title."""
    body = document.article.body_start
    return next(
        (e.name for e in entities if e.type in _PARTIES and any(s.start < body for s in e.spans)), None
    )
