"""Text on a terminal: words of strangers made harmless, quotes in their context, bars of the score."""

import unicodedata

from rich.text import Text

from schemas.spans import Span

# What must not reach a terminal from a page: escape sequences, and marks that reorder or hide what is shown.
_DANGEROUS_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_CONTEXT = 24  # characters of context on each side of a quote; the spans hold up to 32
_LONGEST_QUOTE = 160


def plain(text: str) -> str:
    """`text` in one line, without control, formatting and private characters."""
    kept = (" " if c.isspace() else c for c in text if c.isspace() or _harmless(c))
    return " ".join("".join(kept).split())


def words_of(code: str) -> str:
    """A code of the method for people: `press_release` → `press release`."""
    return code.replace("_", " ")


def quoted(span: Span, style: str) -> Text:
    """The quote between its neighbours; a place without words where the quote budget is used up."""
    if span.quote is None:
        return Text(f"(characters {span.start} to {span.end})", style="dim")
    before, after = (span.prefix or "")[-_CONTEXT:], (span.suffix or "")[:_CONTEXT]
    # whole words only, and no glimpse of another paragraph
    before = before.rpartition("\n")[2]
    after = after.partition("\n")[0]
    if len(before) == _CONTEXT:
        before = before.partition(" ")[2]
    if len(after) == _CONTEXT:
        after = after.rpartition(" ")[0]
    quote = plain(span.quote)
    if len(quote) > _LONGEST_QUOTE:
        quote = quote[:_LONGEST_QUOTE].rpartition(" ")[0] + " …"
    return Text.assemble(
        (_spaced(before, left=False), "dim"), ("“" + quote + "”", style), (_spaced(after, left=True), "dim")
    )


def bar(value: int, width: int, style: str) -> Text:
    """`value` of 100 as a bar of `width` characters."""
    full = round(value * width / 100)
    return Text.assemble(("█" * full, style), ("░" * (width - full), "dim"))


def _harmless(character: str) -> bool:
    return unicodedata.category(character) not in _DANGEROUS_CATEGORIES


def _spaced(context: str, *, left: bool) -> str:
    """Context with the space that parts it from the quote, if the text has one there."""
    text = plain(context)
    edge = context[:1] if left else context[-1:]
    if not text or not edge.isspace():
        return text
    return f" {text}" if left else f"{text} "
