"""The quote budget: how much of a story's own words is served (design Decisions 1)."""

from typing import Any

import msgspec
from msgspec import Struct

from schemas.assessments import Claim
from schemas.spans import Span
from schemas.verdicts import Verdict

MAX_CHARACTERS = 6_000
MAX_SHARE = 0.5

# What a reader can least do without comes first. Findings follow by weight, then the rest.
_ORDER = (
    "claims",
    "loaded_terms",
    "key_stats",
    "beneficiaries",
    "spin_vs_substance",
    "questions_raised",
    "questions_answered",
    "voices",
    "entities",
)


def within_budget(verdict: Verdict, text: str) -> Verdict:
    """The verdict with at most half of the story, or 6,000 characters, in quotes.

    Each place of the text is counted once. Past the budget a span keeps its offsets and loses its words, and a
    claim or summary that repeats a sentence of the text becomes null (a `tldr` sentence goes).
    """
    budget = _Budget(min(MAX_CHARACTERS, int(len(text) * MAX_SHARE)))
    changed: dict[str, Any] = {"claims": [_claim(claim, budget) for claim in verdict.claims]}
    changed |= _sentences(verdict, text, budget)
    weightiest = sorted(verdict.findings, key=lambda finding: (-abs(finding.points), finding.id))
    findings = {finding.id: _spans(finding, budget) for finding in weightiest}
    changed["findings"] = [findings[finding.id] for finding in verdict.findings]
    for name in _ORDER[1:]:
        changed[name] = [_spans(item, budget) for item in getattr(verdict, name)]
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
