"""Rates a text's integrity and the risks of retelling it.

Narrative risk: how far the frame alone would mislead a reader. AI repetition risk: how easily a summariser
would repeat the central claim as fact (short, unhedged, early, unsupported; less for bad news and for a text
without spin, always for satire). Reasons quote the story's own words. Verification is within the text alone.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Protocol

from api.analysis.claims.claims import CentralClaim
from api.analysis.content.bad_news import tells_bad_news
from api.analysis.content.grounding import Grounding
from api.analysis.content.news import News
from api.analysis.parsing.speaker_names import named_speaker
from api.analysis.prose.ai_summaries import faithful_summary, likely_summary, plain, repeated_claim
from api.analysis.text.datelines import DATELINE
from api.analysis.text.document import DOCUMENT_VOICE
from api.analysis.text.lexicon import words
from api.analysis.text.names import within_sentence
from schemas.assessments import Claim, Integrity, SourceRole, Spin
from schemas.enums import (
    Band,
    ClaimRole,
    ClaimSupport,
    EvidenceStrength,
    Independence,
    Risk,
    SourceType,
    SpinType,
    Verification,
)

_BANDS = {Band.PLAIN: 0, Band.LIGHT: 0, Band.MODERATE: 1, Band.STRONG: 2, Band.HEAVY: 3, Band.TOTAL: 3}
_DATED = re.compile(r"[A-Z][A-Z .,'’-]* …")  # a dateline taken for the subject
_OWN = re.compile(r"\b(?:we|our|us)\b", re.IGNORECASE)
_SOURCED = re.compile(r"\b(?:says?|said|told|according to|reportedly|wrote|writes)\b", re.IGNORECASE)
_GENERAL = "evidence for its"  # central claims, one of which the reason names besides
_DEED = re.compile(
    r"\b(?:(?:issued?|releas(?:es|ed)) (?:a|an|the) (?:\w+ ){0,2}(?:statement|letter|update)|joined|"
    r"made (?:\w+ )?changes|opened enrol\w+|continued (?:his|her|its|their)|updates? (?:its )?coverage)\b",
    re.IGNORECASE,
)
MAX_REASONS, FEWEST = 3, 2
MIN_NAME, MAX_NAME = 7, 16  # words of a claim that a reason names
_JOINTS = words(
    "and with while which who by as because for in on at to after through so since when where from"
)
_TURNS = re.compile(
    r"\b(?:not|n['’]t|no|never|if|unless|but|only|except|without|hardly|may|might|could)\b", re.I
)
SHORT = 200  # characters of a claim that a summary repeats whole


class ClaimPhrases(Protocol):
    """Short names of claims."""

    def of_claim(self, number: int) -> str | None:
        """Words of the claim in the document's voice; None if none are suitable."""
        ...

    def relayed(self, number: int) -> tuple[str, str] | None:
        """Words of the claim in another voice, and the speaker."""
        ...


def integrity(
    claims: Sequence[CentralClaim],
    finished: list[Claim],
    *,
    spin: Spin,
    strength: EvidenceStrength,
    role: SourceRole,
    phrases: ClaimPhrases,
    terms: list[tuple[str, str]],
    grounding: Grounding,
    news: News | None = None,
    lacks: str | None = None,
    adds: str | None = None,
) -> Integrity:
    """All integrity fields.

    `finished` are the claims with missing evidence, `terms` the main loaded terms, each with its voice; `lacks`
    is something of weight that the text does not say, `adds` bad news that its lead softens.
    """
    risk, reasons = _narrative_risk(finished, spin, strength, role, phrases, terms, lacks, adds)
    reasons = [r for r in reasons if not grounding.ungrounded(r)]
    if not reasons:
        reasons = [r for r in _claim_reasons(claims, finished, phrases) if not grounding.ungrounded(r)][:1]
    if spin.satire:  # readers are meant to see through its frame
        risk = Risk.LOW
    central = repeated_claim(tuple(claims))
    repetition, repetition_reasons = _repetition_risk(
        central,
        finished,
        phrases,
        spin=spin,
    )
    likely = likely_summary(central, news) if central else None
    claim = finished[central.claim.number - 1] if central else None
    faithful = None
    if central and claim:
        faithful = faithful_summary(
            central, claim, role, strength, satire=spin.satire, news=news, lacks=lacks, adds=adds
        )
    return Integrity(
        evidence_strength=strength,
        verification=verification_of(finished),
        narrative_risk=risk,
        narrative_risk_reasons=reasons if risk is not Risk.LOW else [],
        ai_repetition_risk=repetition,
        ai_repetition_risk_reasons=[r for r in repetition_reasons if not grounding.ungrounded(r)],
        likely_ai_summary=likely if likely and not grounding.ungrounded(likely) else None,
        faithful_summary=faithful if faithful and not grounding.ungrounded(faithful) else None,
    )


