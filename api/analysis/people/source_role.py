"""The role of a text's source: publisher, intent and independence of the subject.

The publisher is the organisation that wrote the text; for a guest post or a press release on a wire the site is
only its host. If the page does not name the guest's organisation, the text may: in a note of a guest post, the
author's biography, or a wire's dateline. Who publishes a release that neither its title nor its lead names only
carries it. A firm is named without the label of its page ("Corvell newsroom"). Limits: English forms; an author
without an introduction counts as the host's.
"""

import re

from api.analysis.people.guest_authors import guest_organization
from api.analysis.people.source_type import source_type
from api.analysis.text.datelines import dateline_of, is_wire, name_behind_dateline
from api.analysis.text.document import DOCUMENT_VOICE, Text
from api.analysis.text.names import bare_name, is_generic, is_site, name_key, parts_of, same_party
from api.analysis.text.own_account import OWN_ACCOUNT
from schemas.assessments import EntityMention, SourceRole, Voice
from schemas.enums import EntityType, Independence, Intent, SourceType, Stance

_WIRE = re.compile(
    r"/\s?(?:PR ?Newswire|PRNewswire)[^/\n]{0,30}/|\b(?:Business ?Wire|GLOBE NEWSWIRE)\b", re.IGNORECASE
)
# Confidence in the type of a wire's issuer, and of a guest by a word of the name, and without one.
BY_DATELINE, BY_NAME, BY_DEFAULT = 0.95, 0.9, 0.6
_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
# The label of a firm's page behind its name: "Corvell Engineering Blog", "Corvell, company blog “Notes”".
_LABEL = re.compile(
    r"(?:['’]s)?[ ,:|–—-]{1,3}(?:(?:official|company|corporate|engineering|tech|technology|developers?) ){0,2}"
    r"(?:blog|news ?room|news|team|investor relations|(?:press|media) (?:office|room|cent(?:re|er)|relations))"
    r"(?: [\"“][^\"”]{0,80}[\"”])?$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^About (?:the )?(?=[A-Z])", re.MULTILINE)
_WE = re.compile(r"\b(?:we|our)\b", re.IGNORECASE)
_ANNOUNCES = re.compile(r"\b(?:announc(?:es|ed|ing)|launch(?:es|ed|ing)?|unveil(?:s|ed))\b")
_HEAD = 1_500  # characters of the body with a dateline, also behind a summary
_DATELINE = re.compile(
    r"^[A-Z][A-Z .]{2,30},(?: [A-Z][a-z.]{1,15},)? [A-Z][a-z]{2,8}\.? \d{1,2}, \d{4} ?[–—-]", re.MULTILINE
)
_SPONSOR = re.compile(
    r"\b(?:[Ss]ponsor(?:s|ed)?(?: by|:)|[Bb]rought to you by|[Ii]n partnership with) (?:the )?(?=[A-Z])"
)
_I = re.compile(r"\bI\b")
_OFTEN = 3  # places
_WIRE_REACH = 400  # characters of the body searched for a dateline
_ISSUERS = (EntityType.ORGANIZATION, EntityType.PRODUCT)
_UNLABELLED = OWN_ACCOUNT | {SourceType.NGO, SourceType.GOVERNMENT, SourceType.RESEARCH}
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
    name, guess, guest = _name(document, entities), source_type(document), _guest(document)
    if name is not None and guess.type in _UNLABELLED:
        name = _without_label(name, entities)
    publisher, host, kind, confidence = name, None, guess.type, guess.confidence
    if guest is not None and not is_site(guest, source.name, source.host):
        publisher, host, kind, confidence = guest, name or source.host, *_type_of(guest, guess.type)
    elif guess.type is SourceType.COMMUNITY and article.author and not same_party(article.author, name):
        publisher, host = article.author, name or source.host
    elif (carried := _is_carried(document, name, guess.type, entities)) or (
        guess.type in (SourceType.MEDIA, SourceType.OTHER, SourceType.PRESS_RELEASE) and _is_release(document)
    ):
        issuer = issuer_of(document, entities)
        if issuer is None:
            publisher, host = (None, name) if carried else (name, None)
        elif not same_party(issuer, name):
            publisher, host, kind, confidence = (
                issuer,
                name or source.host,
                SourceType.PRESS_RELEASE,
                BY_DATELINE,
            )
    if kind is SourceType.COMMUNITY and _announces(document):
        kind, confidence = SourceType.PRESS_RELEASE, BY_DATELINE
    is_guest = host is not None
    is_critic = kind is SourceType.COMPANY_BLOG and _is_critic(document, publisher, stance)
    intent = Intent.EDITORIAL_REPORTING if is_critic else _intent(document, kind, stance, guest=is_guest)
    told = SourceType.MEDIA if is_critic else kind
    independence = _independence(publisher, told, entities, voices, guest=is_guest)
    if _promotes_itself(kind, stance) or (kind is SourceType.MEDIA and _is_sponsored(document, entities)):
        independence = Independence.LOW
    return SourceRole(
        publisher=publisher,
        publisher_type=kind,
        confidence=confidence,
        host=host or (None if publisher else source.host or source.name),
        intent=intent,
        independence=independence,
    )


def _announces(document: Text) -> bool:
    """Whether a project announces its own news as a firm does: behind a dateline."""
    start = document.article.body_start
    dated = _DATELINE.search(document.text, start, start + _HEAD)
    return (
        dated is not None
        and _ANNOUNCES.search(document.text, dated.end(), dated.end() + _WIRE_REACH) is not None
    )


