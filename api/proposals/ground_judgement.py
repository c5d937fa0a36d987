"""Reads the answers to the first call against the text: one judgement from the parts that survive.

A part whose answer is refused does not judge. The others do if they hold at least half of the characters; else
the text has no judgement. The parts' characters decide what must be one for the whole text:

- Band, and its third: where the mean of the middles of the parts' thirds lies, weighted by characters.
- Type: that of most characters among the parts above the plain band, the only ones with a type; none if the mean
  lies in the plain band. Secondary type, tactic, stance and evidence likewise; of equals, the first.
- Findings and terms of all parts in text order. Claims, omissions, beneficiaries and missing voices part by part,
  so that the most central claims of the first part, which has the news, come first. An omission is absent from
  the whole text.
- Happening and publisher: those of the first part that has them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final, TypeAlias, TypeVar

import msgspec

from api.analysis.text.document import Text
from api.analysis.text.rulings import Ruling
from api.proposals.answers import BandPart
from api.proposals.banded_score import FULL_WEIGHT, banded_ledger, banded_score, mean_third
from api.proposals.drops import Checked, DropReason
from api.proposals.ground_part import PartJudgement, PartReader, PlacedFinding
from api.proposals.grounded import GroundedJudgement, Refusal, RefusedAnswer
from api.proposals.languages.checks import checks_of
from api.proposals.languages.codes import ProseLanguage
from api.proposals.numbered_text import MAX_PART, length_of, parts_of
from api.proposals.overstatements import Manner
from api.proposals.text_checks import TextChecks
from schemas.assessments import Finding, Happening
from schemas.enums import Band, SpinType
from schemas.taxonomy import ScoreBand, Taxonomy

MAX_DROPPED: Final = 0.5  # share of the items of an answer; a guess until recorded answers are counted
MAX_OMISSIONS, MAX_PARTIES, MAX_CLAIMS, MAX_BENEFICIARIES = 4, 3, 8, 8
Item = TypeVar("Item")
Key = TypeVar("Key")
Value = TypeVar("Value")
_Part: TypeAlias = tuple[PartJudgement, int]  # with its characters, at least 1


def ground_judgement(
    document: Text,
    answers: Sequence[bytes],
    taxonomy: Taxonomy,
    prompt: str = "",
    max_dropped: float = MAX_DROPPED,
    rulings: Sequence[Ruling] = (),
    limit: int = MAX_PART,
    prose_language: ProseLanguage = ProseLanguage.STORY,
) -> GroundedJudgement | RefusedAnswer:
    """The judgement of answers as JSON in UTF-8, one for each part in text order; never raises on any bytes.

    `prompt` is the text of the instructions, whose quotes are counted apart; `limit` is that of a part's
    characters. An answer is refused if more than the share `max_dropped` of its items fell. A finding that
    one of `rulings` dismisses counts for nothing, and is no fault of the answer: a type without another finding
    becomes `none`. `prose_language` is that of the answers' sentences if the text is not in English.
    """
    sizes = [max(sum(map(length_of, part)), 1) for part in parts_of(document, limit)]
    checked = Checked()
    if len(answers) != len(sizes):
        checked.drop(DropReason.MALFORMED)
        return RefusedAnswer(reason=Refusal.MALFORMED, drops=checked.drops)
    checks = checks_of(document, prose_language)
    reader = PartReader(checks, taxonomy, prompt, max_dropped)
    parts: list[_Part] = []
    refused: list[tuple[Refusal, int]] = []
    for answer, size in zip(answers, sizes, strict=True):
        judged, counts = reader.read(answer, next(_happenings(parts), None))
        checked.add(counts.drops)
        if isinstance(judged, Refusal):
            refused.append((judged, size))
        else:
            parts.append((judged, size))
    if sum(size for _, size in refused) > sum(size for _, size in parts):
        return RefusedAnswer(reason=_by_characters(refused), drops=checked.drops)
    checked.drop(DropReason.REFUSED_ANSWER, len(refused))
    return _merged(checks, taxonomy, parts, checked, rulings, limit)


def _merged(
    checks: TextChecks,
    taxonomy: Taxonomy,
    parts: Sequence[_Part],
    checked: Checked,
    rulings: Sequence[Ruling],
    limit: int,
) -> GroundedJudgement:
    document = checks.document
    judged = [part for part, _ in parts]
    placed = [one for one in _placed(judged) if not _is_dismissed(document, one, rulings)]
    findings = [msgspec.structs.replace(one.finding, id=f"f{n}") for n, one in enumerate(placed, start=1)]
    band, third = _band(parts, taxonomy)
    full = max(FULL_WEIGHT, FULL_WEIGHT * sum(size for _, size in parts) // limit)
    scored = banded_score(band, third, [one.weight for one in placed], full)
    anchors = [part.anchor for part in judged if part.anchor is not None]
    primary, secondary, tactic = _kind(parts, band, findings)
    terms = _first_by((t for part in judged for t in part.loaded_terms), lambda t: (t.spans[0].start, t.type))
    claims = _first_by(
        (claim for part in judged for claim in part.claims), lambda claim: claim.spans[0].start
    )
    omissions = _first_by((one for part in judged for one in part.left_out), lambda one: one.item)
    named = _first_by((one for part in judged for one in part.beneficiaries), lambda one: one.name)
    beneficiaries = list(named.values())[:MAX_BENEFICIARIES]
    parties = dict.fromkeys(party for part in judged for party in part.missing_parties)
    happening = next(_happenings(parts), None)
    left_out = list(omissions.values())[:MAX_OMISSIONS]
    published = [checks.published(happening, omission) for omission in left_out]
    overstated = [one for one in beneficiaries if checks.overstates(one.why, [], Manner.EXPLAINS)]
    for reason in published:
        if isinstance(reason, DropReason):
            checked.withdraw(reason)
    checked.withdraw(DropReason.OVERSTATED, len(overstated))
    return GroundedJudgement(
        happening=happening,
        primary=primary,
        secondary=secondary,
        tactic=tactic,
        stance=_by_characters((part.stance, size) for part, size in parts),
        band=band.band,
        score=scored.score,
        ledger=banded_ledger(band, scored, findings, [one.place for one in placed], anchors),
        findings=[
            msgspec.structs.replace(finding, points=points)
            for finding, points in zip(findings, scored.findings, strict=True)
        ],
        described=[finding.id for finding, one in zip(findings, placed, strict=True) if one.described],
        loaded_terms=[terms[key] for key in sorted(terms)],
        claims=list(claims.values())[:MAX_CLAIMS],
        left_out=left_out,
        beneficiaries=beneficiaries,
        published_left_out=[one for one in published if not isinstance(one, DropReason)],
        published_beneficiaries=[one for one in beneficiaries if one not in overstated],
        answered=[f"o{n}" for n, one in enumerate(published, start=1) if one is DropReason.IN_TEXT],
        missing_parties=list(parties)[:MAX_PARTIES],
        evidence_strength=_by_characters((part.evidence_strength, size) for part, size in parts),
        source=next((part.source for part in judged if part.source is not None), None),
        drops=checked.drops,
        dropped_share=round(checked.share, 4),
    )


def _happenings(parts: Iterable[_Part]) -> Iterator[Happening]:
    return (part.happening for part, _ in parts if part.happening is not None)


def _by_characters(votes: Iterable[tuple[Value, int]]) -> Value:
    """The value with most characters; of equals, the first. Raises ValueError without votes."""
    counts: dict[Value, int] = {}
    for value, characters in votes:
        counts[value] = counts.get(value, 0) + characters
    return max(counts, key=lambda value: counts[value])


def _band(parts: Sequence[_Part], taxonomy: Taxonomy) -> tuple[ScoreBand, BandPart]:
    bands = {band.band: band for band in taxonomy.bands}
    places = [(bands[part.band], part.band_part, size) for part, size in parts]
    return mean_third(places, taxonomy.bands)


def _kind(
    parts: Sequence[_Part], band: ScoreBand, findings: Sequence[Finding]
) -> tuple[SpinType, SpinType | None, str | None]:
    """Type, secondary type and tactic, each with a finding of its own."""
    steering = [(part, size) for part, size in parts if part.band is not Band.PLAIN]
    if band.band is Band.PLAIN or not steering:
        return SpinType.NONE, None, None
    kinds = {finding.type for finding in findings}
    primary = _by_characters((part.primary, size) for part, size in steering)
    if primary not in kinds:
        return SpinType.NONE, None, None
    others = [
        (kind, size)
        for part, size in steering
        for kind in (part.primary, part.secondary)
        if kind in kinds and kind is not primary
    ]
    tactic = _by_characters((part.tactic, size) for part, size in steering if part.primary is primary)
    of_type = [finding.tactic for finding in findings if finding.type is primary]
    return primary, _by_characters(others) if others else None, tactic if tactic in of_type else of_type[0]


def _placed(parts: Sequence[PartJudgement]) -> list[PlacedFinding]:
    """In text order; of one place and type, the first."""
    found = _first_by(
        (one for part in parts for one in part.findings),
        lambda one: (one.place.start, one.place.end, one.finding.type),
    )
    return sorted(found.values(), key=lambda one: (one.place.start, one.place.end, one.finding.rule))


def _is_dismissed(document: Text, placed: PlacedFinding, rulings: Sequence[Ruling]) -> bool:
    """Whether a ruling on this text names the finding's rule at its place."""
    return any(
        ruling.rule == placed.finding.rule
        and ruling.start < placed.place.end
        and placed.place.start < ruling.end
        and ruling.text_sha256 == document.article.text_sha256
        for ruling in rulings
    )


def _first_by(items: Iterable[Item], key: Callable[[Item], Key]) -> dict[Key, Item]:
    """The first item of each key, in the given order."""
    found: dict[Key, Item] = {}
    for item in items:
        found.setdefault(key(item), item)
    return found
