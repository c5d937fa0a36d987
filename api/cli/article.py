"""The article record for `analyze` and `explain`, from a URL, a file, standard input or a record."""

import sys
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from msgspec import Struct

from api.analysis.text.article import Article, SourceFacts
from api.cli.commands import Failure
from api.clock import Clock
from api.pages.extracted import Extracted
from api.pages.reader import article_of_page, article_of_text, declared_site, extract_page
from api.processes.pool import Processes
from api.settings import Settings
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


class LocalFile(Struct, kw_only=True, frozen=True):
    """A file's content: HTML, or text with an optional title as its short first line."""

    body: bytes
    is_html: bool


class _Publisher(Struct, frozen=True):
    """The facts of a publisher in the seeds that an article record needs."""

    name: str
    type: SourceType
    domains: list[str]


class _Publishers(Struct, frozen=True):
    sources: list[_Publisher]


def local_file(target: str) -> LocalFile | None:
    """Read a file, or standard input for `-`; None for a URL."""
    if target.lower().startswith(("http://", "https://")):
        return None
    body = sys.stdin.buffer.read(_MAX_FILE_BYTES + 1) if target == "-" else _read(Path(target))
    if len(body) > _MAX_FILE_BYTES:
        raise Failure(f"{target} is larger than {_MAX_FILE_BYTES:,} bytes.")
    start = body[:1024].lstrip().lower()
    is_html = Path(target).suffix.lower() in _HTML_SUFFIXES or start.startswith(
        (b"<!doctype", b"<html", b"<?xml")
    )
    return LocalFile(body=body, is_html=is_html)


async def article_of(
    target: str, local: LocalFile | None, given: Given, settings: Settings, processes: Processes
) -> Article:
    """The article at a URL, or of the file read from `target`."""
    if local is None:
        return await article_of_url(target, given, settings, processes)
    return await article_of_file(local, given, processes)


async def article_of_url(url: str, given: Given, settings: Settings, processes: Processes) -> Article:
    """Fetch a page like the service does. Raises the errors of `fetch_page`."""
    # a file needs none of these
    from api.fetching.client import GuardedClient
    from api.fetching.page import fetch_page
    from api.fetching.robots import Robots
    from api.runtime.fetch_policy import fetch_policy, resolver_of
    from api.web.canonical import canonical_url
    from api.web.sites import source_domains

    client = GuardedClient(fetch_policy(settings), resolver_of(settings))
    try:
        page = await fetch_page(client, url, Robots(client))
    finally:
        await client.aclose()
    extracted = await processes.run(
        extract_page,
        page.body,
        page.final_url,
        page.charset,
        page.content_type,
        Clock().now(),
        typed=page.content_type is not None,
    )
    url = canonical_url(page.final_url, extracted.canonical_url).url
    host = urlsplit(url).hostname or ""
    facts = _publisher(extracted, host, source_domains(host), given)
    return await processes.run(article_of_page, extracted, url, facts, given.title)


def _publisher(extracted: Extracted, host: str, domains: list[str], given: Given) -> SourceFacts:
    """`domains` are the host and its parents, nearest first."""
    known = {domain: source for source in _known_publishers() for domain in source.domains}
    source = next((known[domain] for domain in domains if domain in known), None)
    return SourceFacts(
        name=given.source or (source.name if source else extracted.site_name or domains[-1]),
        type=given.source_type or (source.type if source else SourceType.OTHER),
        host=host,
    )


def _known_publishers() -> list[_Publisher]:
    """The publishers of the seeds, without `operations.exports.seed`, which loads what a database needs."""
    return [
        publisher
        for name in ("sources.json", "sources_invented.json")
        for publisher in msgspec.json.decode((files("seeds") / name).read_bytes(), type=_Publishers).sources
    ]


async def article_of_file(file: LocalFile, given: Given, processes: Processes) -> Article:
    """The address that a page declares as its own is taken for the story's."""
    content_type = None if file.is_html else "text/plain"
    extracted = await processes.run(extract_page, file.body, None, None, content_type)
    site = await processes.run(declared_site, extracted) if extracted.canonical_url else None
    if site is not None:
        facts = _publisher(extracted, site.host, site.domains, given)
    else:
        name = given.source or extracted.site_name
        facts = SourceFacts(name=name, type=given.source_type or SourceType.OTHER, host=None)
    url = site.url if site else None
    return await processes.run(article_of_page, extracted, url, facts, given.title)


def article_of_record(record: Record) -> Article:
    """The record's text without a leading copy of its title."""
    title = (record.title or "").strip()
    text = record.text.strip()
    rest = text.removeprefix(title)
    if title and rest != text and rest[:1] in ("", "\n"):
        text = rest
    return article_of_text(title, text, record.source, record.source_type)


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_MAX_FILE_BYTES + 1)
