"""Findings: the places where evidence of one type overlaps.

A written rule and the tagger often find the same words, and two rules may share some. Their evidence is one
finding, with all of its rules, from the first character to the last. So rulings on all rules of a finding at its
span dismiss the evidence of that finding alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from api.analysis.framing.evidence import Evidence
from api.analysis.framing.learned_terms import LEARNED_CODES
from schemas.enums import SpinType


@dataclass(frozen=True, slots=True)
class Place:
    """Characters [start, end) with the indices of their evidence, the most telling first."""

    start: int
    end: int
    items: tuple[int, ...]


def finding_id(number: int) -> str:
    """The id of the finding at place `number`."""
    return f"f{number + 1}"


def places(evidence: Sequence[Evidence]) -> list[Place]:
    """The places of evidence, which is in the order of the text, in the same order.

    Evidence without a type is a place of its own.
    """
    groups: list[list[int]] = []
    open_groups: dict[SpinType, tuple[list[int], int]] = {}
    for number, item in enumerate(evidence):
        kind = item.detector.type
        group, end = open_groups.get(kind, ([], -1)) if kind else ([], -1)
        if item.hit.start >= end:
            group = []
            groups.append(group)
        group.append(number)
        if kind:
            open_groups[kind] = (group, max(end, item.hit.end))
    found = [_place(evidence, group) for group in groups]
    return sorted(found, key=lambda place: (place.start, place.end, place.items))


def _place(evidence: Sequence[Evidence], group: list[int]) -> Place:
    hits = [evidence[number].hit for number in group]
    return Place(
        start=min(hit.start for hit in hits),
        end=max(hit.end for hit in hits),
        items=tuple(sorted(group, key=lambda number: _rank(evidence[number]))),
    )


def _rank(item: Evidence) -> tuple[bool, bool, int, str]:
    """Evidence that counts first, then written rules, then the longest."""
    code = item.detector.code
    return not item.mass, code in LEARNED_CODES, item.hit.start - item.hit.end, code
