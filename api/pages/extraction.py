"""A page's bytes to its text and what it declares of itself. Pure; to be run where it can be killed."""

import logging
import re
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Final

import trafilatura
from lxml.etree import LxmlError  # type: ignore[import-untyped]  # lxml ships no types
from selectolax.lexbor import LexborHTMLParser, LexborNode

from api.analysis.people.guest_authors import guest_organization
from api.analysis.text.disguises import disguises
from api.errors import NotHtml
from api.pages.extracted import Extracted
from api.pages.hidden_text import take_out_hidden_text
from api.pages.html_bounds import check_bounds
from api.pages.languages import language_of
from api.pages.page_metadata import PageMetadata, parse_moment, read_metadata
from api.pages.paragraphs import paragraphs, plain_paragraphs, without_head
from api.web.control_characters import one_line
from api.web.encoding import decode_html
from api.web.html_start import looks_like_html
from schemas.enums import InputFlag

EXTRACTOR: Final = f"trafilatura {version('trafilatura')}, unspun 2"

PAYWALL_WORDS: Final = 200  # a metered page shows two or three paragraphs; with more the text is there
OFFER_WORDS: Final = 3  # of a paywall's box that is more than a place for one
OPENING_CHARACTERS: Final = 40  # enough of a text to know it again
LINK_SHARE: Final = 0.6  # of a page's words inside links: a page of navigation, not one with navigation
TITLE_WORDS: Final = 30  # of the first line of plain text, for it to be a title
MAX_LEAD_TIME: Final = timedelta(days=2)  # a page dated later than it was fetched, time zones aside, errs

_FAR_FUTURE: Final = "2100-01-01"  # the date finder wants a limit and would ask the clock for one
_PAYWALL_PLACES: Final = (
    "[class*=paywall i],[id*=paywall i],[class*=regwall i],[class*=subscriber-only i],[class*=tp-container],"
    "[class*=metered i],[class*=subscription-required i],[data-paywall]"
)
_PAYWALL_WORDS: Final = re.compile(
    r"(?:subscribe|sign (?:in|up)|log ?in|register)(?: now)? (?:to|and) (?:continue|keep|read|unlock)"
    r"|(?:this|the) (?:article|story|content) is (?:only |exclusively )?(?:for|available to) "
    r"(?:our )?(?:paying )?(?:subscribers|members)|already a subscriber\?"
    r"|(?:continue|keep) reading (?:with|for) a",
    re.IGNORECASE,
)
_PLAIN: Final = "text/plain"
_AUTHOR_NOTES: Final = "[class*=byline i],[class*=author i],[rel=author]"
_OTHERS_NOTES: Final = re.compile(
    r"comment|repl(?:y|ies)|response|related|recommend|teaser|promo|sponsor|sidebar|widget|\bads?\b",
    re.IGNORECASE,
)  # places on a page that speak of others than its author
_MAX_NOTES, _MAX_NOTE = 12, 400  # elements, and characters of one: what is longer is no note
_LEVELS_UP: Final = 12  # from a note to what tells whose it is

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it reports every odd page as an error
logging.getLogger("htmldate").setLevel(logging.CRITICAL)


def extract(
    html: bytes,
    *,
    url: str | None,
    declared_charset: str | None = None,
    content_type: str | None = None,
    fetched_at: datetime | None = None,
    typed: bool = True,
) -> Extracted:
    """Extract the article of a page, whatever its bytes are.

    `url` is where the page was fetched, None for a draft; `declared_charset` and `content_type` are the
    answer's; a date later than `fetched_at` (aware) is not believed. With `typed` False nobody said that this is
    a page, so only bytes that begin as HTML does are taken. The text comes from trafilatura
    (Barbaresi 2021, https://aclanthology.org/2021.acl-demo.15), read without what readers do not see.
    Raises NotHtml, and PageTooLarge for a page beyond the bounds of `html_bounds`.
    """
    if not typed and not looks_like_html(html):
        raise NotHtml("The address holds a file that is not a page.")
    decoded, doubtful = decode_html(html, declared_charset)
    flags = {InputFlag.INVALID_ENCODING} if doubtful else set()
    if content_type == _PLAIN:
        return _extract_plain(decoded, sorted(flags | disguises(decoded)))
    check_bounds(decoded)
    tree = LexborHTMLParser(decoded)
    metadata = read_metadata(tree, url)
    if take_out_hidden_text(tree):
        flags.add(InputFlag.HIDDEN_TEXT)
    found, guessed_date = _running_text(tree.html or "", url)
    text = "\n\n".join(without_head(found, metadata.title))
    published_at = metadata.published_at or (parse_moment(guessed_date) if guessed_date else None)
    if published_at and fetched_at and published_at > fetched_at + MAX_LEAD_TIME:
        published_at = None
    organization = metadata.author_organization or guest_organization(
        found, metadata.authors, metadata.site_names, url, _notes_on_author(tree)
    )
    return Extracted(
        title=metadata.title,
        text=text,
        author=", ".join(metadata.authors) or None,
        author_organization=organization,
        published_at=published_at,
        language=language_of(text, metadata.language),
        canonical_url=metadata.canonical,
        site_name=metadata.site_name,
        page_type=_page_type(tree, metadata),
        paywalled=len(text.split()) < PAYWALL_WORDS and _looks_restricted(tree, metadata, text),
        flags=sorted(flags | disguises(f"{metadata.title} {_visible(tree)}")),
        extractor=EXTRACTOR,
    )


