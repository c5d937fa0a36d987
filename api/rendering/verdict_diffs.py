"""The differences of two verdicts in the terms of the method, not of their JSON: what a reader would name."""

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from schemas.assessments import Finding
from schemas.claims import Claim
from schemas.verdict_diffs import ClaimChange, FieldChange, FindingChange, ListChange, VerdictDiff, VersionRef
from schemas.verdicts import Verdict

# Objects whose fields are compared one by one, and fields with one value.
_OBJECTS: Final = ("engine", "not_scorable", "spin", "mechanics", "integrity", "source_role")
_VALUES: Final = (
    "status", "taxonomy_version", "input_digest", "text_sha256", "deck", "summary", "frame", "objective",
    "vertical",
)  # fmt: skip
# Lists, and what names an entry of each; None where the entry is a word itself.
_LISTS: Final[dict[str, str | None]] = {
    "tldr": None, "keywords": None, "categories": None, "loaded_terms": "term", "key_stats": "value",
    "questions_answered": "question", "questions_raised": "question", "beneficiaries": "name", "left_out": "text",
    "voices": "name", "missing_voices": "name", "entities": "name",
}  # fmt: skip
# Of a claim, what is said of it; its places and its number among the others are not.
_OF_CLAIMS: Final = (
    "text", "role", "kind", "support", "verification", "risk", "voice", "hedges", "missing_evidence",
)  # fmt: skip


def build_diff(before: Verdict, after: Verdict) -> VerdictDiff:
    """What changed from one version to another of the same story."""
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
    """Field by field; where one version lacks the object, its fields are null there."""
    names = (before or after).__struct_fields__ if before or after else ()
    return [
        change
        for name in names
        for change in _value(f"{path}.{name}", getattr(before, name, None), getattr(after, name, None))
    ]


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
    """By rule and words; the same words found twice by one rule are told apart by their order."""
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
        # past the budget of quotes only the length of the words is known
        words = tuple(
            span.quote if span.quote is not None else span.end - span.start for span in finding.spans
        )
        key = (finding.rule, words)
        seen[key] += 1
        found[*key, seen[key]] = finding
    return found


def _claims(before: Sequence[Claim], after: Sequence[Claim]) -> list[ClaimChange]:
    """By id: a claim keeps it while its sentence stays."""
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
