"""The parties that gain if the frame spreads: those for whom the loaded sentences speak.

They are the publisher, on its own account and if it writes of itself, and the subjects of clauses with praise
or virtue. The clause needs a finding of a written detector or a learned term of two content words; mere
announcements, apologies and criticism show no gain. A text without a type, or with framing of nobody by name,
has no beneficiary.

Limits: losers are not named, nor are people without a name.
"""

import re

from api.analysis.framing.learned_terms import LEARNED_CODES
from api.analysis.framing.patterns import is_negated
from api.analysis.parsing.clauses import CONTENT, SUBJECTS, clause_with
from api.analysis.parsing.relayed import relayed_voice
from api.analysis.parsing.speaker_names import named_speaker
from api.analysis.text.document import DOCUMENT_VOICE, Document
from api.analysis.text.names import is_site, same_party
from api.analysis.text.own_account import OWN_ACCOUNT
from api.analysis.text.spans import spans
from schemas.assessments import Beneficiary, EntityMention, Finding, SourceRole, Spin
from schemas.enums import EntityType, SourceType, SpinType, Stance
from schemas.spans import Span

MAX_BENEFICIARIES = 3
LEAST_SALIENCE = 0.3  # of a beneficiary
_CAN_GAIN = frozenset({EntityType.ORGANIZATION, EntityType.PRODUCT, EntityType.PERSON})
_PRAISES = frozenset({SpinType.HYPE, SpinType.HALO})  # the other types speak for their user
_SPEAKS_FOR_ITSELF = (OWN_ACCOUNT - {SourceType.OTHER}) | {
    SourceType.NGO,
    SourceType.GOVERNMENT,
    SourceType.RESEARCH,
}
# Sources in which "we" is the publisher, not a writer and their readers.
_IS_WE = frozenset({SourceType.COMPANY_BLOG, SourceType.PRESS_RELEASE, SourceType.NGO, SourceType.GOVERNMENT})
_LEAST_USES = 2  # of a product that can be a beneficiary
_DATELINE = re.compile(r"[A-Z][A-Z .,’'-]{2,30}, [^–—-]{0,40}\s[–—-]+\s")
# Clauses without gain: apologies, mere announcements, blame, and merged bylines and site names.
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
    counting = [f for f in findings if f.type is spin.primary and f.points > 0 and _has_weight(document, f)]
    weighty = sorted(counting, key=lambda f: (-f.points, f.spans[0].start))
    found: list[Beneficiary] = []
    if role.publisher and role.publisher_type in _SPEAKS_FOR_ITSELF:
        found += _own_benefit(document, role.publisher, role.publisher_type, weighty)
    if spin.primary in _PRAISES:
        for entity in entities:
            is_own_name = _is_publisher(entity.name, role) or is_site(entity.name, role.publisher, role.host)
            if _can_gain(entity) and entity.salience >= LEAST_SALIENCE and not is_own_name:
                found += _praised(document, entity, weighty)
    return found[:MAX_BENEFICIARIES]


def _has_weight(document: Document, finding: Finding) -> bool:
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
    """The clause of a finding, without a dateline; None if nobody gains by it."""
    first = finding.spans[0]
    clause = clause_with(document, first.start, first.end)
    if clause is None or _NO_GAIN.search(clause):
        return None
    dateline = _DATELINE.match(clause)
    return clause[dateline.end() :] if dateline else clause


def main_actor(role: SourceRole) -> str | None:
    """The party for which the whole text speaks: the publisher on its own account, else None."""
    return role.publisher if role.publisher_type in _SPEAKS_FOR_ITSELF else None


def _is_publisher(name: str, role: SourceRole) -> bool:
    return is_site(name, role.publisher, None) or same_party(name, role.publisher)


def _own_benefit(
    document: Document, publisher: str, source_type: SourceType, findings: list[Finding]
) -> list[Beneficiary]:
    """The publisher, with the weightiest clause in which it speaks of itself."""
    for finding in findings:
        first = finding.spans[0]
        clause = _clause(document, finding)
        voice = relayed_voice(document, first.start, first.end)
        if clause is None or not (voice == DOCUMENT_VOICE or same_party(voice, publisher)):
            continue
        if publisher in clause or (source_type in _IS_WE and _FIRST_PERSON.search(clause)):
            why = f"{publisher} writes of itself: “{clause}”."
            return [Beneficiary(name=publisher, why=why, spans=[_place(document, first.start, clause)])]
    return []


def _praised(document: Document, entity: EntityMention, findings: list[Finding]) -> list[Beneficiary]:
    """The entity, with the weightiest clause of praise of which it is the subject."""
    for finding in findings:
        first = finding.spans[0]
        sentence = document.sentence_at(first.start)
        places = [s for s in entity.spans if sentence.start <= s.start < sentence.end]
        subjects = [s for s in places if _is_subject(document, s.start, s.end, first.start)]
        clause = _clause(document, finding) if subjects else None
        if clause is None:
            continue
        place = _place(document, first.start, clause)
        if not any(place.start <= s.start < place.end and (s.quote or "") in clause for s in subjects):
            continue
        voice = relayed_voice(document, first.start, first.end)
        teller = "The text" if voice == DOCUMENT_VOICE else named_speaker(voice)
        subject = "" if same_party(voice, entity.name) else f" of {entity.name}"
        return [
            Beneficiary(
                name=entity.name,
                why=f"{teller[:1].upper()}{teller[1:]} says{subject}: “{clause}”.",
                spans=[_place(document, first.start, clause)],
            )
        ]
    return []


def _is_subject(document: Document, start: int, end: int, at: int) -> bool:
    """Whether the name is a grammatical subject, or part of one as in "Corvell's pump is".

    False if it only reports the words at `at`: "Corvell said that tea is a wonder" praises tea.
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
    """The place of the clause; if its subject is separate, from one to the other."""
    parts = clause.split(" … ")
    start = document.text.find(parts[0], document.sentence_at(at).start)
    end = document.text.find(parts[-1], start) + len(parts[-1])
    return spans(document.text, start, end)[0]
