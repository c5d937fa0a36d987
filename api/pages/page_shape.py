"""What a page is by its markup, if it does not declare an article: an offer, ratings, an overview of links.

Limits: labels in English; an overview is recognised by its linked headings.
"""

import re
from statistics import median
from typing import Final
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from api.analysis.text.text_shape import is_offer

LINK_SHARE: Final = 0.6  # of the words inside links: above it the page is an index
TEASERS: Final = 5  # headings that link to other pages of the site
EVEN: Final = (
    2.5  # longest passage between such headings, in medians; an article with teasers below has one of 5
)
SHORT: Final = 80  # words of a passage that is too short for an article
REVIEWS: Final = 3  # elements of one class
REVIEW_SHARE: Final = 0.4  # of the page's words in them
STARS: Final = 4  # rows of stars
STAR_WORDS: Final = 50  # most words to one; a reporter's test says more of each

_CART = re.compile(r"\W{0,3}(?:add to (?:cart|basket|bag|trolley)|buy it now)\W{0,3}", re.IGNORECASE)
_CONTROLS: Final = "button, input[type=submit], input[type=button], a[href]"
_STORIES = re.compile(r"/(?:blog|news|articles?|press|stories|story|magazine|journal|\d{4})/", re.IGNORECASE)
_REVIEW = re.compile(
    r"(?:(?:customer|user|guest|product)[-_]{0,2})?(?:review|testimonial)s?"
    r"(?:[-_]{1,2}(?:card|item|body|text|content|entry|block|box))?",
    re.IGNORECASE,
)
_STARS = re.compile(r"[★☆⭐]{3,5}")
_HEADINGS: Final = frozenset({"h2", "h3", "h4"})
_ASIDES: Final = frozenset({"nav", "header", "footer", "aside", "script", "style", "noscript", "template"})


def shown_type(
    tree: LexborHTMLParser, visible: str, canonical: str | None, *, may_be_article: bool
) -> str | None:
    """The schema.org type that the markup shows; None if it may be an article's.

    `visible` is the page's text without scripts; `canonical` its own address. If `may_be_article` (`og:type`
    says so), the number of links alone decides nothing.
    """
    if tree.body is None or not visible:
        return None
    parts = urlsplit(canonical or "")
    words = len(visible.split())
    main = _Main(tree.body, parts.hostname)
    if not _STORIES.search(parts.path) and (_has_cart(tree) or is_offer("\n".join(main.texts))):
        return "Product"
    if _has_reviews(tree.body, words) or STARS <= len(_STARS.findall(visible)) >= words / STAR_WORDS:
        return "AggregateRating"
    linked = sum(len(link.text(separator=" ").split()) for link in tree.body.css("a[href]"))
    if (linked > LINK_SHARE * words and not may_be_article) or main.is_overview():
        return "CollectionPage"
    return None


def _has_cart(tree: LexborHTMLParser) -> bool:
    labels = (node.attributes.get("value") or node.text() for node in tree.css(_CONTROLS)[:2_000])
    return any(_CART.fullmatch(" ".join(label.split())) for label in labels if len(label) < 100)


def _has_reviews(body: LexborNode, words: int) -> bool:
    """Whether much of the page is in three or more elements of a class for reviews."""
    inside: dict[str, list[int]] = {}
    for node in body.css("[class*=review i], [class*=testimonial i], [itemprop~=review]")[:500]:
        attributes = node.attributes
        names = [name for name in (attributes.get("class") or "").split() if _REVIEW.fullmatch(name)]
        for name in names or [attributes.get("itemprop") or ""]:
            inside.setdefault(name, []).append(len(node.text(separator=" ").split()))
    return any(
        name and len(lengths) >= REVIEWS and sum(lengths) >= REVIEW_SHARE * words
        for name, lengths in inside.items()
    )


class _Main:
    """The page outside navigation, head, foot and asides: its `texts`, and the words between linked headings."""

    def __init__(self, body: LexborNode, host: str | None) -> None:
        """Reads the tree once."""
        self.texts: list[str] = []
        self.passages = [0]
        stack = [(body, False)]
        while stack:
            node, in_link = stack.pop()
            if node.tag == "-text":
                text = " ".join((node.text_content or "").split())
                self.texts.append(text)
                self.passages[-1] += len(text.split())
                continue
            if node.tag is None or node.tag.startswith("-") or node.tag in _ASIDES:
                continue
            in_link = in_link or _is_inner_link(node, host)
            if node.tag in _HEADINGS and (
                in_link or any(_is_inner_link(a, host) for a in node.css("a[href]"))
            ):
                self.passages.append(0)
            stack.extend((child, in_link) for child in reversed(list(node.iter(include_text=True))))

    def is_overview(self) -> bool:
        """Whether the page is teasers of about equal length, each under a heading that links to its page."""
        longest = max(self.passages)
        return len(self.passages) > TEASERS and longest <= max(SHORT, EVEN * median(self.passages))


def _is_inner_link(node: LexborNode, host: str | None) -> bool:
    """Whether the node links to another page of the site."""
    if node.tag != "a":
        return False
    target = node.attributes.get("href") or ""
    if not target or "#" in target:
        return False
    try:
        return urlsplit(target).hostname in (None, host)
    except ValueError:  # malformed IPv6 brackets
        return False
