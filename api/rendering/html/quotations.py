"""Words of a story with its findings marked."""

from collections.abc import Sequence
from itertools import pairwise

from markupsafe import Markup

from api.rendering.context import in_context
from api.rendering.plain_text import plain
from schemas.assessments import Finding
from schemas.spans import Span


def quotation(span: Span) -> Markup:
    """The quote in its context; only its position if the quote budget is used up."""
    if span.quote is None:
        return Markup('<span class="unquoted">characters {} to {}</span>').format(span.start, span.end)
    before, quote, after = in_context(span)
    return Markup('<span class="context">{}</span><mark>{}</mark><span class="context">{}</span>').format(
        before, quote, after
    )


def marked(span: Span, findings: Sequence[Finding]) -> Markup:
    """The quote of a span, with links to the findings in it."""
    if span.quote is None:
        return quotation(span)
    parts = [_part(text, finding) for text, finding in _pieces(span, span.quote, findings)]
    return Markup("").join(parts)


def _pieces(span: Span, quote: str, findings: Sequence[Finding]) -> list[tuple[str, Finding | None]]:
    """Split the quote into pieces, each with the heaviest finding that covers it."""
    here = [
        (place.start, place.end, finding)
        for finding in findings
        for place in finding.spans
        if place.start < span.end and place.end > span.start
    ]
    edges = {span.start, span.end}
    edges |= {min(max(edge, span.start), span.end) for start, end, _ in here for edge in (start, end)}
    pieces: list[tuple[str, Finding | None]] = []
    ordered = sorted(edges)
    for start, end in pairwise(ordered):
        covering = [finding for low, high, finding in here if low <= start and end <= high]
        finding = max(covering, key=lambda found: abs(found.points), default=None)
        text = quote[start - span.start : end - span.start]
        if pieces and pieces[-1][1] is finding:
            pieces[-1] = (pieces[-1][0] + text, finding)
        else:
            pieces.append((text, finding))
    return pieces


def _part(text: str, finding: Finding | None) -> Markup:
    # `plain` strips white space at a piece's ends, which separates words
    head = " " if text[:1].isspace() else ""
    tail = " " if text[-1:].isspace() and text.strip() else ""
    words = plain(text)
    if finding is None or not words:
        return Markup("{}{}{}").format(head, words, tail)
    kind = f"type-{finding.type}" if finding.type else "type-other"
    return Markup('{}<mark class="{}"><a href="#{}" title="{}">{}</a></mark>{}').format(
        head, kind, finding.id, finding.label, words, tail
    )
