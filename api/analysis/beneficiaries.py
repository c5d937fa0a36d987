"""Who gains if the frame spreads: the party that the loaded sentences speak for.

On a publisher's own account that is the publisher, where it writes of itself; and whoever is praised: the subject
of a clause with praise or virtue in it. A text without a type has no beneficiary, and neither has one whose
framing speaks of nobody by name.

Limits: who loses is not asked here; a gain of people without a name is not seen.
"""

import re

from api.analysis.claim_support import OWN_ACCOUNT
from api.analysis.clauses import SUBJECTS, clause_with
from api.analysis.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document
from api.analysis.names import is_site, same_party
from api.analysis.relayed import relayed_voice
from api.analysis.spans import spans
from schemas.assessments import Beneficiary, EntityMention, Finding, SourceRole, Spin
from schemas.enums import EntityType, SourceType, SpinType, Stance
from schemas.spans import Span

MOST_BENEFICIARIES = 3
LEAST_SALIENCE = 0.3  # of somebody for whom a text can be said to speak
_CAN_GAIN = frozenset({EntityType.ORGANIZATION, EntityType.PRODUCT, EntityType.PERSON})
_PRAISES = frozenset({SpinType.HYPE, SpinType.HALO})  # the other types speak for whoever uses them
_SPEAKS_FOR_ITSELF = (OWN_ACCOUNT - {SourceType.OTHER}) | {
    SourceType.NGO,
    SourceType.GOVERNMENT,
    SourceType.RESEARCH,
}
# Where "we" is the publisher, and not a writer and their readers.
_IS_WE = frozenset({SourceType.COMPANY_BLOG, SourceType.PRESS_RELEASE, SourceType.NGO, SourceType.GOVERNMENT})
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|ours)\b", re.IGNORECASE)


def beneficiaries(
    document: Document, spin: Spin, findings: list[Finding], entities: list[EntityMention], role: SourceRole
) -> list[Beneficiary]:
    """At most three, the publisher first, then the most salient."""
    if spin.primary is SpinType.NONE or spin.stance is Stance.CRITICAL:
        return []
    counted = [f for f in findings if f.type is spin.primary and f.points > 0 and f.spans]
    weighty = sorted(counted, key=lambda f: (-f.points, f.spans[0].start))
    found: list[Beneficiary] = []
    if role.publisher and role.publisher_type in _SPEAKS_FOR_ITSELF:
        found += _publisher(document, role.publisher, role.publisher_type, weighty)
    if spin.primary in _PRAISES:
        for entity in entities:
            known = _is_publisher(entity.name, role) or is_site(entity.name, role.publisher, role.host)
            if entity.type in _CAN_GAIN and entity.salience >= LEAST_SALIENCE and not known:
                found += _praised(document, entity, weighty)
    return found[:MOST_BENEFICIARIES]


def main_actor(role: SourceRole) -> str | None:
    """In whose interest the text speaks: the publisher on its own account, else nobody can be named."""
    return role.publisher if role.publisher_type in _SPEAKS_FOR_ITSELF else None


def _is_publisher(name: str, role: SourceRole) -> bool:
    return is_site(name, role.publisher, None) or same_party(name, role.publisher)


def _publisher(
    document: Document, publisher: str, sort: SourceType, findings: list[Finding]
) -> list[Beneficiary]:
    """The publisher, by the weightiest clause in which it speaks of itself."""
    for finding in findings:
        first = finding.spans[0]
        clause = clause_with(document, first.start, first.end)
        if clause is None or document.voice_at(first.start, first.end) != DOCUMENT_VOICE:
            continue
        if publisher in clause or (sort in _IS_WE and _FIRST_PERSON.search(clause)):
            why = f"{publisher} writes of itself: “{clause}”."
            return [Beneficiary(name=publisher, why=why, spans=[_place(document, first.start, clause)])]
    return []


def _praised(document: Document, entity: EntityMention, findings: list[Finding]) -> list[Beneficiary]:
    """The entity, by the weightiest clause of praise that it is the subject of."""
    for finding in findings:
        first = finding.spans[0]
        sentence = document.sentence_at(first.start)
        places = [s for s in entity.spans if sentence.start <= s.start < sentence.end]
        if not any(_is_subject(document, s.start, s.end) for s in places):
            continue
        clause = clause_with(document, first.start, first.end)
        if clause is None or not any((s.quote or "") in clause for s in places):
            continue
        voice = relayed_voice(document, first.start, first.end)
        if voice == UNNAMED_VOICE or same_party(voice, entity.name):
            voice = DOCUMENT_VOICE
        teller = "The text says" if voice == DOCUMENT_VOICE else f"{voice} says"
        return [
            Beneficiary(
                name=entity.name,
                why=f"{teller} of {entity.name}: “{clause}”.",
                spans=[_place(document, first.start, clause)],
            )
        ]
    return []


def _is_subject(document: Document, start: int, end: int) -> bool:
    """Whether the name is a grammatical subject, or part of one as "Corvell's pump" is."""
    token = document.doc[document.token_at(end - 1)]
    for _ in range(3):
        if token.dep_ in SUBJECTS:
            return True
        if token.dep_ not in ("poss", "compound", "appos", "case"):
            return False
        token = token.head
    return False


def _place(document: Document, at: int, clause: str) -> Span:
    """Where the clause stands; where its subject stands apart from it, from the one to the other."""
    parts = clause.split(" … ")
    start = document.text.find(parts[0], document.sentence_at(at).start)
    end = document.text.find(parts[-1], start) + len(parts[-1])
    return spans(document.text, start, end)[0]
