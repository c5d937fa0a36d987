"""Feed links in pages."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from msgspec import Struct

from api.web.control_characters import one_line

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser

MAX_LINKS: Final = 20
# Feed types (https://html.spec.whatwg.org/multipage/links.html#rel-alternate); JSON Feed used
# `application/json` before it had its own type.
TYPES: Final = frozenset(
    {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json", "text/xml"}
)


class FeedLinks(Struct, kw_only=True, frozen=True):
    """The site's own name, and absolute URLs in page order without duplicates."""

    site_name: str | None
    urls: list[str]


def feed_links(page: bytes, charset: str | None, url: str) -> FeedLinks:
    """The feeds that the page at `url` links to, except comment feeds. Run it in a process that can be killed."""
    from selectolax.lexbor import LexborHTMLParser

    from api.web.encoding import decode_html

    text, _ = decode_html(page, charset)
    tree = LexborHTMLParser(text)
    meta = tree.css_first('meta[property="og:site_name"]')
    name = one_line(meta.attributes.get("content") or "") if meta is not None else ""
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
