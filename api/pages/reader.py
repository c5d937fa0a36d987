"""What a page process does: extract, and judge. The worker itself only names these functions.

A profile says which engine judges: `full` by a parse and an encoder, `fast` by words and characters alone.

What they need is imported where they run: the worker's own process stays without parsers and weights, and
starts in half a second.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Final, Literal, TypeAlias

from msgspec import Struct

from api.analysis.engines.engine import Engine
from api.analysis.text.article import Article, SourceFacts
from api.analysis.text.rulings import Ruling
from api.pages.extracted import Extracted
from schemas.assessments import Assessment
from schemas.enums import SourceType
from schemas.taxonomy import Taxonomy

Profile: TypeAlias = Literal["full", "fast"]
FULL: Final = "full"


class Reading(Struct, kw_only=True, frozen=True):
    """An article, its assessment, and the MinHash by which near-copies of its text are found."""

    article: Article
    assessment: Assessment
    signature: bytes
    bands: list[int]


@cache
def engine(profile: Profile = FULL) -> Engine:
    """This process's engine of a profile; its weights are loaded at the first call."""
    if profile == "fast":
        from api.analysis.engines.fast.engine import FastEngine

        return FastEngine()
    from api.analysis.engines.rules import RulesEngine

    return RulesEngine()


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
    profile: Profile = FULL,
) -> Reading:
    """Judge an extracted page; `title` overrules its own."""
    from api.pages.articles import article_from_page

    return read_article(
        article_from_page(page, url=url, source=source, title=title), taxonomy, profile=profile
    )


def read_text(
    title: str | None,
    text: str,
    source: str | None,
    source_type: SourceType | None,
    taxonomy: Taxonomy,
    profile: Profile = FULL,
) -> Reading:
    """Judge a submitted text."""
    from api.pages.articles import article_from_text

    return read_article(article_from_text(title, text, source, source_type), taxonomy, profile=profile)


def read_article(
    article: Article, taxonomy: Taxonomy, rulings: Sequence[Ruling] = (), profile: Profile = FULL
) -> Reading:
    """Judge an article record by the engine of a profile."""
    from api.pages.near_duplicates import bands, signature

    body = signature(article.text[article.body_start :])
    return Reading(
        article=article,
        assessment=engine(profile).assess(article, taxonomy, rulings),
        signature=body,
        bands=bands(body),
    )
