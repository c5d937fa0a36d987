"""Differences between two verdicts, in terms of the method instead of JSON."""

from collections import Counter
from collections.abc import Sequence
from types import NoneType, UnionType
from typing import Any, Final, Union, get_args, get_origin

import msgspec
from msgspec import Struct

from schemas.assessments import Assessment, Finding
from schemas.assessments import Claim as AssessedClaim
from schemas.claims import Claim
from schemas.spans import Span
from schemas.verdict_diffs import ClaimChange, FieldChange, FindingChange, ListChange, VerdictDiff, VersionRef
from schemas.verdicts import Verdict

# Fields with rules of their own here, or without interest for readers.
_NOT_BY_NAME: Final = {
    "ledger",  # the findings show its changes
    "findings",
    "ablations",  # hypothetical results
    "model",  # how it came about
    "spin_vs_substance",  # pairs of sentences without an identifier
    "claims",
}
# The identifying field of a list's entries, if it is not their first.
_NAMED_BY: Final = {"left_out": "text", "missing_voices": "name"}
_PLACES: Final = {"number", "spans"}  # of a claim, not compared


def _without_null(hint: Any) -> Any:
    parts = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    return next(part for part in parts if part is not NoneType)


def _name_of(field: str, entry: Any) -> str | None:
    return None if entry is str else _NAMED_BY.get(field, entry.__struct_fields__[0])


_COMPARED: Final = {
    field.name: _without_null(field.type)
    for field in msgspec.structs.fields(Assessment)
    if field.name not in _NOT_BY_NAME
}
# Lists, and the identifying field of their entries; None if the entries are strings.
_LISTS: Final = {
    name: _name_of(name, *get_args(hint)) for name, hint in _COMPARED.items() if get_origin(hint) is list
}
# Objects are compared field by field, other fields as values.
_OBJECTS: Final = [
    name for name, hint in _COMPARED.items() if isinstance(hint, type) and issubclass(hint, Struct)
]
_VALUES: Final = [name for name in _COMPARED if name not in _LISTS and name not in _OBJECTS]
_OF_CLAIMS: Final = [name for name in AssessedClaim.__struct_fields__ if name not in _PLACES]


def build_diff(before: Verdict, after: Verdict) -> VerdictDiff:
    """The changes between two versions of a story's verdict."""
    fields = [
        *(change for name in _VALUES for change in _value(name, getattr(before, name), getattr(after, name))),
        *(
            change
            for name in _OBJECTS
            for change in _object(name, getattr(before, name), getattr(after, name))
        ),
    ]
    lists = [change for name, key in _LISTS.items() for change in _list(name, key, before, after)]
    findings = _findings(before.findings, after.findings)
    claims = _claims(before.claims, after.claims)
    scores = [verdict.spin.score for verdict in (before, after) if verdict.spin]
    return VerdictDiff(
        story_id=after.story_id or "",
        before=_reference(before),
        after=_reference(after),
        identical=not (fields or lists or findings or claims),
        score_delta=scores[1] - scores[0] if len(scores) == 2 else None,
        fields=fields,
        lists=lists,
        findings=findings,
        claims=claims,
    )


def _reference(verdict: Verdict) -> VersionRef:
    return VersionRef(
        id=verdict.id or "",
        version=verdict.version or 0,
        reason=verdict.reason,
        created_at=verdict.created_at,
    )


def _value(path: str, before: Any, after: Any) -> list[FieldChange]:
    before, after = msgspec.to_builtins(before), msgspec.to_builtins(after)
    return [] if before == after else [FieldChange(field=path, before=before, after=after)]


def _object(path: str, before: Any, after: Any) -> list[FieldChange]:
    """Compare field by field; the fields of a missing object are null."""
    names = (before or after).__struct_fields__ if before or after else ()
    return [
        change
        for name in names
        for change in _value(
            f"{path}.{name}", _words(getattr(before, name, None)), _words(getattr(after, name, None))
        )
    ]


def _words(value: Any) -> Any:
    """The value, with the words of spans only: their places move with every change before them."""
    if not isinstance(value, list):
        return value
    return [part.quote if isinstance(part, Span) else part for part in value]


def _list(name: str, key: str | None, before: Verdict, after: Verdict) -> list[ListChange]:
    had, has = (
        [entry if key is None else getattr(entry, key) for entry in getattr(verdict, name) or ()]
        for verdict in (before, after)
    )
    added, removed = (
        list((Counter(has) - Counter(had)).elements()),
        list((Counter(had) - Counter(has)).elements()),
    )
    return [ListChange(field=name, added=added, removed=removed)] if added or removed else []


def _findings(before: Sequence[Finding], after: Sequence[Finding]) -> list[FindingChange]:
    """Compare by rule and words; equal ones by their order."""
    had, has = _by_words(before), _by_words(after)
    changes = []
    for key in dict.fromkeys([*has, *had]):
        old, new = had.get(key), has.get(key)
        shown = new or old
        assert shown is not None, "the key is of one of them"
        points = [finding.points if finding else None for finding in (old, new)]
        if points[0] != points[1]:
            changes.append(
                FindingChange(
                    rule=shown.rule,
                    label=shown.label,
                    type=shown.type,
                    tactic=shown.tactic,
                    quotes=[span.quote for span in shown.spans],
                    before=points[0],
                    after=points[1],
                )
            )
    return changes


def _by_words(findings: Sequence[Finding]) -> dict[tuple[Any, ...], Finding]:
    seen: Counter[tuple[Any, ...]] = Counter()
    found = {}
    for finding in findings:
        # beyond the quote budget only the length of the words is known
        words = tuple(
            span.quote if span.quote is not None else span.end - span.start for span in finding.spans
        )
        key = (finding.rule, words)
        seen[key] += 1
        found[*key, seen[key]] = finding
    return found


def _claims(before: Sequence[Claim], after: Sequence[Claim]) -> list[ClaimChange]:
    """Compare by id: a claim keeps it as long as its sentence stays."""
    had, has = {claim.id: claim for claim in before}, {claim.id: claim for claim in after}
    changes = [_claim(claim, "added", []) for key, claim in has.items() if key not in had]
    changes += [_claim(claim, "removed", []) for key, claim in had.items() if key not in has]
    for key, claim in has.items():
        if key in had:
            fields = [
                change
                for name in _OF_CLAIMS
                for change in _value(name, getattr(had[key], name), getattr(claim, name))
            ]
            if fields:
                changes.append(_claim(claim, "changed", fields))
    return changes


def _claim(claim: Claim, change: Any, fields: list[FieldChange]) -> ClaimChange:
    return ClaimChange(id=claim.id, text=claim.text, change=change, fields=fields)