def verification_of(claims: Sequence[Claim]) -> Verification:
    """That of most primary claims; of equally frequent ones, the weaker."""
    primary = [c.support for c in claims if c.role is ClaimRole.PRIMARY]
    if not primary:
        return Verification.UNVERIFIED_IN_SOURCE
    shown, attributed = primary.count(ClaimSupport.SHOWN), primary.count(ClaimSupport.ATTRIBUTED)
    asserted = len(primary) - shown - attributed
    if asserted >= max(shown, attributed):
        return Verification.UNVERIFIED_IN_SOURCE
    return Verification.ATTRIBUTED_IN_SOURCE if attributed >= shown else Verification.SHOWN_IN_SOURCE


def narrative_risk(band: Band, strength: EvidenceStrength, independence: Independence) -> Risk:
    """How far the frame alone would mislead a reader."""
    points = _BANDS[band]
    if points:
        points += strength in (EvidenceStrength.NONE, EvidenceStrength.WEAK)
        points += independence is Independence.LOW and strength is EvidenceStrength.NONE
    return Risk.HIGH if points >= 3 else Risk.MODERATE if points else Risk.LOW


def _narrative_risk(
    claims: list[Claim],
    spin: Spin,
    strength: EvidenceStrength,
    role: SourceRole,
    phrases: ClaimPhrases,
    terms: list[tuple[str, str]],
    lacks: str | None,
    adds: str | None,
) -> tuple[Risk, list[str]]:
    points = _BANDS[spin.band]
    reasons: list[str] = []
    if points and terms:
        voice = terms[0][1]
        said = f", in the words of {named_speaker(voice)}" if voice != DOCUMENT_VOICE else ""
        reasons.append(f"The frame rests on {_listed([t for t, v in terms[:2] if v == voice])}{said}.")
    if points and adds is not None:
        reasons.append(f"A reader of the frame alone may miss that {adds}.")
    asserted = [c for c in claims if c.role is ClaimRole.PRIMARY and _is_bare(c)]
    named = [
        (c, phrase)
        for c in sorted(asserted, key=lambda c: not c.missing_evidence)
        if (phrase := _short_name(phrases, c.number))
    ]
    if named and strength in (EvidenceStrength.NONE, EvidenceStrength.WEAK):
        claim, phrase = named[0]
        open_point = next((_opened(m.text) for m in claim.missing_evidence or () if _opened(m.text)), "")
        if open_point or len(reasons) < FEWEST:
            reasons.append(f"“{phrase}” rests on the text's word alone{open_point}.")
    own_cause = role.independence is Independence.LOW and role.publisher_type is not SourceType.MEDIA
    if points and own_cause and role.publisher:
        publisher = within_sentence(role.publisher)
        own = (p for c, p in named if _OWN.search(p) or role.publisher.split()[0] in p)
        if (phrase_of_own := next(own, None)) is not None and f"“{phrase_of_own}”" not in " ".join(reasons):
            reasons.append(
                f"{publisher[:1].upper()}{publisher[1:]} speaks in its own cause: “{phrase_of_own}”."
            )
    if lacks is not None and _GENERAL not in lacks and len(reasons) < FEWEST:  # which `left_out` says too
        reasons.append(f"The text does not {lacks}.")
    return narrative_risk(spin.band, strength, role.independence), reasons[:MAX_REASONS] if points else []


