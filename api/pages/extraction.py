"""Extracts a page's text and metadata from its bytes. Pure; run it in a process that can be killed."""

import logging
import re
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Final

from selectolax.lexbor import LexborHTMLParser, LexborNode

from api.analysis.people.guest_authors import guest_organization
from api.analysis.text.disguises import disguises
from api.errors import NotHtml
from api.pages.extracted import Extracted
from api.pages.hidden_text import remove_hidden_text
from api.pages.html_bounds import check_bounds
from api.pages.languages import language_of
from api.pages.page_metadata import PageMetadata, find_opt_outs, parse_moment, read_metadata
from api.pages.page_shape import shown_type
from api.pages.paragraphs import paragraphs, plain_paragraphs, without_head
from api.web.control_characters import one_line
from api.web.encoding import decode_html
from api.web.html_start import looks_like_html
from schemas.enums import InputFlag

EXTRACTOR: Final = f"trafilatura {version('trafilatura')}, unspun 2"

PAYWALL_WORDS: Final = 200  # a metered page shows two or three paragraphs
OFFER_WORDS: Final = 3  # fewest in a paywall box that is not an empty placeholder
OPENING_CHARACTERS: Final = 40  # enough to recognise a text
TITLE_WORDS: Final = 30  # most in a first line of plain text that counts as title
MAX_LEAD_TIME: Final = timedelta(days=2)  # after the fetch; a later date is wrong, whatever the zone

_FAR_FUTURE: Final = "2100-01-01"  # htmldate would otherwise read the clock
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
_AUTHOR_ELEMENTS: Final = "[class*=byline i],[class*=author i],[rel=author]"
_OTHER_PEOPLE: Final = re.compile(
    r"comment|repl(?:y|ies)|response|related|recommend|teaser|promo|sponsor|sidebar|widget|\bads?\b",
    re.IGNORECASE,
)  # elements about people other than the author
_MAX_NOTES, _MAX_NOTE = 12, 400  # elements, and characters of one
_LEVELS_UP: Final = 12  # ancestors searched for the owner of a note

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs odd pages as errors
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

    `url` is where the page was fetched, None for a draft. `declared_charset` and `content_type` come from the
    response. A date later than `fetched_at` (aware) is ignored. If `typed` is False, no content type was
    declared: only bytes that begin like HTML are accepted. The text comes from trafilatura (Barbaresi 2021,
    https://aclanthology.org/2021.acl-demo.15), without hidden text. Raises NotHtml, and PageTooLarge for a page
    beyond the bounds of `html_bounds`.
    """
    if not typed and not looks_like_html(html):
        raise NotHtml("The address holds a file that is not a page.")
    decoded, doubtful = decode_html(html, declared_charset)
    flags = {InputFlag.INVALID_ENCODING} if doubtful else set()
    if content_type == _PLAIN:
        return _extract_plain(decoded, sorted(flags | disguises(decoded)))
    check_bounds(decoded)
    tree = LexborHTMLParser(decoded)
    metadata, opt_outs = read_metadata(tree, url), sorted(find_opt_outs(tree))
    if remove_hidden_text(tree):
        flags.add(InputFlag.HIDDEN_TEXT)
    found_paragraphs, guessed_date = _running_text(tree.html or "", url)
    text = "\n\n".join(without_head(found_paragraphs, metadata.title))
    published_at = metadata.published_at or (parse_moment(guessed_date) if guessed_date else None)
    if published_at and fetched_at and published_at > fetched_at + MAX_LEAD_TIME:
        published_at = None
    organization = metadata.author_organization or guest_organization(
        found_paragraphs, metadata.authors, metadata.site_names, url, _author_notes(tree)
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
        publisher_kind=metadata.publisher_kind,
        opt_outs=opt_outs,
    )


def _author_notes(tree: LexborHTMLParser) -> list[str]:
    """Texts of bylines and author boxes, which the running text often lacks."""
    nodes = [node for node in tree.css(_AUTHOR_ELEMENTS)[:_MAX_NOTES] if not _concerns_others(node)]
    notes = (" ".join(node.text(separator=" ").split()) for node in nodes)
    return [note for note in notes if note and len(note) <= _MAX_NOTE]


def _concerns_others(node: LexborNode) -> bool:
    ancestor: LexborNode | None = node
    for _ in range(_LEVELS_UP):
        if ancestor is None or ancestor.tag in ("body", "main", "article"):
            return False
        attributes = ancestor.attributes
        if _OTHER_PEOPLE.search(f"{attributes.get('class') or ''} {attributes.get('id') or ''}"):
            return True
        ancestor = ancestor.parent
    return True


def _extract_plain(text: str, flags: list[InputFlag]) -> Extracted:
    blocks = plain_paragraphs(text)
    title = ""
    if len(blocks) > 1 and "\n" not in blocks[0] and len(blocks[0].split()) <= TITLE_WORDS:
        title = one_line(blocks.pop(0))
    body = "\n\n".join(blocks)
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
    """The article's paragraphs, and the date guessed from the markup, if any."""
    # plain text needs neither
    import trafilatura
    from lxml.etree import LxmlError  # type: ignore[import-untyped]  # lxml ships no types

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
        return [], None  # the extractor failed on the markup
    if document is None or isinstance(document, dict) or document.body is None:
        return [], None
    return paragraphs(document.body), document.date


def _page_type(tree: LexborHTMLParser, metadata: PageMetadata) -> str | None:
    if metadata.declares_article or (metadata.page_type == "Article" and metadata.published_at):
        return metadata.page_type
    shown = shown_type(
        tree, _visible(tree), metadata.canonical, may_be_article=metadata.page_type == "Article"
    )
    return shown or metadata.page_type or "WebPage"


def _looks_restricted(tree: LexborHTMLParser, metadata: PageMetadata, text: str) -> bool:
    """Whether the page declares a paywall, asks to subscribe, or shows a subscription box.

    An empty box does not count, nor does an element around the article itself.
    """
    if metadata.restricted or _PAYWALL_WORDS.search(" ".join(_visible(tree).split())):
        return True
    start = " ".join(text[:OPENING_CHARACTERS].split())
    boxes = (" ".join(box.text(separator=" ").split()) for box in tree.css(_PAYWALL_PLACES)[:20])
    return any(len(box.split()) >= OFFER_WORDS and (not start or start not in box) for box in boxes)


def _visible(tree: LexborHTMLParser) -> str:
    """The body's words without scripts and styles."""
    tree.strip_tags(["script", "style", "noscript", "template"], recursive=True)
    return tree.body.text(separator=" ") if tree.body is not None else ""
