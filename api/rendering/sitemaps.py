"""Sitemaps (sitemaps.org 0.9) and the news sitemap (Google's 0.9)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from msgspec import Struct

from api.rendering.xml_text import escaped, xml_text
from schemas.wire import rfc3339

MAX_URLS: Final = 50_000  # of one file
MAX_NEWS: Final = 1_000
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NS: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NEWS_NS: Final = "http://www.google.com/schemas/sitemap-news/0.9"


class SitemapEntry(Struct, kw_only=True, frozen=True):
    """A URL with its time of change, if known."""

    url: str
    changed_at: datetime | None = None


class NewsEntry(Struct, kw_only=True, frozen=True):
    url: str
    title: str
    published_at: datetime


def sitemap_index(sitemaps: Iterable[SitemapEntry]) -> str:
    """A sitemap index."""
    return _document("sitemapindex", "sitemap", sitemaps)


def sitemap(pages: Iterable[SitemapEntry]) -> str:
    """A sitemap."""
    return _document("urlset", "url", pages)


def news_sitemap(pages: Iterable[NewsEntry], *, publication: str, language: str) -> str:
    """A news sitemap of a publication."""
    head = f'{_HEAD}<urlset xmlns="{_NS}" xmlns:news="{_NEWS_NS}">\n'
    name = (
        f"<news:publication><news:name>{xml_text(publication)}</news:name>"
        f"<news:language>{xml_text(language)}</news:language></news:publication>"
    )
    entries = [
        f"<url><loc>{escaped(page.url)}</loc><news:news>{name}"
        f"<news:publication_date>{rfc3339(page.published_at)}</news:publication_date>"
        f"<news:title>{xml_text(page.title)}</news:title></news:news></url>\n"
        for page in pages
    ]
    return f"{head}{''.join(entries)}</urlset>\n"


def _document(root: str, element: str, entries: Iterable[SitemapEntry]) -> str:
    elements = [
        f"<{element}><loc>{escaped(entry.url)}</loc>"
        + (f"<lastmod>{rfc3339(entry.changed_at)}</lastmod>" if entry.changed_at else "")
        + f"</{element}>\n"
        for entry in entries
    ]
    return f'{_HEAD}<{root} xmlns="{_NS}">\n{"".join(elements)}</{root}>\n'
