"""The sitemaps in a sitemap index, news first."""

import re
from html import unescape
from typing import Final
from urllib.parse import urlsplit

MAX_SITEMAPS: Final = 200  # large sites have thousands; news sitemaps are first or named

_INDEX = re.compile(r"<(?:\w+:)?sitemapindex\b")
_LOCATION = re.compile(r"<(?:\w+:)?loc>\s*(?:<!\[CDATA\[)?\s*(https?://[^\s<\]]{1,2000})")


def sitemaps_of(body: bytes, charset: str | None) -> list[str]:
    """The URLs in the index, found by a pattern in any XML, even malformed; empty if the document is no index."""
    from api.web.encoding import decode_html

    text, _ = decode_html(body, charset)
    if not _INDEX.search(text[:2_000]):
        return []
    urls = [
        unescape(match[1]) for _, match in zip(range(MAX_SITEMAPS), _LOCATION.finditer(text), strict=False)
    ]
    return sorted(urls, key=lambda address: not is_of_news(address))


def is_of_news(address: str) -> bool:
    """Whether a sitemap's path contains `news`; the host is ignored, as a newspaper's often does."""
    return "news" in urlsplit(address).path.lower()
