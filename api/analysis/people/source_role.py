"""The role of a text's source: publisher, intent and independence of the subject.

The publisher is the organisation that wrote the text; for a guest post or a press release on a wire the site is
only its host. If the page does not name the guest's organisation, the text may: in a note of a guest post, the
author's biography, or a wire's dateline. Limits: English forms; an author without an introduction counts as the
host's.
"""

import re

from api.analysis.people.guest_authors import guest_organization
from api.analysis.text.document import DOCUMENT_VOICE, Text
from api.analysis.text.names import bare_name, is_site, same_party
from api.analysis.text.own_account import OWN_ACCOUNT
from schemas.assessments import EntityMention, SourceRole, Voice
from schemas.enums import EntityType, Independence, Intent, SourceType, Stance

_WIRE = re.compile(
    r"/\s?(?:PR ?Newswire|PRNewswire)[^/\n]{0,30}/|\b(?:Business ?Wire|GLOBE NEWSWIRE)\b", re.IGNORECASE
)
_WIRE_REACH = 400  # characters of the body searched for a dateline
_TYPES = (
    (
        SourceType.RESEARCH,
        re.compile(r"\b(?:universit\w+|institute|laborator\w+|research|college)\b", re.IGNORECASE),
    ),
    (
        SourceType.GOVERNMENT,
        re.compile(
            r"\b(?:ministry|department of|agency|parliament|commission|council of|bureau)\b", re.IGNORECASE
        ),
    ),
    (
        SourceType.NGO,
        re.compile(r"\b(?:foundation|association|alliance|charity|trust|union|society)\b", re.IGNORECASE),
    ),
)
_DISCLOSURE = re.compile(
    r"\b(?:layoffs?|laid off|reduc\w+ (?:our|its|the) (?:team|workforce)|outage|post-?mortem|"
    r"incident (?:report|update)|"
    r"data breach|security (?:incident|advisory|update)|recall|apolog\w+|we are sorry|shutting down|"
    r"form 8-k|net loss|quarterly results|(?:first|second|third|fourth) quarter)\b",
    re.IGNORECASE,
)
_INTENT = {
    SourceType.COMPANY_BLOG: Intent.PROMOTIONAL_DISTRIBUTION,
    SourceType.PRESS_RELEASE: Intent.PROMOTIONAL_DISTRIBUTION,
    SourceType.MEDIA: Intent.EDITORIAL_REPORTING,
    SourceType.ANALYST: Intent.EDITORIAL_REPORTING,
    SourceType.NEWSLETTER: Intent.EDITORIAL_REPORTING,
    SourceType.RESEARCH: Intent.RESEARCH_DISSEMINATION,
    SourceType.GOVERNMENT: Intent.PUBLIC_INFORMATION,
    SourceType.NGO: Intent.ADVOCACY,
    SourceType.COMMUNITY: Intent.COMMUNITY_DISCUSSION,
    SourceType.OTHER: Intent.EDITORIAL_REPORTING,
}


def source_role(
    document: Text, entities: list[EntityMention], voices: list[Voice], stance: Stance | None
) -> SourceRole:
    """The source's role; `stance` is None for a text without a verdict."""
    article = document.article
    source = article.source
    name = source.name or source.host
    guest = _guest(document)
    publisher, host, kind = name, None, source.type
    if guest is not None and not is_site(guest, source.name, source.host):
        publisher, host, kind = guest, name, _type_of(guest, source.type)
    elif source.type is SourceType.COMMUNITY and article.author and not same_party(article.author, name):
        publisher, host = article.author, name
    elif source.type is SourceType.MEDIA and (issuer := _wire_issuer(document, entities)) is not None:
        publisher, host, kind = issuer, name, SourceType.PRESS_RELEASE
    return SourceRole(
        publisher=publisher,
        publisher_type=kind,
        host=host,
        intent=_intent(document, kind, stance, guest=host is not None),
        independence=_independence(publisher, kind, entities, voices, guest=host is not None),
    )


def _guest(document: Text) -> str | None:
    article = document.article
    if article.author_organization:
        return article.author_organization
    body = document.text[article.body_start :]
    paragraphs = [p.strip() for p in body.split("\n") if p.strip()]
    authors = [article.author] if article.author else []
    sites = [site for site in (article.source.name, article.source.host) if site]
    return guest_organization(paragraphs, authors, sites, article.url)


def _wire_issuer(document: Text, entities: list[EntityMention]) -> str | None:
    """The issuer of a press release on a wire: the first organisation after the dateline."""
    start = document.article.body_start
    dateline = _WIRE.search(document.text, start, start + _WIRE_REACH)
    if dateline is None:
        return None
    behind = [
        (s.start, e.name)
        for e in entities
        if e.type is EntityType.ORGANIZATION
        for s in e.spans
        if s.start >= dateline.end()
    ]
    return min(behind)[1] if behind else None


def _type_of(organization: str, host_type: SourceType) -> SourceType:
    for kind, pattern in _TYPES:
        if pattern.search(organization):
            return kind
    return host_type if host_type in OWN_ACCOUNT else SourceType.COMPANY_BLOG


def _intent(document: Text, kind: SourceType, stance: Stance | None, *, guest: bool) -> Intent:
    own = kind in (SourceType.COMPANY_BLOG, SourceType.PRESS_RELEASE)
    head = " ".join(s.text for s in document.sentences if s.role != "body")
    if own and (
        stance is Stance.DEFENSIVE or (stance is not Stance.PROMOTIONAL and _DISCLOSURE.search(head))
    ):
        return Intent.DISCLOSURE
    if kind is SourceType.OTHER and stance is Stance.PROMOTIONAL:
        return Intent.PROMOTIONAL_DISTRIBUTION
    if guest and own and stance is Stance.CRITICAL:
        return Intent.ADVOCACY
    return _INTENT[kind]


def _independence(
    publisher: str | None,
    kind: SourceType,
    entities: list[EntityMention],
    voices: list[Voice],
    *,
    guest: bool,
) -> Independence:
    """Low if the publisher is its own subject; high if an outlet quotes at least two others."""
    subjects = [e.name for e in entities if e.type in (EntityType.ORGANIZATION, EntityType.PRODUCT)][:2]
    if kind in (SourceType.COMPANY_BLOG, SourceType.PRESS_RELEASE):
        return Independence.LOW
    if publisher and any(
        same_party(publisher, subject) or is_site(subject, publisher, None) for subject in subjects
    ):
        return Independence.LOW
    if guest or kind in (SourceType.COMMUNITY, SourceType.NEWSLETTER, SourceType.OTHER, SourceType.NGO):
        return Independence.MEDIUM
    others = [v for v in voices if v.name != DOCUMENT_VOICE and not same_party(bare_name(v.name), publisher)]
    return Independence.HIGH if len(others) > 1 or kind is SourceType.GOVERNMENT else Independence.MEDIUM
