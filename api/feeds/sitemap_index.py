"""The sitemaps that an index of sitemaps names, those of news first."""

import re
from html import unescape
from typing import Final
from urllib.parse import urlsplit

MAX_SITEMAPS: Final = (
    200  # looked at; large sites have thousands, of which those of news come first or by name
)

_INDEX = re.compile(r"<(?:\w+:)?sitemapindex\b")
_LOCATION = re.compile(r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*(https?://[^\s<\]]{1,2000})")


def sitemaps_of(body: bytes, charset: str | None) -> list[str]:
    """Absolute addresses as the index has them; none where the document is no index.

    Only addresses are looked for, which a pattern finds in any XML, well-formed or not.
    """
    from api.web.encoding import decode_html

    text, _ = decode_html(body, charset)
    if not _INDEX.search(text[:2_000]):
        return []
    found = [
        unescape(match[1]) for _, match in zip(range(MAX_SITEMAPS), _LOCATION.finditer(text), strict=False)
    ]
    return sorted(found, key=lambda address: not is_of_news(address))


def is_of_news(address: str) -> bool:
    """Whether the path of a sitemap says that it has news; the host of a newspaper says it of everything."""
    return "news" in urlsplit(address).path.lower()