def _notes_on_author(tree: LexborHTMLParser) -> list[str]:
    """What bylines and boxes beside the text say: the running text often goes without them."""
    found = [node for node in tree.css(_AUTHOR_NOTES)[:_MAX_NOTES] if not _is_of_others(node)]
    notes = (" ".join(node.text(separator=" ").split()) for node in found)
    return [note for note in notes if note and len(note) <= _MAX_NOTE]


def _is_of_others(node: LexborNode) -> bool:
    around: LexborNode | None = node
    for _ in range(_LEVELS_UP):
        if around is None or around.tag in ("body", "main", "article"):
            return False
        attributes = around.attributes
        if _OTHERS_NOTES.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        around = around.parent
    return True


def _extract_plain(text: str, flags: list[InputFlag]) -> Extracted:
    found = plain_paragraphs(text)
    title = ""
    if len(found) > 1 and "\n" not in found[0] and len(found[0].split()) <= TITLE_WORDS:
        title = one_line(found.pop(0))
    body = "\n\n".join(found)
    return Extracted(
        title=title,
        text=body,
        author=None,
        author_organization=None,
        published_at=None,
        language=language_of(body),
        canonical_url=None,
        site_name=None,
        page_type=None,
        paywalled=False,
        flags=flags,
        extractor="plain text, unspun 1",
    )


def _running_text(html: str, url: str | None) -> tuple[list[str], str | None]:
    """The article's paragraphs, and the date that the date finder sees in the markup, if any."""
    try:
        document = trafilatura.bare_extraction(
            html,
            url=url,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={
                "extensive_search": False,
                "original_date": True,
                "max_date": _FAR_FUTURE,
            },
        )
    except (AssertionError, AttributeError, LookupError, LxmlError, RecursionError, TypeError, ValueError):
        return [], None  # markup that trips the extractor holds no text that it could read
    if document is None or isinstance(document, dict) or document.body is None:
        return [], None
    return paragraphs(document.body), document.date


def _page_type(tree: LexborHTMLParser, metadata: PageMetadata) -> str | None:
    if metadata.page_type not in (None, "WebPage", "WebSite", "Blog") or tree.body is None:
        return metadata.page_type
    words = len(_visible(tree).split())
    linked = sum(len(link.text(separator=" ").split()) for link in tree.body.css("a[href]"))
    return "CollectionPage" if words and linked > LINK_SHARE * words else metadata.page_type


def _looks_restricted(tree: LexborHTMLParser, metadata: PageMetadata, text: str) -> bool:
    """Whether the page says so, asks to subscribe, or shows a box of offers.

    An empty place for such a box is none, nor is an element around the article itself.
    """
    if metadata.restricted or _PAYWALL_WORDS.search(" ".join(_visible(tree).split())):
        return True
    start = " ".join(text[:OPENING_CHARACTERS].split())
    boxes = (" ".join(box.text(separator=" ").split()) for box in tree.css(_PAYWALL_PLACES)[:20])
    return any(len(box.split()) >= OFFER_WORDS and (not start or start not in box) for box in boxes)


def _visible(tree: LexborHTMLParser) -> str:
    """The words of the body, scripts and styles aside."""
    tree.strip_tags(["script", "style", "noscript", "template"], recursive=True)
    return tree.body.text(separator=" ") if tree.body is not None else ""
