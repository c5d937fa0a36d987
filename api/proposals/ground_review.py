"""Reads the third answer against text and findings: an entry counts for a finding that was asked about, once.

A rejection needs a reason that the text supports, since it speaks against words that anybody can look up. A kept
finding has the rules' explanation, so its reason may fall alone.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from api.proposals.answers import Choice, ProposedChoice, Review
from api.proposals.asked_findings import address_of
from api.proposals.decoding import MalformedAnswer, decode_answer
from api.proposals.drops import Checked, DropReason
from api.proposals.ground_judgement import MAX_DROPPED
from api.proposals.grounded import GroundedReview, Refusal, RefusedAnswer, ReviewedPlace
from api.proposals.text_checks import TextChecks
from schemas.assessments import Finding

MAX_WHY: Final = 160  # characters


def ground_review(
    checks: TextChecks, asked: Sequence[Finding], answer: bytes, max_dropped: float = MAX_DROPPED
) -> GroundedReview | RefusedAnswer:
    """The choices of an answer as JSON in UTF-8, in the order of `asked`; never raises on any bytes.

    Several entries for one finding withdraw each other. An answer is refused if more than the share
    `max_dropped` of its entries and reasons fell.
    """
    checked = Checked()
    try:
        decoded = decode_answer(answer, Review)
    except MalformedAnswer:
        checked.drop(DropReason.MALFORMED)
        return RefusedAnswer(reason=Refusal.MALFORMED, drops=checked.drops)
    checked.drop(DropReason.MALFORMED, decoded.malformed)
    checked.drop(DropReason.TOO_MANY, decoded.too_many)
    entries = decoded.answer.findings
    times = Counter(entry.finding for entry in entries)
    known = {address_of(finding) for finding in asked}
    found: dict[str, ReviewedPlace] = {}
    for entry in entries:
        if entry.finding not in known:
            checked.drop(DropReason.UNKNOWN_ITEM)
        elif times[entry.finding] > 1:
            checked.drop(DropReason.DUPLICATE)
        elif place := _reviewed(checks, entry, checked):
            checked.passed += 1
            found[place.address] = place
    if checked.share > max_dropped:
        return RefusedAnswer(reason=Refusal.TOO_MUCH_DROPPED, drops=checked.drops)
    addresses = map(address_of, asked)
    return GroundedReview(places=[found[one] for one in addresses if one in found], drops=checked.drops)


def _reviewed(checks: TextChecks, entry: ProposedChoice, checked: Checked) -> ReviewedPlace | None:
    """The entry with its reason, if that can be published; None for a rejection without one."""
    kept, why = entry.verdict is Choice.KEEP, entry.why.strip()
    fault = checks.fault(why, MAX_WHY) if why else None
    if fault is not None:
        checked.drop(fault)
    elif not why and not kept:
        checked.drop(DropReason.UNSUPPORTED)
    if fault is not None or not why:
        return ReviewedPlace(address=entry.finding, kept=True, why=None) if kept else None
    return ReviewedPlace(address=entry.finding, kept=kept, why=why)
