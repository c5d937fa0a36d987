"""A crawler that starts at two URLs of a site and follows only links."""

import json
import re
from collections import deque
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urldefrag, urljoin

import httpx
from httplink import parse_link_header
from llms_txt import parse_llms_file
from lxml import etree  # type: ignore[import-untyped]  # lxml ships no types
from protego import Protego
from selectolax.lexbor import LexborHTMLParser

AGENT: Final = "TestCrawler"
_FOLLOWED: Final = {
    "alternate",
    "canonical",
    "next",
    "first",
    "self",
    "describedby",
    "service-desc",
    "service-doc",
}
_IN_MARKDOWN: Final = re.compile(r"<(https?://[^>\s]+)>|\]\((https?://[^)\s]+)\)")


class Crawler:
    """`pages` are the responses by URL.

    Requests only URLs of `site` that robots.txt allows and whose path begins as `within` requires.
    """

    def __init__(self, client: httpx.AsyncClient, site: str, within: str = "/") -> None:
        self.pages: dict[str, httpx.Response] = {}
        self._client = client
        self._site = site
        self._within = re.compile(re.escape(site) + within)
        self._robots: Protego | None = None

    async def crawl(self, *start: str) -> None:
        """From these URLs, until no link is left."""
        self._robots = Protego.parse((await self._client.get(f"{self._site}/robots.txt")).text)
        waiting = deque(f"{self._site}{path}" for path in start)
        if "/robots.txt" in start:
            waiting += self._robots.sitemaps
        met = set(waiting)
        while waiting:
            address = waiting.popleft()
            answer = await self._client.get(address)
            self.pages[address] = answer
            for found in self._links(address, answer):
                if found not in met:
                    met.add(found)
                    waiting.append(found)

    def of(self, pattern: str) -> dict[str, list[httpx.Response]]:
        """The matching responses, by the groups of the pattern."""
        found: dict[str, list[httpx.Response]] = {}
        for address, answer in self.pages.items():
            if match := re.fullmatch(re.escape(self._site) + pattern, address):
                found.setdefault(match[1], []).append(answer)
        return found

    def _links(self, address: str, answer: httpx.Response) -> Iterator[str]:
        for found in (*_of_headers(answer), *_of_body(answer)):
            target = urldefrag(urljoin(address, found)).url
            assert self._robots is not None
            if self._within.match(target) and self._robots.can_fetch(target, AGENT):
                yield target


def _of_headers(answer: httpx.Response) -> Iterator[str]:
    if "link" in answer.headers:
        yield from (
            link.target for link in parse_link_header(answer.headers["link"]).links if link.rel & _FOLLOWED
        )


def _of_body(answer: httpx.Response) -> Iterator[str]:
    kind = answer.headers["content-type"].partition(";")[0]
    if kind == "text/html":
        for node in LexborHTMLParser(answer.text).css("a[href], link[href]"):
            if node.tag == "a" or _FOLLOWED & set((node.attributes.get("rel") or "").split()):
                yield node.attributes["href"] or ""
    elif kind == "text/markdown":
        if answer.url.path == "/llms.txt":
            yield from (
                link.url for links in parse_llms_file(answer.text).sections.values() for link in links
            )
        else:
            yield from (one or other for one, other in _IN_MARKDOWN.findall(answer.text))
    elif kind == "application/xml":
        yield from (place.text for place in etree.fromstring(answer.content).iter("{*}loc"))
    elif kind in ("application/atom+xml", "application/rss+xml"):
        tree = etree.fromstring(answer.content)
        yield from (link.get("href") for link in tree.iter("{*}link") if link.get("href"))
        yield from (link.text for link in tree.iter("link") if link.text)
    elif kind == "application/json":
        yield from _of_json(json.loads(answer.content))


def _of_json(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, part in value.items():
            if name == "links" and isinstance(part, dict):
                yield from (link for link in part.values() if isinstance(link, str) and "://" in link)
            else:
                yield from _of_json(part)
    elif isinstance(value, list):
        for part in value:
            yield from _of_json(part)