def _is_bare(claim: Claim) -> bool:
    """Whether the text itself asserts the claim, without bad news of its own or a source in the sentence."""
    own = claim.support is ClaimSupport.ASSERTED and claim.voice == DOCUMENT_VOICE
    return own and not tells_bad_news(claim.text) and _SOURCED.search(claim.text or "") is None


def _opened(lacking: str) -> str:
    """What is missing as the end of a sentence; "" if it cannot be."""
    start = "Does not say "
    if not lacking.startswith(start) or _GENERAL in lacking:
        return ""
    return f": it does not say {lacking.removeprefix(start).rstrip('.')}"


def _claim_reasons(
    claims: Sequence[CentralClaim], finished: list[Claim], phrases: ClaimPhrases
) -> Iterator[str]:
    """Reasons about the central claims if the frame has no loaded words; asserted claims first."""
    standing = {
        ClaimSupport.ASSERTED: "is asserted and not shown",
        ClaimSupport.ATTRIBUTED: "stands on the word of those who say it",
    }
    for support, predicate in standing.items():
        for central, claim in zip(claims, finished, strict=True):
            if claim.support is support:
                yield f"{_name_of(central, phrases)} {predicate}."


def _name_of(central: CentralClaim, phrases: ClaimPhrases) -> str:
    """A claim by its short name, with its speaker, else by its sentence."""
    phrase, relayed = _short_name(phrases, central.claim.number), phrases.relayed(central.claim.number)
    if phrase:
        return f"“{phrase}”"
    if relayed:
        return f"“{_brief(relayed[0])}”, according to {named_speaker(relayed[1])},"
    sentence = central.sentence.text
    dateline = DATELINE.match(sentence)
    return f"The sentence “{_brief(plain(sentence[dateline.end() if dateline else 0 :]))}”"


def _short_name(phrases: ClaimPhrases, number: int) -> str | None:
    phrase = phrases.of_claim(number)
    return None if phrase is None or _DATED.match(phrase) else _brief(phrase)


def _brief(claim: str) -> str:
    """The claim up to a joint within its first words, if it is long and its rest does not turn it."""
    said = claim.split()
    if len(said) <= MAX_NAME or _TURNS.search(claim):
        return claim
    ends = [n for n in range(MIN_NAME, MAX_NAME) if said[n - 1].endswith(",") or said[n].lower() in _JOINTS]
    return f"{' '.join(said[: ends[-1]]).rstrip(',;:')} …" if ends else claim


def _repetition_risk(
    central: CentralClaim | None,
    claims: list[Claim],
    phrases: ClaimPhrases,
    *,
    spin: Spin,
) -> tuple[Risk, list[str]]:
    if central is None:
        return Risk.LOW, []
    claim = claims[central.claim.number - 1]
    if spin.satire:
        return Risk.HIGH, [f"{_name_of(central, phrases)} stands in a text that reads as satire."]
    plain = spin.primary is SpinType.NONE
    if plain and spin.band is Band.PLAIN:
        return Risk.LOW, []
    points = 0
    signs: list[str] = []
    if claim.support is ClaimSupport.ASSERTED:
        points += 2
        signs.append("the text asserts it and does not show it")
    if not claim.hedges:
        points += 1
        signs.append("no word limits it")
    if central.sentence.role != "body":
        points += 1
        signs.append("it stands at the top")
    elif central.features["title_words"] >= 0.5:
        points += 1
        signs.append("it takes up the title")
    if len(central.sentence.text) <= SHORT:
        points += 1
    if claim.support is ClaimSupport.SHOWN or plain:
        points -= 2
    name = _quoted(central, phrases)
    if tells_bad_news(claim.text) or _DEED.search(
        name
    ):  # against the text's own interest, or its mere occasion
        points -= 2
    risk = Risk.HIGH if points >= 4 else Risk.MODERATE if points >= 2 else Risk.LOW
    if not signs:
        signs.append("it is short enough to be repeated whole")
    said = f"A summary would repeat {name} as fact: {_joined(signs)}."
    return risk, [said] if risk is not Risk.LOW else []


def _quoted(central: CentralClaim, phrases: ClaimPhrases) -> str:
    return _name_of(central, phrases).removeprefix("The sentence ")


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _listed(words: list[str]) -> str:
    return " and ".join(f"“{word}”" for word in words)
