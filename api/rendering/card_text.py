"""Text for a terminal: quotes in context, score bars."""

from rich.text import Text

from api.rendering.context import in_context
from schemas.spans import Span

_MAX_QUOTE = 160


def quoted(span: Span, style: str) -> Text:
    """The quote in its context; only its position if the quote budget is used up."""
    if span.quote is None:
        return Text(f"(characters {span.start} to {span.end})", style="dim")
    before, quote, after = in_context(span)
    if len(quote) > _MAX_QUOTE:
        quote = quote[:_MAX_QUOTE].rpartition(" ")[0] + " …"
    return Text.assemble((before, "dim"), ("“" + quote + "”", style), (after, "dim"))


def bar(value: int, width: int, style: str) -> Text:
    """`value` of 100 as a bar of `width` characters."""
    full = round(value * width / 100)
    return Text.assemble(("█" * full, style), ("░" * (width - full), "dim"))
