"""The labelled stories of `gold/*.jsonl` and the saved pages of `samples/html`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from api.analysis.text.article import Article, SourceFacts
from api.cli.article import Record, article_of_record
from api.pages.articles import article_from_page
from api.pages.reader import extract_page
from schemas.enums import SourceType, StoryStatus


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its label; `scorable` is False if the engine should refuse it."""

    id: str
    article: Article
    label: dict[str, Any]
    scorable: bool


class _Page(msgspec.Struct, frozen=True):
    file: str
    url: str
    expected: StoryStatus
    source_type: SourceType = SourceType.OTHER  # no label for a page that is to be refused


def labelled_stories(path: Path) -> list[Labelled]:
    """All stories of a file, built as `unspun analyze --jsonl` builds articles."""
    return [labelled_record(msgspec.json.decode(line)) for line in path.read_bytes().splitlines()]


def labelled_record(label: dict[str, Any]) -> Labelled:
    return Labelled(
        label["id"], article_of_record(msgspec.convert(label, Record)), label, label["confidence"] != 0
    )


def labelled_pages(folder: Path) -> list[Labelled]:
    """All pages in the folder's `index.json`, extracted as the service does."""
    pages = msgspec.json.decode((folder / "index.json").read_bytes(), type=list[_Page])
    return [_page(folder, page) for page in pages]


def page_article(content: bytes, url: str, source_type: SourceType = SourceType.OTHER) -> Article:
    """The page as the service extracts it."""
    extracted = extract_page(content, url, None)
    source = SourceFacts(name=extracted.site_name, type=source_type, host=urlsplit(url).hostname)
    return article_from_page(extracted, url=url, source=source)


def _page(folder: Path, page: _Page) -> Labelled:
    article = page_article((folder / page.file).read_bytes(), page.url, page.source_type)
    return Labelled(page.file, article, {}, page.expected is StoryStatus.SCORED)
