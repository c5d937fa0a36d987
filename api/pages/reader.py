"""The functions that a page process runs: extract and judge.

`load` names the engine's class, as in `api/engines.py`. Dependencies are imported inside the functions, so that
the worker's own process loads no parsers and weights and starts in half a second.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from importlib import import_module
from urllib.parse import urlsplit

from msgspec import Struct

from api.analysis.engines.engine import Engine
from api.analysis.text.article import Article, SourceFacts
from api.analysis.text.rulings import Ruling
from api.errors import ApiError
from api.pages.extracted import Extracted
from schemas.agreements import Agreement
from schemas.assessments import Assessment
from schemas.enums import SourceType
from schemas.score_explanations import ReadAgain
from schemas.taxonomy import Taxonomy


class Reading(Struct, kw_only=True, frozen=True):
    """An article, its assessment, and the MinHash that finds near-copies of its text.

    `second` is the other judge's assessment and `agreement` compares the two, if there are two.
    """

    article: Article
    assessment: Assessment
    signature: bytes
    bands: list[int]
    second: Assessment | None = None
    agreement: Agreement | None = None


class Site(Struct, kw_only=True, frozen=True):
    """A page's address, its host, and the host with its parent domains, nearest first."""

    url: str
    host: str
    domains: list[str]


@cache
def engine(load: str) -> Engine:
    """This process's engine of a class, "module:name"; the first call loads its weights."""
    module, _, name = load.partition(":")
    loaded: Engine = getattr(import_module(module), name)()
    return loaded


def extract_page(
    page: bytes,
    url: str | None,
    declared_charset: str | None,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    *,
    typed: bool = True,
) -> Extracted:
    """See `extraction.extract`. Raises NotHtml, PageTooLarge."""
    from api.pages.extraction import extract

    return extract(
        page,
        url=url,
        declared_charset=declared_charset,
        content_type=content_type,
        fetched_at=fetched_at,
        typed=typed,
    )


def read_page(
    page: Extracted,
    url: str | None,
    source: SourceFacts,
    title: str | None,
    taxonomy: Taxonomy,
    load: str,
) -> Reading:
    """Judge an extracted page; `title` overrides its own."""
    return read_article(article_of_page(page, url, source, title), taxonomy, (), load)


def declared_site(page: Extracted) -> Site | None:
    """The canonical address that a page of unknown address declares; None if it could not be fetched."""
    from api.web.canonical import canonical_url
    from api.web.sites import source_domains

    try:
        url = canonical_url(page.canonical_url or "", None).url
    except ApiError:
        return None
    host = urlsplit(url).hostname or ""
    return Site(url=url, host=host, domains=source_domains(host))


def article_of_page(page: Extracted, url: str | None, source: SourceFacts, title: str | None) -> Article:
    """The article record of an extracted page; `title` overrides its own."""
    from api.pages.articles import article_from_page

    return article_from_page(page, url=url, source=source, title=title)


def article_of_text(
    title: str | None, text: str, source: str | None, source_type: SourceType | None
) -> Article:
    """The article record of a submitted text."""
    from api.pages.articles import article_from_text

    return article_from_text(title, text, source, source_type)


def read_article(
    article: Article,
    taxonomy: Taxonomy,
    rulings: Sequence[Ruling],
    load: str,
    proposal: bytes | None = None,
) -> Reading:
    """Judge an article record, with the engine's stored proposal, and find what identifies near-copies."""
    from api.pages.near_duplicates import bands, signature

    body = signature(article.text[article.body_start :])
    return Reading(
        article=article,
        assessment=assess_article(article, taxonomy, rulings, load, proposal),
        signature=body,
        bands=bands(body),
    )


def assess_article(
    article: Article,
    taxonomy: Taxonomy,
    rulings: Sequence[Ruling],
    load: str,
    proposal: bytes | None = None,
) -> Assessment:
    """Judge an article record, with the engine's stored proposal."""
    return engine(load).assess(article, taxonomy, rulings, proposal)


def read_again(
    article: Article,
    said: Assessment,
    taxonomy: Taxonomy,
    rulings: Sequence[Ruling],
    load: str,
    proposal: bytes | None = None,
) -> list[ReadAgain]:
    """Judge an article record without some of its sentences; `said` is its assessment."""
    return engine(load).read_again(article, said, taxonomy, rulings, proposal)
