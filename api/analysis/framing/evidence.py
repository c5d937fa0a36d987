"""The findings of one document before any weight: each hit of each detector, and how much it counts.

How much a finding counts (its mass, in thousandths) depends on where it stands and whose words it is in: in the
title and the lead more, in a quoted speaker's mouth or under attribution less (the framing is the document's
only if it relays the words without distance). A hit that stands where no careful reader would see the text
steer by its type is none: where an encoder reads the text, it is asked of the sentence (`Text.reads_as`). The
masses of one detector are set against the length of the text and dampened, so that the tenth finding adds less
than the first and a long text is not steered by its length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from math import log1p

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.learned_terms import LEARNED
from api.analysis.framing.satire_detector import DETECTOR as SATIRE_DETECTOR
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import DOCUMENT_VOICE, Role, Text
from api.analysis.text.excerpts import doubted_excerpts
from api.analysis.text.rulings import Ruling
from schemas.enums import SpinType

ALL_DETECTORS: tuple[Detector, ...] = (*DETECTORS, *LEARNED, SATIRE_DETECTOR)
MAX_HITS = 40  # findings of one detector that are kept, in the order of the text: more say nothing new
FULL = 1_000
ROLE_MASS: dict[Role, int] = {"title": 2_000, "lead": 1_300, "body": FULL}
SPOKEN, ATTRIBUTED = 500, 700  # thousandths of the mass in a quotation, and in a sentence with a named source
WORDS = 400  # masses count per so many words ...
FEWEST_WORDS = 200  # ... of a text of at least so many


@dataclass(frozen=True, slots=True)
class Evidence:
    """One hit with its detector. `mass` is in thousandths, 0 where it changes nothing: a ruling dismisses it, or
    its detector only reports.

    `voice` is whose words they are, quoted or relayed.
    """

    detector: Detector
    hit: Hit
    voice: str
    mass: int


def gather(
    document: Text, rulings: Sequence[Ruling] = (), detectors: Sequence[Detector] = ALL_DETECTORS
) -> list[Evidence]:
    """All evidence of these detectors in the order of the text, then of the detectors' codes."""
    sha256 = document.article.text_sha256 if rulings else ""
    aside = frozenset(s.index for s in document.sentences if is_boilerplate(s.text))
    aside |= doubted_excerpts(document.sentences)
    dismissed = [r for r in rulings if r.text_sha256 == sha256]
    found = []
    for detector in detectors:
        hits = (hit for hit in detector.find(document) if _may_steer(document, detector.type, hit, aside))
        for hit in islice(hits, MAX_HITS):
            voice = document.voice_at(hit.start, hit.end)
            ruled_out = any(
                r.rule == detector.code
                # what is said of the whole text is dismissed wherever the ruling points: another engine may find
                # that another sentence tells most
                and (detector is SATIRE_DETECTOR or (r.start < hit.end and hit.start < r.end))
                for r in dismissed
            )
            mass = 0 if ruled_out or not detector.counts else _mass(document, hit, voice)
            found.append(Evidence(detector, hit, document.relayed_voice(hit.start, hit.end), mass))
    return sorted(found, key=lambda e: (e.hit.start, e.hit.end, e.detector.code))


def _may_steer(document: Text, kind: SpinType | None, hit: Hit, aside: frozenset[int]) -> bool:
    """Whether a finding of this type may stand there; what has no type may stand anywhere."""
    return kind is None or (
        document.sentence_at(hit.start).index not in aside and document.reads_as(kind, hit.start)
    )


def weighed(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence of the six types: what the weights are fitted to."""
    return [item for item in evidence if item.detector.type is not None]


def strengths(evidence: Sequence[Evidence], words: int) -> dict[str, float]:
    """For each detector that found something: ln(1 + mass per 400 words)."""
    masses: dict[str, int] = {}
    for item in evidence:
        if item.mass:
            masses[item.detector.code] = masses.get(item.detector.code, 0) + item.mass
    return {code: strength(masses[code], words) for code in sorted(masses)}


def strength(mass: int, words: int) -> float:
    """How much findings of this mass together count in a text of so many words."""
    return log1p(mass * (WORDS / (FULL * max(words, FEWEST_WORDS))))


def _mass(document: Text, hit: Hit, voice: str) -> int:
    sentence = document.sentence_at(hit.start)
    share = FULL
    if voice != DOCUMENT_VOICE:
        share = SPOKEN
    elif sentence.attributed_to is not None:
        share = ATTRIBUTED
    return ROLE_MASS[sentence.role] * share // FULL * hit.share // FULL