def _is_critic(document: Text, publisher: str | None, stance: Stance | None) -> bool:
    """Whether a blog of the type of a firm's is somebody's own: it says "I", not "we", and does not promote."""
    own = " ".join(s.text for s in document.sentences if s.voice == DOCUMENT_VOICE)
    singular, plural = len(_I.findall(own)), len(_WE.findall(own))
    known = publisher is not None and bare_name(publisher) in document.text[document.article.body_start :]
    return stance is not Stance.PROMOTIONAL and not known and singular >= _OFTEN and plural * 2 <= singular


def _promotes_itself(kind: SourceType, stance: Stance | None) -> bool:
    """Whether an authority speaks for its own deeds."""
    return kind is SourceType.GOVERNMENT and stance in (Stance.PROMOTIONAL, Stance.DEFENSIVE)


def _is_sponsored(document: Text, entities: list[EntityMention]) -> bool:
    """Whether the outlet names a party of its story as a sponsor."""
    ends = {m.end() for m in _SPONSOR.finditer(document.text, document.article.body_start)}
    return any(len(e.spans) > 1 and any(s.start in ends for s in e.spans) for e in entities)


def _name(document: Text, entities: list[EntityMention]) -> str | None:
    """The publisher's name; for a domain, the text's own spelling of its main label, if it has one."""
    source = document.article.source
    name = source.name or source.host
    if name is None or not name.islower() or name in document.text or not _DOMAIN.fullmatch(name):
        return name
    labels = [label for label in name.casefold().removeprefix("www.").split(".")[:-1] if len(label) > 2]
    spelled = {name_key(entity.name): entity.name for entity in reversed(entities)}
    return next(
        (found for label in labels[::-1] if (found := spelled.get(label) or _word(document, label))), None
    )


def _without_label(name: str, entities: list[EntityMention]) -> str:
    """The name without the label of a page, if an organisation of the text is left."""
    label = _LABEL.search(name)
    firm = name[: label.start()] if label else name
    first = parts_of(firm)[:1]
    is_known = first and not is_generic(first[0])
    named = (parts_of(e.name)[:1] == first for e in entities if e.type in _ISSUERS)
    return firm if is_known and any(named) else name


def _is_carried(document: Text, name: str | None, kind: SourceType, entities: list[EntityMention]) -> bool:
    """Whether the publisher is a wire, or that of a release which tells nothing of it at its beginning."""
    if name is None or is_wire(name):
        return name is not None
    if kind is not SourceType.PRESS_RELEASE:
        return False
    start, end = dateline_of(document.text, document.article.body_start)
    head = document.lead_end
    if any(s.voice == DOCUMENT_VOICE and s.end <= head and _WE.search(s.text) for s in document.sentences):
        return False
    own = (s.start for e in entities if same_party(e.name, name) for s in e.spans)
    named = document.text[:start] + document.text[end:head]
    return bare_name(name) not in named and not any(at < start or end <= at < head for at in own)


def _word(document: Text, label: str) -> str | None:
    """The first word of the text that is the label with a capital in it."""
    folded, at = document.folded, -1
    while (at := folded.find(label, at + 1)) >= 0:
        end = at + len(label)
        whole = not (at and folded[at - 1].isalnum()) and not (
            end < len(folded) and (folded[end] in ".-_" or folded[end].isalnum())
        )
        if whole and document.text[at:end] != label:
            return document.text[at:end]
    return None


def _guest(document: Text) -> str | None:
    article = document.article
    if article.author_organization:
        return article.author_organization
    body = document.text[article.body_start :]
    paragraphs = [p.strip() for p in body.split("\n") if p.strip()]
    authors = [article.author] if article.author else []
    sites = [site for site in (article.source.name, article.source.host) if site]
    return guest_organization([article.title, *paragraphs], authors, sites, article.url)


def _is_release(document: Text) -> bool:
    start = document.article.body_start
    return _WIRE.search(document.text, start, start + _WIRE_REACH) is not None


def issuer_of(document: Text, entities: list[EntityMention]) -> str | None:
    """The issuer of a release, or None.

    It is the name right behind the dateline if a box "About Corvell" introduces it, else the organisation that
    opens the title, else the name behind the dateline, else one of title or lead that has such a box.
    """
    body, head = document.article.body_start, document.lead_end
    parties = [e for e in entities if e.type in _ISSUERS]
    boxes = {match.end() for match in _ABOUT.finditer(document.text, body)}
    introduced = [e.name for e in parties if _is_at(e, 0, head) and any(s.start in boxes for s in e.spans)]
    announces = _behind_dateline(document, entities)
    if announces is not None and any(same_party(announces, name) for name in introduced):
        return announces
    opens = (e.name for e in parties if _is_at(e, 0, 1) and _is_at(e, body, len(document.text)))
    return next(opens, announces or next(iter(introduced), None))


def _is_at(entity: EntityMention, start: int, end: int) -> bool:
    return any(start <= span.start < end for span in entity.spans)


def _behind_dateline(document: Text, entities: list[EntityMention]) -> str | None:
    """The organisation right behind the dateline, or another name there of which the title has a word."""
    behind = name_behind_dateline(document.text, document.article.body_start)
    if behind is None:
        return None
    name = document.text[slice(*behind)]
    known = (e.name for e in entities if _is_at(e, behind[0], behind[0] + 1) and e.type in _ISSUERS)
    in_title = name.split()[0].casefold() in document.article.title.casefold().split()
    return next(known, name if in_title else None)


def _type_of(organization: str, host_type: SourceType) -> tuple[SourceType, float | None]:
    """The type of a guest's organisation by its name, and how often that is right."""
    for kind, pattern in _TYPES:
        if pattern.search(organization):
            return kind, BY_NAME
    known = host_type in OWN_ACCOUNT and host_type is not SourceType.OTHER
    return (host_type, None) if known else (SourceType.COMPANY_BLOG, BY_DEFAULT)


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
