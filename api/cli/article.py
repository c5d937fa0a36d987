"""The article record for `analyze` and `explain`, from a URL, a file, standard input or a record."""

import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from msgspec import Struct

from api.analysis.text.article import Article, SourceFacts
from api.cli.commands import Failure
from api.clock import Clock
from api.errors import ApiError
from api.fetching.client import GuardedClient
from api.fetching.page import fetch_page
from api.fetching.robots import Robots
from api.operations.exports.seed import load_sources
from api.pages.articles import article_from_page, article_from_text
from api.pages.extracted import Extracted
from api.pages.extraction import extract
from api.processes import Processes
from api.runtime.fetch_policy import fetch_policy, resolver_of
from api.settings import Settings
from api.web.canonical import canonical_url
from api.web.sites import source_domains
from schemas.enums import SourceType

_MAX_FILE_BYTES = 5_242_880  # as for fetched pages
_HTML_SUFFIXES = {".html", ".htm", ".xhtml"}


class Given(Struct, kw_only=True, frozen=True):
    """Facts from the command line; None: use the page's."""

    title: str | None
    source: str | None
    source_type: SourceType | None


class Record(Struct, kw_only=True, frozen=True):
    """A line of `--jsonl`. Unknown keys are ignored."""

    id: str
    text: str
    title: str | None = None
    source: str | None = None
    source_type: SourceType | None = None


async def article_of(target: str, given: Given, settings: Settings, processes: Processes) -> Article:
    """The article at a URL, in a file, or on standard input for `-`."""
    if target.lower().startswith(("http://", "https://")):
        return await article_of_url(target, given, settings, processes)
    return await article_of_file(target, given, processes)


async def article_of_url(url: str, given: Given, settings: Settings, processes: Processes) -> Article:
    """Fetch a page like the service does. Raises the errors of `fetch_page`."""
    client = GuardedClient(fetch_policy(settings), resolver_of(settings))
    try:
        page = await fetch_page(client, url, Robots(client))
    finally:
        await client.aclose()
    extracted = await processes.run(
        extract,
        page.body,
        url=page.final_url,
        declared_charset=page.charset,
        content_type=page.content_type,
        fetched_at=Clock().now(),
        typed=page.content_type is not None,
    )
    return _of_page(extracted, canonical_url(page.final_url, extracted.canonical_url).url, given)


def _of_page(extracted: Extracted, url: str, given: Given) -> Article:
    host = urlsplit(url).hostname or ""
    domains = source_domains(host)
    known = {domain: source for source in load_sources() for domain in source.domains}
    source = next((known[domain] for domain in domains if domain in known), None)
    facts = SourceFacts(
        name=given.source or (source.name if source else extracted.site_name or domains[-1]),
        type=given.source_type or (source.type if source else SourceType.OTHER),
        host=host,
    )
    return article_from_page(extracted, url=url, source=facts, title=given.title)


async def article_of_file(path: str, given: Given, processes: Processes) -> Article:
    """Read a file, or standard input for `-`: HTML, or text with an optional title as its short first line.

    The address that a page declares as its own is taken for the story's.
    """
    body = sys.stdin.buffer.read(_MAX_FILE_BYTES + 1) if path == "-" else _read(Path(path))
    if len(body) > _MAX_FILE_BYTES:
        raise Failure(f"{path} is larger than {_MAX_FILE_BYTES:,} bytes.")
    start = body[:1024].lstrip().lower()
    is_html = Path(path).suffix.lower() in _HTML_SUFFIXES or start.startswith(
        (b"<!doctype", b"<html", b"<?xml")
    )
    options: dict[str, Any] = {} if is_html else {"content_type": "text/plain"}
    extracted = await processes.run(extract, body, url=None, **options)
    url = _declared_address(extracted)
    if url is not None:
        return _of_page(extracted, url, given)
    facts = SourceFacts(
        name=given.source or extracted.site_name, type=given.source_type or SourceType.OTHER, host=None
    )
    return article_from_page(extracted, url=None, source=facts, title=given.title)


def _declared_address(extracted: Extracted) -> str | None:
    """The page's canonical address, unless it is none that could be fetched."""
    if extracted.canonical_url is None:
        return None
    try:
        return canonical_url(extracted.canonical_url, None).url
    except ApiError:
        return None


def article_of_record(record: Record) -> Article:
    """The record's text without a leading copy of its title."""
    title = (record.title or "").strip()
    text = record.text.strip()
    rest = text.removeprefix(title)
    if title and rest != text and rest[:1] in ("", "\n"):
        text = rest
    return article_from_text(title, text, record.source, record.source_type)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_FILE_BYTES + 1)
