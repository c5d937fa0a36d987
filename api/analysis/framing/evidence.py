"""Collects the findings of one document and their masses, before any weight.

A finding's mass, in thousandths, depends on its place and voice: more in the title and the lead, less in a
quotation or under attribution, as the framing is the document's own only if it relays the words without
distance. Hits are extended to whole phrases. A hit of a type that the encoder does not read in its sentence is
dropped (`Text.may_steer_by`), and so are those that hardly steer there (`steering.py`). A detector's masses are
divided by the length of the text and damped, so that the tenth finding adds less than the first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from math import log1p

from api.analysis.framing.detector import Detector, Hit
from api.analysis.framing.detectors import DETECTORS
from api.analysis.framing.learned_terms import LEARNED, LEARNED_CODES
from api.analysis.framing.phrases import clean_phrase, is_name, is_telling, rule_phrase
from api.analysis.framing.satire_detector import DETECTOR as SATIRE_DETECTOR
from api.analysis.framing.steering import steering_hits
from api.analysis.text.boilerplate import is_boilerplate
from api.analysis.text.document import DOCUMENT_VOICE, Role, Text
from api.analysis.text.excerpts import doubted_excerpts
from api.analysis.text.rulings import Ruling
from schemas.enums import SpinType

ALL_DETECTORS: tuple[Detector, ...] = (*DETECTORS, *LEARNED, SATIRE_DETECTOR)
MAX_HITS = 40  # findings of one detector, in the order of the text
FULL = 1_000
ROLE_MASS: dict[Role, int] = {"title": 2_000, "lead": 1_300, "body": FULL}
SPOKEN, ATTRIBUTED = 500, 700  # thousandths of the mass in a quotation, and in a sentence with a named source
WORDS = 400  # masses are normalised to this length
FEWEST_WORDS = 200  # shorter texts are treated as this long


@dataclass(frozen=True, slots=True)
class Evidence:
    """One hit with its detector.

    `mass` is in thousandths, 0 if a ruling dismisses the hit or the detector only reports. `voice` is the
    speaker, quoted or relayed. If it does not steer, it is no evidence, and only a term that readers may mark.
    """

    detector: Detector
    hit: Hit
    voice: str
    mass: int
    steers: bool = True


def gather(
    document: Text, rulings: Sequence[Ruling] = (), detectors: Sequence[Detector] = ALL_DETECTORS
) -> list[Evidence]:
    """All evidence of these detectors, in the order of the text, then of the detectors' codes."""
    return [item for item in tried(document, rulings, detectors) if item.steers]


def tried(
    document: Text, rulings: Sequence[Ruling] = (), detectors: Sequence[Detector] = ALL_DETECTORS
) -> list[Evidence]:
    """All evidence, and the hits that hardly steer, which are none."""
    sha256 = document.article.text_sha256 if rulings else ""
    excluded = frozenset(s.index for s in document.sentences if is_boilerplate(s.text))
    excluded |= doubted_excerpts(document.sentences)
    dismissed = [r for r in rulings if r.text_sha256 == sha256]
    found = [(d, hit) for d in detectors for hit in islice(_hits(document, d, excluded), MAX_HITS)]
    steering = set(steering_hits(document, found))
    evidence = []
    for number, (detector, hit) in enumerate(found):
        start, end = hit.start, hit.end
        voice = document.voice_at(start, end)
        ruled_out = any(
            r.rule == detector.code
            # a finding on the whole text is dismissed wherever the ruling points, as another engine may
            # choose another sentence
            and (detector is SATIRE_DETECTOR or (r.start < end and start < r.end))
            for r in dismissed
        )
        mass = 0 if ruled_out or not detector.counts else _mass(document, hit, voice)
        evidence.append(Evidence(detector, hit, document.relayed_voice(start, end), mass, number in steering))
    return sorted(evidence, key=lambda e: (e.hit.start, e.hit.end, e.detector.code))


def _hits(document: Text, detector: Detector, excluded: frozenset[int]) -> Iterator[Hit]:
    """The allowed hits of a detector as clean phrases; words of the tagger only if they are telling."""
    learned = detector.code in LEARNED_CODES
    for hit in detector.find(document):
        if not _is_allowed(document, detector.type, hit, excluded):
            continue
        if detector.type is not None:
            phrase = (clean_phrase if learned else rule_phrase)(document, hit.start, hit.end)
            if (
                phrase is None
                or is_name(document, *phrase)
                or (learned and not is_telling(document, *phrase, sure=hit.share == FULL))
            ):
                continue
            hit = replace(hit, start=phrase[0], end=phrase[1])
        yield hit


def _is_allowed(document: Text, kind: SpinType | None, hit: Hit, excluded: frozenset[int]) -> bool:
    """Whether a finding of this type is allowed there; findings without a type are allowed anywhere."""
    return kind is None or (
        document.sentence_at(hit.start).index not in excluded and document.may_steer_by(kind, hit.start)
    )


def typed_evidence(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence of the six types, to which the weights are fitted."""
    return [item for item in evidence if item.detector.type is not None]


def strengths(evidence: Sequence[Evidence], words: int) -> dict[str, float]:
    """For each detector that found something: ln(1 + mass per 400 words)."""
    masses: dict[str, int] = {}
    for item in evidence:
        if item.mass:
            masses[item.detector.code] = masses.get(item.detector.code, 0) + item.mass
    return {code: strength(masses[code], words) for code in sorted(masses)}


def strength(mass: int, words: int) -> float:
    """The damped strength of findings of this total mass in a text of `words` words."""
    return log1p(mass * (WORDS / (FULL * max(words, FEWEST_WORDS))))


def _mass(document: Text, hit: Hit, voice: str) -> int:
    sentence = document.sentence_at(hit.start)
    share = FULL
    if voice != DOCUMENT_VOICE:
        share = SPOKEN
    elif sentence.attributed_to is not None:
        share = ATTRIBUTED
    return ROLE_MASS[sentence.role] * share // FULL * hit.share // FULL
