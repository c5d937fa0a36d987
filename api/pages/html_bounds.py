"""Rejects HTML that would keep a parser busy for minutes, before parsing it.

Measured: 300,000 links cost the extractor 19 s and 1 GB, 50,000 links 4.5 s; 40,000 levels of nesting cost the
HTML5 parser 2.4 s, and 200,000 never returned. The largest of 31 real pages (1.4 MB) had about 10,000 tags, a
few dozen deep. The count is lexical, so a crafted page can still be slow: run extraction in a process that can
be killed.
"""

import re
from typing import Final

from api.errors import PageTooLarge

MAX_CHARACTERS: Final = 5_242_880  # equal to the byte limit of a fetched page (`FetchPolicy`)
MAX_TAGS: Final = 100_000  # counted by "<": 50,000 elements, ten times the largest measured page
MAX_ATTRIBUTES: Final = 1_000  # of one tag; the parser is quadratic in them: 20,000 cost 0.9 s
MAX_DEPTH: Final = 500  # the extractor's own parser stops at 256

_ATTRIBUTE = r"[^\s/>][^\s/>=]*+(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'>][^\s>]*+)?)?"
_TOKEN = re.compile(
    r"<(?:"
    r"!--(?:-?>|.*?(?:--!?>|\Z))"  # a comment, perhaps unclosed
    r"|[!?][^>]*"
    r"|(?P<end>/?)(?P<name>[a-z][^\s/>]*)"
    rf"(?P<attributes>(?:[\s/]++|{_ATTRIBUTE})*+)"
    r")",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTES = re.compile(_ATTRIBUTE)
# Elements whose content is text up to their end tag.
_RAW: Final = frozenset({"script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"})
# Void elements, and those with optional end tags.
_SHALLOW: Final = frozenset({
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr",
    "image", "keygen", "frame",
    "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup",
    "caption", "rp", "rt", "rb", "rtc", "html", "head", "body",
})  # fmt: skip


def check_bounds(html: str) -> None:
    """Raises PageTooLarge if the page has too many characters, tags, attributes, or levels of nesting."""
    if len(html) > MAX_CHARACTERS:
        raise PageTooLarge(f"The page is longer than {MAX_CHARACTERS} characters.")
    if html.count("<") > MAX_TAGS:
        raise PageTooLarge(f"The page has more than {MAX_TAGS} tags.")
    if _depth(html) > MAX_DEPTH:
        raise PageTooLarge(f"The page is nested deeper than {MAX_DEPTH} levels.")


def _depth(html: str) -> int:
    """The deepest nesting, counted by tag name; unmatched end tags are ignored."""
    open_tags: dict[str, int] = {}
    depth = deepest = position = 0
    while (token := _TOKEN.search(html, position)) is not None:
        position = token.end()
        attributes = token["attributes"] or ""
        if len(attributes) > MAX_ATTRIBUTES and len(_ATTRIBUTES.findall(attributes)) > MAX_ATTRIBUTES:
            raise PageTooLarge(f"A tag of the page has more than {MAX_ATTRIBUTES} attributes.")
        name = (token["name"] or "").lower()
        if not name or name in _SHALLOW:
            continue
        if token["end"]:
            if open_tags.get(name, 0):
                open_tags[name] -= 1
                depth -= 1
        elif name in _RAW:
            end = re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE).search(html, position)
            position = end.end() if end else len(html)
        else:
            open_tags[name] = open_tags.get(name, 0) + 1
            depth += 1
            if depth > deepest:
                deepest = depth
                if deepest > MAX_DEPTH:
                    break
    return deepest
