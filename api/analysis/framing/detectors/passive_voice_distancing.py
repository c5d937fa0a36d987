"""Passives without an agent for an act or decision of somebody.

Looks for: a passive verb of decision, fault or harm in a sentence without an agent ("by"). Why: the doer
disappears. Source: the agentless passive in critical linguistics (Fowler and others, 1979; Fairclough, 1989).
Limits: method sections and police reports use it by custom, so only verbs of responsibility count, and light
verbs only with a subject that somebody must answer for (a decision, a mistake).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.patterns import parsed
from api.analysis.text.document import Document
from api.analysis.text.lexicon import words
from schemas.enums import SpinType

if TYPE_CHECKING:
    from spacy.tokens import Token

RESPONSIBLE = words(
    "identify impact note raise record progress implement adjust review experience delay miss access expose "
    "initiate consider discuss approve decide determine overlook omit misplace misstate miscalculate mishandle "
    "disclose log pass resolve address mitigate escalate recognise acknowledge regret introduce amend clarify "
    "revise streamline realign discontinue withdraw suspend terminate reduce reallocate redeploy transition "
    "normalise normalize attribute flag receive displace refresh rebase restate update share discover observe "
    "reassess reprioritise reprioritize postpone communicate escalate investigate remediate rectify"
)
# Subjects for which somebody must answer; "was made", "was taken" and "was lost" occur anywhere.
LIGHT = words("make take lose give")
ANSWERED_FOR = words(
    "mistake error decision change adjustment choice step measure action progress judgement judgment assumption "
    "commitment promise assurance concession exception opportunity consideration assessment record file datum "
    "data evidence document"
)


def _is_answered_for(verb: Token, subject: Token) -> bool:
    return verb.lemma_ in RESPONSIBLE or (verb.lemma_ in LIGHT and subject.lemma_.lower() in ANSWERED_FOR)


def _find(document: Document) -> Iterator[Hit]:
    for sentence in document.sentences:
        if sentence.attributed_to:
            continue
        for token in document.tokens(sentence):
            if token.dep_ != "auxpass":
                continue
            verb = token.head
            children = list(verb.children)
            subject = next((c for c in children if c.dep_ == "nsubjpass"), None)
            has_agent = any(c.dep_ == "agent" or c.lower_ == "by" for c in children)
            if subject is None or has_agent or not 0 < verb.i - token.i <= 4:
                continue
            if not _is_answered_for(verb, subject):
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
        "The bridge was made of oak, and it is used by walkers who were taken there on a bus.",
    ),
    find=parsed(_find),
)
