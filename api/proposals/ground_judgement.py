"""Reads the first answer against the text: what fails a check is dropped and counted, the rest is the judgement.

The type needs a finding of its own that survived, a band above `plain` the words that stand for it. A text in the
plain band has no type, as in the rules.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import msgspec

from api.analysis.text.document import Document
from api.analysis.text.rulings import Ruling
from api.analysis.text.spans import spans
from api.proposals.answers import (
    OTHER,
    Judgement,
    ProposedBeneficiary,
    ProposedClaim,
    ProposedFinding,
    ProposedHappening,
    ProposedOmission,
    ProposedTerm,
    ProposedVoice,
)
from api.proposals.banded_score import BandedScore, banded_score
from api.proposals.decoding import Decoded, MalformedAnswer, decode_answer
from api.proposals.drops import Checked, DropReason
from api.proposals.grounded import (
    Drops,
    GroundedClaim,
    GroundedJudgement,
    GroundedSource,
    Refusal,
    RefusedAnswer,
)
from api.proposals.numbered_text import sentence_of
from api.proposals.omission_checks import checked_omission, checked_party
from api.proposals.quotes import Place, QuoteFinder
from api.proposals.sentence_checks import SentenceCheck
from api.proposals.speakers import voice_of
from schemas.assessments import Beneficiary, Finding, Happening, LedgerRow, LoadedTerm, Omission
from schemas.enums import Band, ClaimSupport, LedgerRowKind, SpinType, Verification
from schemas.spans import Range
from schemas.taxonomy import ScoreBand, Taxonomy

MAX_DROPPED: Final = 0.5  # share of parts; a guess until recorded answers are counted
MAX_WHY: Final = 240  # characters of a reason
MAX_TERM: Final = 80  # characters of a loaded term
MAX_NAME: Final = 80
MAX_OMISSIONS, MAX_PARTIES, MAX_CLAIMS = 4, 3, 8
_VERIFICATION: Final = {
    ClaimSupport.SHOWN: Verification.SHOWN_IN_SOURCE,
    ClaimSupport.ATTRIBUTED: Verification.ATTRIBUTED_IN_SOURCE,
    ClaimSupport.ASSERTED: Verification.UNVERIFIED_IN_SOURCE,
}
Item = TypeVar("Item")
Survivor = TypeVar("Survivor")


@dataclass(frozen=True, slots=True)
class _Grounded:
    """A finding with its place and weight, before findings are numbered."""

    place: Place
    finding: Finding
    weight: int
    described: bool


def ground_judgement(
    document: Document,
    answer: bytes,
    taxonomy: Taxonomy,
    prompt: str = "",
    max_dropped: float = MAX_DROPPED,
    rulings: Sequence[Ruling] = (),
) -> GroundedJudgement | RefusedAnswer:
    """The judgement of an answer as JSON in UTF-8; never raises on any bytes.

    `prompt` is the text of the instructions, whose quotes are counted apart. An answer is refused if more than
    the share `max_dropped` of its parts fell. A finding that one of `rulings` dismisses counts for nothing, and
    is no fault of the answer: a type that has no other becomes `none`.
    """
    try:
        decoded = decode_answer(answer, Judgement)
    except MalformedAnswer:
        drops = Drops(passed=0, repaired=0, dropped={DropReason.MALFORMED.value: 1})
        return RefusedAnswer(reason=Refusal.MALFORMED, drops=drops)
    return _Reading(document, taxonomy, prompt).judged(decoded, max_dropped, rulings)


class _Reading:
    """The checks of one answer, and their counts."""

    def __init__(self, document: Document, taxonomy: Taxonomy, prompt: str) -> None:
        self._document = document
        self._taxonomy = taxonomy
        self._finder = QuoteFinder(document.text, prompt)
        self._check = SentenceCheck(document.article, document.known_words)
        self._checked = Checked()

    def judged(
        self, decoded: Decoded[Judgement], max_dropped: float, rulings: Sequence[Ruling]
    ) -> GroundedJudgement | RefusedAnswer:
        answer = decoded.answer
        self._checked.drop(DropReason.MALFORMED, decoded.malformed)
        self._checked.drop(DropReason.TOO_MANY, decoded.too_many)
        happening = self._happening(answer.happening)
        found = sorted(
            self._findings(answer.findings), key=lambda f: (f.place.start, f.place.end, f.finding.rule)
        )
        terms, claims = self._terms(answer.loaded_terms), self._claims(answer.claims)
        left_out = self._omissions(answer.omissions, happening)
        beneficiaries, parties = (
            self._beneficiaries(answer.beneficiaries),
            self._parties(answer.missing_voices),
        )
        anchor = self._anchor(answer)
        band = next(b for b in self._taxonomy.bands if b.band is answer.band)
        primary = SpinType.NONE if answer.band is Band.PLAIN else answer.primary
        kinds = {f.finding.type for f in found}
        if self._checked.share > max_dropped:
            return self._refused(Refusal.TOO_MUCH_DROPPED)
        if anchor is None and answer.band is not Band.PLAIN:
            return self._refused(Refusal.UNSUPPORTED_BAND)
        if primary is not SpinType.NONE and primary not in kinds:
            return self._refused(Refusal.UNSUPPORTED_TYPE)
        found = [f for f in found if not self._is_dismissed(f, rulings)]
        kinds = {f.finding.type for f in found}
        primary = primary if primary in kinds else SpinType.NONE
        findings = [
            msgspec.structs.replace(f.finding, id=f"f{number}") for number, f in enumerate(found, start=1)
        ]
        scored = banded_score(band, answer.part, [f.weight for f in found])
        secondary = (
            answer.secondary if answer.secondary in kinds and answer.secondary is not primary else None
        )
        return GroundedJudgement(
            happening=happening,
            primary=primary,
            secondary=secondary if primary is not SpinType.NONE else None,
            tactic=self._tactic(primary, answer.tactic, findings),
            stance=answer.stance,
            band=answer.band,
            score=scored.score,
            ledger=_ledger(band, scored, findings, [f.place for f in found], anchor),
            findings=[
                msgspec.structs.replace(finding, points=points)
                for finding, points in zip(findings, scored.findings, strict=True)
            ],
            described=[finding.id for finding, f in zip(findings, found, strict=True) if f.described],
            loaded_terms=terms,
            claims=claims,
            left_out=left_out,
            beneficiaries=beneficiaries,
            missing_parties=parties,
            evidence_strength=answer.evidence_strength,
            source=None
            if answer.source is None
            else GroundedSource(
                publisher_type=answer.source.publisher_type,
                intent=answer.source.intent,
                independence=answer.source.independence,
            ),
            drops=self._drops(),
            dropped_share=round(self._checked.share, 4),
        )

    def _drops(self) -> Drops:
        return Drops(
            passed=self._checked.passed, repaired=self._checked.repaired, dropped=self._checked.dropped
        )

    def _refused(self, reason: Refusal) -> RefusedAnswer:
        return RefusedAnswer(reason=reason, drops=self._drops())

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
        """The first place of a name, in the sentence if it is there; repeated names are not ambiguous."""
        if len(name) > MAX_NAME:
            return DropReason.TOO_LONG
        place = self._place(number, name)
        if place is not DropReason.AMBIGUOUS:
            return place
        return self._finder.first(name) or DropReason.NOT_FOUND

    def _findings(self, proposed: Sequence[ProposedFinding]) -> list[_Grounded]:
        found: dict[tuple[int, int, SpinType], _Grounded] = {}
        for one in proposed:
            kept = self._kept(self._finding(one))
            if kept is None or kept.finding.type is None:
                continue
            key = kept.place.start, kept.place.end, kept.finding.type
            if key in found:
                self._checked.passed -= 1
                self._checked.drop(DropReason.DUPLICATE)
            else:
                found[key] = kept
        return list(found.values())

    def _is_dismissed(self, grounded: _Grounded, rulings: Sequence[Ruling]) -> bool:
        """Whether a ruling on this text names the finding's rule at its place."""
        return any(
            ruling.rule == grounded.finding.rule
            and ruling.start < grounded.place.end
            and grounded.place.start < ruling.end
            and ruling.text_sha256 == self._document.article.text_sha256
            for ruling in rulings
        )

    def _finding(self, one: ProposedFinding) -> _Grounded | DropReason:
        tactic = self._taxonomy.tactic(one.tactic)
        kind = self._taxonomy.type(one.type)
        if tactic is None or kind is None or tactic not in kind.tactics:
            return DropReason.UNKNOWN_ITEM
        place = self._place(one.sentence, one.quote)
        if isinstance(place, DropReason):
            return place
        voice = voice_of(self._document, place, one.voice)
        if isinstance(voice, DropReason):
            return voice
        fault = self._check.fault(one.why, MAX_WHY)
        if fault is not None:
            self._checked.drop(fault)
        finding = Finding(
            id="",
            rule=tactic.code,
            label=tactic.name,
            explanation=tactic.description if fault else one.why,
            type=one.type,
            tactic=tactic.code,
            voice=voice,
            points=0,
            spans=spans(self._document.text, place.start, place.end),
        )
        return _Grounded(place, finding, one.weight, fault is None)

    def _terms(self, proposed: Sequence[ProposedTerm]) -> list[LoadedTerm]:
        found: dict[tuple[int, SpinType], LoadedTerm] = {}
        for one in proposed:
            kept = self._kept(self._term(one))
            if kept is not None:
                found.setdefault((kept.spans[0].start, kept.type), kept)
        return [found[key] for key in sorted(found)]

    def _term(self, one: ProposedTerm) -> LoadedTerm | DropReason:
        if one.type is SpinType.NONE:
            return DropReason.UNKNOWN_ITEM
        if len(one.quote) > MAX_TERM:
            return DropReason.TOO_LONG
        place = self._place(one.sentence, one.quote)
        if isinstance(place, DropReason):
            return place
        voice = voice_of(self._document, place, one.voice)
        if isinstance(voice, DropReason):
            return voice
        return LoadedTerm(
            term=self._words(place),
            type=one.type,
            voice=voice,
            spans=spans(self._document.text, place.start, place.end),
        )

    def _claims(self, proposed: Sequence[ProposedClaim]) -> list[GroundedClaim]:
        kept = [claim for one in proposed if (claim := self._kept(self._claim(one))) is not None]
        return list({claim.spans[0].start: claim for claim in reversed(kept)}.values())[::-1][:MAX_CLAIMS]

    def _claim(self, one: ProposedClaim) -> GroundedClaim | DropReason:
        place = self._place(one.sentence, one.quote)
        if isinstance(place, DropReason):
            return place
        voice = voice_of(self._document, place, one.speaker)
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
                result = checked_omission(self._document, happening, one, self._finder, self._check)
            elif one.item == OTHER:
                result = DropReason.TOO_MANY
            kept = self._kept(result)
            if kept is not None:
                found[kept.item] = kept
        return list(found.values())[:MAX_OMISSIONS]

    def _beneficiaries(self, proposed: Sequence[ProposedBeneficiary]) -> list[Beneficiary]:
        found: dict[str, Beneficiary] = {}
        for one in proposed:
            kept = self._kept(self._beneficiary(one))
            if kept is not None:
                found.setdefault(kept.name, kept)
        return list(found.values())

    def _beneficiary(self, one: ProposedBeneficiary) -> Beneficiary | DropReason:
        place = self._name(one.sentence, one.name)
        if isinstance(place, DropReason):
            return place
        fault = self._check.fault(one.why, MAX_WHY)
        found = spans(self._document.text, place.start, place.end)
        return fault or Beneficiary(name=self._words(place), why=one.why, spans=found)

    def _parties(self, proposed: Sequence[ProposedVoice]) -> list[str]:
        kept = [self._kept(checked_party(self._document, one.party) or one.party) for one in proposed]
        return list(dict.fromkeys(party for party in kept if party is not None))[:MAX_PARTIES]

    def _anchor(self, answer: Judgement) -> Place | None:
        if answer.anchor is None:
            return None
        return self._kept(self._place(answer.anchor.sentence, answer.anchor.quote))

    def _tactic(self, primary: SpinType, code: str, findings: Sequence[Finding]) -> str | None:
        """The named tactic if a finding of the type has it; else that of the type's first finding."""
        of_type = [f.tactic for f in findings if f.type is primary]
        return code if code in of_type else next(iter(of_type), None)

    def _words(self, place: Place) -> str:
        return " ".join(self._document.text[place.start : place.end].split())


def _ledger(
    band: ScoreBand,
    scored: BandedScore,
    findings: Sequence[Finding],
    places: Sequence[Place],
    anchor: Place | None,
) -> list[LedgerRow]:
    """The band, cited by its anchor; a row for each finding with points; the rounding."""
    cited = [] if anchor is None else [Range(start=anchor.start, end=anchor.end)]
    rows = [_row(LedgerRowKind.BASE, "band", band.anchor, scored.base, None, cited)]
    for finding, place, points in zip(findings, places, scored.findings, strict=True):
        if points:
            ranges = [Range(start=place.start, end=place.end)]
            rows.append(_row(LedgerRowKind.FINDING, finding.rule, finding.label, points, finding.id, ranges))
    if scored.rounding:
        rows.append(_row(LedgerRowKind.ROUNDING, "rounding", "To a whole number", scored.rounding, None, []))
    return rows


def _row(
    kind: LedgerRowKind, rule: str, label: str, points: int, finding: str | None, ranges: list[Range]
) -> LedgerRow:
    return LedgerRow(kind=kind, rule=rule, label=label, points=points, finding=finding, ranges=ranges)
