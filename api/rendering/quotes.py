"""The quote budget: how much of a story's own words is served (design Decisions 1)."""

from typing import Any

import msgspec
from msgspec import Struct

from schemas.assessments import Finding
from schemas.claims import Claim
from schemas.spans import Span
from schemas.verdicts import Verdict

MAX_CHARACTERS = 6_000
MAX_SHARE = 0.5

# What a reader can least do without comes first: the findings by weight, then the claims, then these.
_ORDER = ("loaded_terms", "beneficiaries", "voices", "entities")
# Items that say a passage in a field of their own: without its words they are left out.
_WORDED = ("key_stats", "spin_vs_substance", "questions_raised", "questions_answered")


def within_budget(verdict: Verdict, text: str) -> Verdict:
    """The verdict with at most half of the story, or 6,000 characters, in quotes.

    Each place of the text is counted once. Past the budget a span keeps its offsets and loses its words; a
    finding then loses its explanation's, a claim or deck that repeats a sentence of the text becomes
    null, and sentences of `tldr` and items that consist of a passage go.
    """
    budget = _Budget(min(MAX_CHARACTERS, int(len(text) * MAX_SHARE)))
    # text that addresses the scorer has no points, and must be seen
    weightiest = sorted(
        verdict.findings, key=lambda f: (f.type is not None, -abs(f.points), f.spans[0].start)
    )
    findings = {finding.id: _finding(finding, budget) for finding in weightiest}
    changed: dict[str, Any] = {"findings": [findings[finding.id] for finding in verdict.findings]}
    changed["claims"] = [_claim(claim, budget) for claim in verdict.claims]
    changed |= _sentences(verdict, text, budget)
    for name in _ORDER:
        changed[name] = _spans(getattr(verdict, name), budget)
    for name in _WORDED:
        limited = _spans(getattr(verdict, name), budget)
        changed[name] = limited and [item for item in limited if not _lost(item)]
    return msgspec.structs.replace(verdict, **changed)


class _Budget:
    def __init__(self, characters: int) -> None:
        self.left = characters
        self._served: set[tuple[int, int]] = set()

    def take(self, start: int, end: int) -> bool:
        """Whether characters [start, end) may be served; counts them unless they are served already."""
        if (start, end) in self._served:
            return True
        if end - start > self.left:
            return False
        self.left -= end - start
        self._served.add((start, end))
        return True


def _span(span: Span, budget: _Budget) -> Span:
    if span.quote is None or budget.take(span.start, span.end):
        return span
    return msgspec.structs.replace(span, quote=None, prefix=None, suffix=None)


def _spans(item: Any, budget: _Budget) -> Any:
    """`item` with every span in it, at any depth, put to the budget."""
    if isinstance(item, Span):
        return _span(item, budget)
    if isinstance(item, list):
        return [_spans(part, budget) for part in item]
    if isinstance(item, Struct):
        parts = {name: getattr(item, name) for name in item.__struct_fields__}
        new = {name: _spans(part, budget) for name, part in parts.items() if isinstance(part, Struct | list)}
        return msgspec.structs.replace(item, **new) if new else item
    return item


def _lost(item: Any) -> bool:
    """Whether a span in `item`, at any depth, is without its words."""
    if isinstance(item, Span):
        return item.quote is None
    if isinstance(item, list):
        return any(_lost(part) for part in item)
    if isinstance(item, Struct):
        return any(_lost(getattr(item, name)) for name in item.__struct_fields__)
    return False


def _finding(finding: Finding, budget: _Budget) -> Finding:
    spans = [_span(span, budget) for span in finding.spans]
    explanation = finding.label if any(span.quote is None for span in spans) else finding.explanation
    return msgspec.structs.replace(finding, spans=spans, explanation=explanation)


def _claim(claim: Claim, budget: _Budget) -> Claim:
    spans = [_span(span, budget) for span in claim.spans]
    served = all(span.quote is not None for span in spans)
    return msgspec.structs.replace(claim, spans=spans, text=claim.text if served else None)


def _sentences(verdict: Verdict, text: str, budget: _Budget) -> dict[str, Any]:
    def allowed(sentence: str) -> bool:
        at = text.find(sentence)
        return at < 0 or budget.take(at, at + len(sentence))

    tldr = [sentence for sentence in verdict.tldr if allowed(sentence)]
    deck = verdict.deck if verdict.deck is None or allowed(verdict.deck) else None
    return {"tldr": tldr, "deck": deck, "summary": _summary(verdict.summary, tldr, text, budget)}


def _summary(summary: str | None, tldr: list[str], text: str, budget: _Budget) -> str | None:
    """A summary is made of sentences of the text; those already served as `tldr` cost nothing."""
    if summary is None or summary in tldr:
        return summary
    rest = summary
    for sentence in tldr:
        rest = rest.replace(sentence, "", 1)
    cost = len(rest.strip())
    if not cost:
        return summary
    if cost > budget.left:
        return " ".join(tldr) or None
    budget.left -= cost
    return summary
