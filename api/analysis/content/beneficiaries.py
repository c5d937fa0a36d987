"""Who gains if the frame spreads: the party that the loaded sentences speak for.

On a publisher's own account that is the publisher, where it writes of itself; and whoever is praised: the subject
of a clause with praise or virtue in it. The clause has a finding of a written detector, or a learned term of two
content words; one that only announces, apologises or runs down shows no gain. A text without a type has no
beneficiary, and neither has one whose framing speaks of nobody by name.

Limits: who loses is not asked here; a gain of people without a name is not seen.
"""

import re

from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.patterns import is_negated
from api.analysis.parsing.clauses import CONTENT, SUBJECTS, clause_with
from api.analysis.parsing.relayed import relayed_voice
from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE, Document
from api.analysis.text.names import is_site, same_party
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.spans import spans
from schemas.assessments import Beneficiary, EntityMention, Finding, SourceRole, Spin
from schemas.enums import EntityType, SourceType, SpinType, Stance
from schemas.spans import Span

MAX_BENEFICIARIES = 3
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
_LEAST_USES = 2  # of a product, before a text can be said to speak for it
_DATELINE = re.compile(r"[A-Z][A-Z .,’'-]{2,30}, [^–—-]{0,40}\s[–—-]+\s")
# Clauses in which nobody gains: apologies, mere announcements, blame, and bylines and site names run into one.
_NO_GAIN = re.compile(
    r"\b(?:apolog\w+|sorry|regret\w*|disappoint\w*|worst|worse|slower|fewer|fail(?:s|ed|ing|ure)?|lacks?|mediocre|"
    r"struggl\w+|unfortunately|all of us|share (?:that|the following)|news to share|"
    r"(?:announc\w+|report(?:s|ed)|publish\w+|releas\w+) (?:[\w’'-]+ ){0,3}(?:results|earnings|figures))\b|"
    r"\b[Ww]e(?:['’]re| are) all\b|(?-i: By [A-Z][a-z]+ [A-Z])|(?-i: [-–|] [A-Z][\w.]*(?: [A-Z][\w.]*)?$)",
    re.IGNORECASE,
)
_FIRST_PERSON = re.compile(r"\b(?:we|our|us|ours)\b", re.IGNORECASE)


def beneficiaries(
    document: Document, spin: Spin, findings: list[Finding], entities: list[EntityMention], role: SourceRole
) -> list[Beneficiary]:
    """At most three, the publisher first, then the most salient."""
    if spin.primary is SpinType.NONE or spin.stance is Stance.CRITICAL:
        return []
    counted = [
        f for f in findings if f.type is spin.primary and f.points > 0 and _says_something(document, f)
    ]
    weighty = sorted(counted, key=lambda f: (-f.points, f.spans[0].start))
    found: list[Beneficiary] = []
    if role.publisher and role.publisher_type in _SPEAKS_FOR_ITSELF:
        found += _publisher(document, role.publisher, role.publisher_type, weighty)
    if spin.primary in _PRAISES:
        for entity in entities:
            known = _is_publisher(entity.name, role) or is_site(entity.name, role.publisher, role.host)
            if _can_gain(entity) and entity.salience >= LEAST_SALIENCE and not known:
                found += _praised(document, entity, weighty)
    return found[:MAX_BENEFICIARIES]


def _says_something(document: Document, finding: Finding) -> bool:
    """Whether the finding is more than one learned word, and not negated."""
    if not finding.spans:
        return False
    first = finding.spans[0]
    if is_negated(document, first.start):
        return False
    tokens = document.doc[document.token_at(first.start) : document.token_at(first.end - 1) + 1]
    return finding.rule not in LEARNED_CODES or sum(t.pos_ in CONTENT for t in tokens) > 1


def _can_gain(entity: EntityMention) -> bool:
    enough = entity.type is not EntityType.PRODUCT or len(entity.spans) >= _LEAST_USES
    return entity.type in _CAN_GAIN and enough


def _clause(document: Document, finding: Finding) -> str | None:
    """The clause of a finding without a dateline; None where nobody gains by it."""
    first = finding.spans[0]
    clause = clause_with(document, first.start, first.end)
    if clause is None or _NO_GAIN.search(clause):
        return None
    dateline = _DATELINE.match(clause)
    return clause[dateline.end() :] if dateline else clause


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
        clause = _clause(document, finding)
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
        subjects = [s for s in places if _is_subject(document, s.start, s.end, first.start)]
        clause = _clause(document, finding) if subjects else None
        if clause is None:
            continue
        around = _place(document, first.start, clause)
        if not any(around.start <= s.start < around.end and (s.quote or "") in clause for s in subjects):
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


def _is_subject(document: Document, start: int, end: int, at: int) -> bool:
    """Whether the name is a grammatical subject, or part of one as "Corvell's pump" is.

    Not where it only reports what stands at `at`: "Corvell said that tea is a wonder" praises tea.
    """
    token = document.doc[document.token_at(end - 1)]
    for _ in range(3):
        if token.dep_ in SUBJECTS:
            reported = [c for c in token.head.children if c.dep_ == "ccomp"]
            return not any(c.left_edge.idx <= at <= c.right_edge.idx for c in reported)
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
