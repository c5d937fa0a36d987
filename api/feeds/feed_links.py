"""Where a page says that its site's feeds are."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from msgspec import Struct

from api.web.control_characters import one_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_LINKS: Final = 20
# What a page calls a feed by, https://html.spec.whatwg.org/multipage/links.html#rel-alternate; `application/json`
# is what JSON Feed asked for before it had a type of its own.
TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json", "text/xml"}
)


class FeedLinks(Struct, kw_only=True, frozen=True):
    """The name that the site gives itself, and absolute addresses in the order of the page, each once."""

    site_name: str | None
    urls: list[str]


def feed_links(page: bytes, charset: str | None, url: str) -> FeedLinks:
    """The feeds that the page at `url` names; to be run in a process that can be killed.

    Feeds of comments are left out: what they announce is not the site's.
    """
    from selectolax.lexbor import LexborHTMLParser

    from api.web.encoding import decode_html

    text, _ = decode_html(page, charset)
    tree = LexborHTMLParser(text)
    named = tree.css_first('meta[property="og:site_name"]')
    name = one_line(named.attributes.get("content") or "") if named is not None else ""
    return FeedLinks(
        site_name=name if 0 < len(name) <= 100 else None,
        urls=list(dict.fromkeys(_links(tree, url)))[:MAX_LINKS],
    )


def _links(tree: "LexborHTMLParser", url: str) -> Iterator[str]:
    base = url
    set_base = tree.css_first("base[href]")
    if set_base is not None:
        base = _joined(url, set_base.attributes.get("href")) or url
    for link in tree.css("link[rel][href]"):
        attributes = link.attributes
        relations = (attributes.get("rel") or "").lower().split()
        media_type = (attributes.get("type") or "").partition(";")[0].strip().lower()
        if ("alternate" in relations and media_type in TYPES) or "feed" in relations:
            address = _joined(base, attributes.get("href"))
            if address and "/comments/" not in address:
                yield address


def _joined(base: str, link: str | None) -> str | None:
    try:
        address = urljoin(base, (link or "").strip())
    except ValueError:  # malformed IPv6 brackets
        return None
    return address if address.lower().startswith(("http://", "https://")) else None
