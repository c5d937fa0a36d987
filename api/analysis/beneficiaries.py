"""Who gains if the frame spreads: the party that the loaded sentences speak for.

On a publisher's own account that is the publisher, with a partner it names in the lead; in reporting, the most
salient organisation or product that stands in the sentences where framing was found. A text without a type
has no beneficiary. Limits: who loses is not asked here; a gain of people without a name is not seen.
"""

from api.analysis.claim_support import OWN_ACCOUNT
from api.analysis.document import Document
from api.analysis.names import is_site, same_party
from api.analysis.spans import span
from schemas.assessments import Beneficiary, EntityMention, Finding, SourceRole, Spin
from schemas.enums import EntityType, SpinType, Stance

MOST_BENEFICIARIES = 3
LEAST_SALIENCE = 0.3  # of somebody for whom reporting can be said to speak
LEAST_BESIDE_PUBLISHER = 0.6  # of a partner on a publisher's own account
LONGEST_WORDS = 60  # characters of a finding that are quoted in the reason
_CAN_GAIN = frozenset({EntityType.ORGANIZATION, EntityType.PRODUCT, EntityType.PERSON, EntityType.GROUP})


def beneficiaries(
    document: Document, spin: Spin, findings: list[Finding], entities: list[EntityMention], role: SourceRole
) -> list[Beneficiary]:
    """At most three, the one most spoken for first."""
    if spin.primary is SpinType.NONE or spin.stance is Stance.CRITICAL:
        return []
    counted = [f for f in findings if f.type is spin.primary and f.points > 0 and f.spans]
    if not counted:
        return []
    own = role.publisher_type in OWN_ACCOUNT
    found: list[Beneficiary] = []
    if own and role.publisher:
        found.append(_publisher(document, role.publisher, counted, entities, role))
    least = LEAST_BESIDE_PUBLISHER if own else LEAST_SALIENCE
    for entity in entities:
        if entity.type not in _CAN_GAIN or entity.salience < least or _is_publisher(entity.name, role):
            continue
        if not own and is_site(entity.name, role.publisher, role.host):
            continue
        near = _nearest(document, entity, counted)
        if near is not None and not (own and entity.type is EntityType.PERSON):
            found.append(_beneficiary(document, entity, near))
    return found[:MOST_BENEFICIARIES]


def main_actor(entities: list[EntityMention], role: SourceRole) -> str | None:
    """Whom the text is mostly about: the publisher on its own account, else the most salient organisation."""
    parties = [
        e for e in entities if e.type in (EntityType.ORGANIZATION, EntityType.PERSON, EntityType.PRODUCT)
    ]
    if role.publisher_type in OWN_ACCOUNT:
        own = next((e.name for e in parties if _is_publisher(e.name, role)), None)
        return own or role.publisher
    organizations = [e.name for e in parties if e.type is EntityType.ORGANIZATION]
    return organizations[0] if organizations else parties[0].name if parties else None


def _is_publisher(name: str, role: SourceRole) -> bool:
    return is_site(name, role.publisher, None) or same_party(name, role.publisher)


def _nearest(document: Document, entity: EntityMention, findings: list[Finding]) -> Finding | None:
    """The weightiest finding in a sentence that names the entity, else in the one before or after it."""
    places = {document.sentence_at(s.start).index for s in entity.spans}
    best: tuple[int, int, Finding] | None = None
    for order, finding in enumerate(findings):
        at = document.sentence_at(finding.spans[0].start).index
        if places & {at - 1, at, at + 1}:
            rank = (-(finding.points + 10_000 * (at in places)), order, finding)
            best = rank if best is None or rank[:2] < best[:2] else best
    return best[2] if best else None


def _publisher(
    document: Document,
    publisher: str,
    findings: list[Finding],
    entities: list[EntityMention],
    role: SourceRole,
) -> Beneficiary:
    weightiest = min(findings, key=lambda f: (-f.points, f.spans[0].start))
    entity = next((e for e in entities if _is_publisher(e.name, role)), None)
    quote = _quoted(document, weightiest)
    why = f"{publisher} speaks of its own cause" + (f" when it says {quote}." if quote else ".")
    first = weightiest.spans[0]
    mentions = [span(document.text, s.start, s.end) for s in entity.spans[:1]] if entity else []
    return Beneficiary(name=entity.name if entity else publisher, why=why, spans=[*mentions, first])


def _beneficiary(document: Document, entity: EntityMention, finding: Finding) -> Beneficiary:
    first = finding.spans[0]
    mention = min(entity.spans, key=lambda s: (abs(s.start - first.start), s.start))
    quote = _quoted(document, finding)
    why = (
        f"{entity.name} is named where the text says {quote}."
        if quote
        else f"The passages on {entity.name} carry the framing that was found."
    )
    return Beneficiary(
        name=entity.name,
        why=why,
        spans=[span(document.text, mention.start, mention.end), first],
    )


def _quoted(document: Document, finding: Finding) -> str | None:
    first = finding.spans[0]
    words = " ".join(document.text[first.start : first.end].split())
    return f"“{words}”" if len(words) <= LONGEST_WORDS and not {"“", "”", '"'} & set(words) else None
