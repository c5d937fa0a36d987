"""Passives without an agent where somebody did or decided something.

Looks for: a passive verb of decision, fault or harm whose sentence names no agent with "by". Why: the doer
disappears. Source: the agentless passive in critical linguistics (Fowler and others, 1979; Fairclough, 1989).
Limits: method sections and police reports use it by custom, so only verbs of responsibility count.
"""

from collections.abc import Iterator

from api.analysis.detector import Detector, Hit
from api.analysis.document import Document
from api.analysis.lexicon import words
from schemas.enums import SpinType

RESPONSIBLE = words(
    "make take identify impact affect observe note raise record progress implement adjust review "
    "experience delay miss access expose initiate consider discuss approve decide determine overlook omit "
    "lose misplace misstate miscalculate mishandle disclose log pass resolve address mitigate escalate "
    "recognise recognize acknowledge regret introduce amend clarify revise update streamline realign "
    "discontinue withdraw suspend terminate retire reduce reallocate redeploy transition normalise "
    "normalize attribute report flag receive displace deem retain share process collect use apply require "
    "expect intend design refresh rebase restate represent"
)


def _find(document: Document) -> Iterator[Hit]:
    for sentence in document.sentences:
        if sentence.attributed_to:
            continue
        for token in document.tokens(sentence):
            if token.dep_ != "auxpass" or token.head.lemma_ not in RESPONSIBLE:
                continue
            verb = token.head
            children = list(verb.children)
            subject = next((c for c in children if c.dep_ == "nsubjpass"), None)
            has_agent = any(c.dep_ == "agent" or c.lower_ == "by" for c in children)
            if subject is None or has_agent or not 0 < verb.i - token.i <= 4:
                continue
            start = subject.idx if 0 < token.i - subject.i <= 6 else token.idx
            yield Hit(start, verb.idx + len(verb.text), loaded=False)


DETECTOR = Detector(
    code="passive_voice_distancing",
    type=SpinType.FOG,
    tactic="passive_voice_distancing",
    label="Nobody did it",
    explanation="“{words}” has no doer: who did or decided it is not said.",
    finds=(
        "Mistakes were made, and certain records were misplaced.",
        "The meters had been adjusted before the audit.",
    ),
    passes=(
        "The manager misplaced the records.",
        "The meters were adjusted by two engineers of Corrin Power.",
    ),
    find=_find,
)
