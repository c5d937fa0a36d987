"""What a page process does: extract, and judge. The worker itself only names these functions.

What they need is imported where they run: the worker's own process stays without parsers and weights, and
starts in half a second.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from api.analysis.article import Article, SourceFacts
from api.analysis.extracted import Extracted
from api.analysis.rulings import Ruling
from schemas.assessments import Assessment
from schemas.enums import SourceType
from schemas.taxonomy import Taxonomy

if TYPE_CHECKING:
    from api.analysis.rules import RulesEngine


class Reading(Struct, kw_only=True, frozen=True):
    """An article, its assessment, and the MinHash by which near-copies of its text are found."""

    article: Article
    assessment: Assessment
    signature: bytes
    bands: list[int]


@cache
def engine() -> "RulesEngine":
    """This process's engine; its weights are loaded at the first call."""
    from api.analysis.rules import RulesEngine

    return RulesEngine()


def extract_page(
    page: bytes,
    url: str | None,
    declared_charset: str | None,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
) -> Extracted:
    """See `extraction.extract`. Raises PageTooLarge."""
    from api.analysis.extraction import extract

    return extract(
        page, url=url, declared_charset=declared_charset, content_type=content_type, fetched_at=fetched_at
    )


def read_page(
    page: Extracted, url: str | None, source: SourceFacts, title: str | None, taxonomy: Taxonomy
) -> Reading:
    """Judge an extracted page; `title` overrules its own."""
    from api.analysis.articles import article_from_page

    return read_article(article_from_page(page, url=url, source=source, title=title), taxonomy)


def read_text(
    title: str | None, text: str, source: str | None, source_type: SourceType | None, taxonomy: Taxonomy
) -> Reading:
    """Judge a submitted text."""
    from api.analysis.articles import article_from_text

    return read_article(article_from_text(title, text, source, source_type), taxonomy)


def read_article(article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling] = ()) -> Reading:
    """Judge an article record."""
    from api.analysis.near_duplicates import bands, signature

    body = signature(article.text[article.body_start :])
    return Reading(
        article=article,
        assessment=engine().assess(article, taxonomy, rulings),
        signature=body,
        bands=bands(body),
    )
