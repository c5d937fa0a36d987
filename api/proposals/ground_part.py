"""Reads an answer to the first call on one part of a text: what fails a check is dropped and counted.

The type needs a finding of its own that survived, a band above `plain` the words that stand for it. A text in the
plain band has no type, as in the rules.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from api.analysis.text.document import DOCUMENT_VOICE, UNNAMED_VOICE
from api.analysis.text.spans import spans
from api.proposals.answers import (
    OTHER,
    BandPart,
    Judgement,
    ProposedBeneficiary,
    ProposedClaim,
    ProposedFinding,
    ProposedHappening,
    ProposedOmission,
    ProposedTerm,
    ProposedVoice,
)
from api.proposals.decoding import Decoded, MalformedAnswer, decode_answer
from api.proposals.drops import Checked, DropReason
from api.proposals.grounded import GroundedClaim, GroundedSource, Refusal
from api.proposals.numbered_text import sentence_of
from api.proposals.overstatements import Manner
from api.proposals.quotes import Place, QuoteFinder
from api.proposals.stems import stems
from api.proposals.text_checks import TextChecks
from schemas.assessments import Beneficiary, Finding, Happening, LoadedTerm, Omission
from schemas.enums import Band, ClaimSupport, EvidenceStrength, SpinType, Stance, Verification
from schemas.taxonomy import Taxonomy

MAX_WHY: Final = 240  # characters of a reason
MAX_TERM: Final = 80  # characters of a loaded term
MAX_NAME: Final = 80
MAX_NAME_WORDS: Final = 10  # of a speaker; "the chairman of the committee on roads and bridges"
_NO_NAME: Final = re.compile(r"[!?;:]")
_YOU: Final = re.compile(r"\byou\b")  # "a few of you" may have spoken
_INVITATIONS: Final = frozenset(
    {DropReason.CONTAINS_ADDRESS, DropReason.ADDRESSES_READER, DropReason.ADDRESSES_MODEL}
)
_VERIFICATION: Final = {
    ClaimSupport.SHOWN: Verification.SHOWN_IN_SOURCE,
    ClaimSupport.ATTRIBUTED: Verification.ATTRIBUTED_IN_SOURCE,
    ClaimSupport.ASSERTED: Verification.UNVERIFIED_IN_SOURCE,
}
Survivor = TypeVar("Survivor")


@dataclass(frozen=True, slots=True)
class PlacedFinding:
    """A finding with its place and weight, before findings are numbered.

    `described`: its explanation is the answer's own.
    """

    place: Place
    finding: Finding
    weight: int
    described: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartJudgement:
    """What survives of one answer. `left_out` is absent from the whole text, not only from the part."""

    happening: Happening | None
    findings: list[PlacedFinding]
    loaded_terms: list[LoadedTerm]
    claims: list[GroundedClaim]
    left_out: list[Omission]
    beneficiaries: list[Beneficiary]
    missing_parties: list[str]
    anchor: Place | None
    band: Band
    band_part: BandPart
    primary: SpinType
    secondary: SpinType
    tactic: str
    stance: Stance
    evidence_strength: EvidenceStrength
    source: GroundedSource | None


class PartReader:
    """Reads the answers on the parts of one text. `prompt` is the text of the instructions."""

    def __init__(self, checks: TextChecks, taxonomy: Taxonomy, prompt: str, max_dropped: float) -> None:
        self._check = checks
        self._document = document = checks.document
        self._taxonomy = taxonomy
        self._max_dropped = max_dropped
        self._finder = QuoteFinder(document.text, prompt)
        self._checked = Checked()

    def read(self, answer: bytes, happening: Happening | None) -> tuple[PartJudgement | Refusal, Checked]:
        """The judgement of an answer as JSON in UTF-8, or why it is refused; and the counts of its checks.

        `happening` is that of an earlier part, which counts before the answer's own.
        """
        self._checked = Checked()
        try:
            decoded = decode_answer(answer, Judgement)
        except MalformedAnswer:
            self._checked.drop(DropReason.MALFORMED)
            return Refusal.MALFORMED, self._checked
        return self._judged(decoded, happening), self._checked

    def _judged(self, decoded: Decoded[Judgement], happening: Happening | None) -> PartJudgement | Refusal:
        answer = decoded.answer
        self._checked.drop(DropReason.MALFORMED, decoded.malformed)
        self._checked.drop(DropReason.TOO_MANY, decoded.too_many)
        own = self._happening(answer.happening)
        happening = happening or own
        judged = PartJudgement(
            happening=happening,
            findings=self._findings(answer.findings),
            loaded_terms=self._terms(answer.loaded_terms),
            claims=self._claims(answer.claims),
            left_out=self._omissions(answer.omissions, happening),
            beneficiaries=self._beneficiaries(answer.beneficiaries),
            missing_parties=self._parties(answer.missing_voices),
            anchor=self._anchor(answer),
            band=answer.band,
            band_part=answer.part,
            primary=SpinType.NONE if answer.band is Band.PLAIN else answer.primary,
            secondary=answer.secondary,
            tactic=answer.tactic,
            stance=answer.stance,
            evidence_strength=answer.evidence_strength,
            source=None
            if answer.source is None
            else GroundedSource(
                publisher_type=answer.source.publisher_type,
                intent=answer.source.intent,
                independence=answer.source.independence,
            ),
        )
        return self._fault(judged) or judged

    def _fault(self, judged: PartJudgement) -> Refusal | None:
        if self._checked.share > self._max_dropped:
            return Refusal.TOO_MUCH_DROPPED
        if judged.anchor is None and judged.band is not Band.PLAIN:
            return Refusal.UNSUPPORTED_BAND
        if judged.primary not in {SpinType.NONE, *(f.finding.type for f in judged.findings)}:
            return Refusal.UNSUPPORTED_TYPE
        return None

    def _kept(self, result: Survivor | DropReason) -> Survivor | None:
        """The result, counted; None if it is a reason to drop."""
        if isinstance(result, DropReason):
            self._checked.drop(result)
            return None
        self._checked.passed += 1
        return result

    def _place(self, number: int, quote: str) -> Place | DropReason:
        place = self._finder.find(quote, sentence_of(self._document.sentences, number))
        if isinstance(place, Place):
            self._checked.repaired += place.repaired
        return place

    def _voice(self, place: Place, said: str) -> str | DropReason:
        """The voice of a place; words of the text that the answer chose, and that invite a reader, are none."""
        voice = self._check.voice_of(place, said)
        found = self._document.relayed_voice(place.start, place.end)
        if isinstance(voice, DropReason) or voice in (DOCUMENT_VOICE, UNNAMED_VOICE, found):
            return voice
        is_name = len(voice.split()) <= MAX_NAME_WORDS and not _NO_NAME.search(voice)
        fault = self._check.fault(_YOU.sub("them", voice), MAX_NAME)
        return voice if is_name and fault not in _INVITATIONS else DropReason.WRONG_SPEAKER

    def _happening(self, proposed: ProposedHappening | None) -> Happening | None:
        """A subject that is not in the text falls alone."""
        if proposed is None:
            return None
        sentence = sentence_of(self._document.sentences, proposed.sentence)
        if self._kept(sentence or DropReason.UNKNOWN_SENTENCE) is None or sentence is None:
            return None
        subject = self._name(proposed.sentence, proposed.subject) if proposed.subject else None
        place = self._kept(subject) if subject is not None else None
        return Happening(
            kind=proposed.kind,
            subject=None if place is None else self._words(place),
            spans=spans(self._document.text, sentence.start, sentence.end),
        )

    def _name(self, number: int, name: str) -> Place | DropReason:
        """The first place of a name, in the sentence if it is there; repeated names are not ambiguous.

        A name begins with a letter or a digit, and has a capital or a content word.
        """
        if len(name) > MAX_NAME:
            return DropReason.TOO_LONG
        if not name[:1].isalnum() or not (any(map(str.isupper, name)) or stems(name)):
            return DropReason.MALFORMED
        place = self._place(number, name)
        if place is DropReason.AMBIGUOUS:
            place = self._finder.first(name) or DropReason.NOT_FOUND
        if isinstance(place, DropReason):
            return place
        fault = self._check.fault(self._words(place), MAX_NAME)  # a page may call itself as it likes
        return fault if fault in _INVITATIONS else place

    def _findings(self, proposed: Sequence[ProposedFinding]) -> list[PlacedFinding]:
        found: dict[tuple[int, int, SpinType], PlacedFinding] = {}
        for one in proposed:
            kept = self._kept(self._finding(one))
            if kept is None or kept.finding.type is None:
                continue
            key = kept.place.start, kept.place.end, kept.finding.type
            if key in found:
                self._checked.withdraw(DropReason.DUPLICATE)
            else:
                found[key] = kept
        return list(found.values())

    def _finding(self, one: ProposedFinding) -> PlacedFinding | DropReason:
        tactic = self._taxonomy.tactic(one.tactic)
        kind = self._taxonomy.type(one.type)
        if tactic is None or kind is None or tactic not in kind.tactics:
            return DropReason.UNKNOWN_ITEM
        place = self._place(one.sentence, one.quote)
        if isinstance(place, DropReason):
            return place
        voice = self._voice(place, one.voice)
        if isinstance(voice, DropReason):
            return voice
        fault = self._check.fault(one.why, MAX_WHY, lenient=True)
        if fault is None and self._check.overstates(one.why, [], Manner.EXPLAINS):
            fault = DropReason.OVERSTATED
        if fault is not None:
            self._checked.drop(fault)
        finding = Finding(
            id="",
            rule=tactic.code,
            label=tactic.name,
            explanation=_meaning(tactic.description) if fault else one.why,
            type=one.type,
            tactic=tactic.code,
            voice=voice,
            points=0,
            spans=spans(self._document.text, place.start, place.end),
        )
        return PlacedFinding(place, finding, one.weight, fault is None)

    def _terms(self, proposed: Sequence[ProposedTerm]) -> list[LoadedTerm]:
        return [term for one in proposed if (term := self._kept(self._term(one))) is not None]

    def _term(self, one: ProposedTerm) -> LoadedTerm | DropReason:
        if one.type is SpinType.NONE:
            return DropReason.UNKNOWN_ITEM
        if len(one.quote) > MAX_TERM:
            return DropReason.TOO_LONG
        place = self._place(one.sentence, one.quote)
        if isinstance(place, DropReason):
            return place
        voice = self._voice(place, one.voice)
        if isinstance(voice, DropReason):
            return voice
        words = self._document.text[place.start : place.end]
        if words != self._words(place) or self._crosses_sentences(place):
            return DropReason.NOT_FOUND  # the words stand there, but not as one phrase
        return LoadedTerm(
            term=words,
            type=one.type,
            voice=voice,
            spans=spans(self._document.text, place.start, place.end),
        )

    def _claims(self, proposed: Sequence[ProposedClaim]) -> list[GroundedClaim]:
        return [claim for one in proposed if (claim := self._kept(self._claim(one))) is not None]

    def _claim(self, one: ProposedClaim) -> GroundedClaim | DropReason:
        place = self._place(one.sentence, one.quote)
        if isinstance(place, DropReason):
            return place
        voice = self._voice(place, one.speaker)
        if isinstance(voice, DropReason):
            return voice
        return GroundedClaim(
            text=self._words(place),
            role=one.role,
            kind=one.kind,
            support=one.support,
            verification=_VERIFICATION[one.support],
            voice=voice,
            spans=spans(self._document.text, place.start, place.end),
        )

    def _omissions(self, proposed: Sequence[ProposedOmission], happening: Happening | None) -> list[Omission]:
        found: dict[str, Omission] = {}
        for one in proposed:
            result: Omission | DropReason = DropReason.DUPLICATE
            if one.item not in found:
                result = self._check.omission(happening, one, self._finder)
            elif one.item == OTHER:
                result = DropReason.TOO_MANY
            kept = self._kept(result)
            if kept is not None:
                found[kept.item] = kept
        return list(found.values())

    def _beneficiaries(self, proposed: Sequence[ProposedBeneficiary]) -> list[Beneficiary]:
        return [kept for one in proposed if (kept := self._kept(self._beneficiary(one))) is not None]

    def _beneficiary(self, one: ProposedBeneficiary) -> Beneficiary | DropReason:
        place = self._name(one.sentence, one.name)
        if isinstance(place, DropReason):
            return place
        fault = self._check.fault(one.why, MAX_WHY)
        found = spans(self._document.text, place.start, place.end)
        return fault or Beneficiary(name=self._words(place), why=one.why, spans=found)

    def _parties(self, proposed: Sequence[ProposedVoice]) -> list[str]:
        kept = [self._kept(self._check.party(one.party) or one.party) for one in proposed]
        return [party for party in kept if party is not None]

    def _anchor(self, answer: Judgement) -> Place | None:
        if answer.anchor is None:
            return None
        return self._kept(self._place(answer.anchor.sentence, answer.anchor.quote))

    def _crosses_sentences(self, place: Place) -> bool:
        first, last = (self._document.sentence_at(at) for at in (place.start, place.end - 1))
        return first is not last

    def _words(self, place: Place) -> str:
        return " ".join(self._document.text[place.start : place.end].split())


def _meaning(description: str) -> str:
    """A tactic's description without its examples, which would read as words of the text."""
    return f"{description.partition(':')[0].rstrip('.')}."
