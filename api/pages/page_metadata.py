"""Reads the metadata that a page declares: title, authors, dates, type, canonical URL."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from api.analysis.people.guest_authors import is_organization
from api.analysis.text.page_titles import page_title, same_name
from api.pages.page_types import ARTICLE_TYPES, PUBLISHER_KINDS, page_type
from api.pages.structured_data import Node, StructuredData, text_of, types_of
from api.web.control_characters import one_line
from api.web.opt_outs import OptOut, opt_outs_of_markup
from api.web.sites import registrable_domain

EARLIEST_YEAR: Final = 1990  # the web's first; earlier dates are defaults or typing errors

_MAX_METAS: Final = 1_000  # elements
_DATE_NAMES: Final = (
    "article:published_time", "og:published_time", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.created", "dc.date", "citation_publication_date", "citation_online_date", "date", "pubdate",
    "publish-date", "published_date",
)  # fmt: skip
_AUTHOR_NAMES: Final = ("author", "parsely-author", "sailthru.author", "dc.creator", "citation_author", "byl")
_SITE_NAMES: Final = ("og:site_name", "application-name", "citation_journal_title", "dc.publisher")
_MICRODATA_PROPERTIES: Final = frozenset({None, "", "mainentity", "blogpost", "blogposts"})
_BETWEEN_NAMES = re.compile(r"\s*[;,|]\s*|\s+(?:and|&)\s+", re.IGNORECASE)
_DEGREES: Final = frozenset({"ph.d.", "m.d.", "esq.", "editor", "contributor", "staff writer"})
_BYLINE = re.compile(r"^(?:written\s+|words\s+)?by[:\s]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """Declared metadata, unchecked.

    `author_organization` is the author's organisation, unless it is the site itself. `site_names` are all names
    of the site, `site_name` the first declared one. `canonical` is absolute, not normalised. `restricted`: the
    page declares that it is not accessible for free. `declares_article`: by JSON-LD or microdata; `og:type`
    article stands on pages of all kinds.
    """

    title: str
    site_name: str | None
    site_names: tuple[str, ...]
    authors: tuple[str, ...]
    author_organization: str | None
    published_at: datetime | None
    canonical: str | None
    page_type: str | None
    declares_article: bool
    publisher_kind: str | None
    language: str | None
    restricted: bool


def read_metadata(tree: LexborHTMLParser, url: str | None) -> PageMetadata:
    """The metadata of a parsed page; `url` is where it was fetched, None for a draft."""
    meta = _meta(tree)
    data = StructuredData(tree)
    article = data.article()
    declared_sites = _site_names(meta, data, article)
    sites = [*declared_sites, *_host_names(url)]
    declared = [
        meta.get("og:title"),
        text_of(article, "headline"),
        text_of(article, "name"),
        meta.get("title"),
    ]
    declared += [node.text() for node in tree.css("head title")[:1]]
    authors, organization = _authors(tree, data, article, sites)
    html = tree.css_first("html")
    types = [*(name for node in data.nodes for name in _types(node)), *_microdata_types(tree)]
    type_of_page = page_type(types, meta.get("og:type"))
    return PageMetadata(
        title=page_title(
            [heading.text(separator=" ") for heading in tree.css("h1")[:20]],
            [d for d in declared if d],
            sites,
        ),
        site_name=declared_sites[0] if declared_sites else None,
        site_names=tuple(sites),
        authors=tuple(authors),
        author_organization=organization,
        published_at=_published_at(tree, meta, data, article),
        canonical=_canonical(tree, meta, url),
        page_type=type_of_page,
        declares_article=type_of_page in ARTICLE_TYPES and page_type(types, None) == type_of_page,
        publisher_kind=_publisher_kind(data, article),
        language=(html.attributes.get("lang") if html else None) or meta.get("content-language"),
        restricted=any(_is_restricted(node) for node in data.nodes)
        or meta.get("isaccessibleforfree", "").lower() == "false",
    )


def parse_moment(text: str) -> datetime | None:
    """A moment in ISO 8601 or RFC 5322, as UTC with milliseconds; UTC if it has no zone.

    Returns None for anything else, and for a year before 1990.
    """
    text = text.strip()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
    try:
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return None
    if moment.year < EARLIEST_YEAR:
        return None
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _meta(tree: LexborHTMLParser) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in tree.css("meta[content]")[:_MAX_METAS]:
        attributes = node.attributes
        content = (attributes.get("content") or "").strip()
        for kind in ("property", "name", "itemprop", "http-equiv"):
            if content and (name := (attributes.get(kind) or "").strip().lower()):
                found.setdefault(name, content)
    return found


def find_opt_outs(tree: LexborHTMLParser) -> set[OptOut]:
    """Where the page's markup opts out of use by language models."""
    metas = (node.attributes for node in tree.css("meta[name][content]")[:_MAX_METAS])
    return opt_outs_of_markup((meta.get("name") or "", meta.get("content") or "") for meta in metas)


def _site_names(meta: dict[str, str], data: StructuredData, article: Node) -> list[str]:
    names = [meta.get(name) for name in _SITE_NAMES[:1]]
    names += [text_of(node, "name") for node in data.related(article, "publisher")]
    names += [meta.get(name) for name in _SITE_NAMES[1:]]
    names += [text_of(node, "name") for node in data.nodes if {"WebSite", "Blog"} & set(types_of(node))]
    return list(dict.fromkeys(line for name in names if name and (line := one_line(name))))


def _publisher_kind(data: StructuredData, article: Node) -> str | None:
    """The most telling type of the publisher, of the page or of the site."""
    publishers = [p for node in (article, *data.nodes) for p in data.related(node, "publisher")]
    types = [name for node in (*publishers, *data.nodes) for name in types_of(node)]
    return next((name for name in types if name in PUBLISHER_KINDS), None)


def _host_names(url: str | None) -> list[str]:
    """`blog.example.co.uk` → itself, `example.co.uk`, `example`: sites also use these as names."""
    host = (urlsplit(url or "").hostname or "").removeprefix("www.")
    domain = registrable_domain(host) if host else ""
    return [host, domain, domain.split(".")[0]] if host else []


def _authors(
    tree: LexborHTMLParser, data: StructuredData, article: Node, sites: list[str]
) -> tuple[list[str], str | None]:
    names: list[str] = []
    organizations: list[str] = []
    for node in data.related(article, "author"):
        name = text_of(node, "name") or ""
        if any(t.endswith(("Organization", "Corporation")) for t in types_of(node)):
            organizations.append(name)
        else:
            names += _split_names(name)
            for relation in ("worksFor", "affiliation"):
                organizations += [
                    text_of(employer, "name") or "" for employer in data.related(node, relation)
                ]
    if not names:
        names = _declared_authors(tree)
    author_names = [
        n
        for n in dict.fromkeys(map(one_line, names))
        if _is_name(n) and not any(same_name(n, site) for site in sites)
    ]
    people = [n for n in author_names if not is_organization(n)]
    organizations += [n for n in author_names if is_organization(n)]
    candidates = map(one_line, organizations)
    return people, next(
        (o for o in candidates if _is_name(o) and not any(same_name(o, s) for s in sites)), None
    )


def _declared_authors(tree: LexborHTMLParser) -> list[str]:
    for name in _AUTHOR_NAMES:
        contents = [node.attributes.get("content") or "" for node in tree.css(f'meta[name="{name}" i]')[:20]]
        if any(contents):
            # Scholarly pages have one element per author, often with the family name first.
            return (
                contents
                if name == "citation_author"
                else [p for content in contents for p in _split_names(content)]
            )
    return []


def _split_names(names: str) -> list[str]:
    """Splits `By Ann Lee, PhD and Bo Ek` into the two names."""
    if len(names) > 200:
        return []
    parts = map(one_line, _BETWEEN_NAMES.split(_BYLINE.sub("", names)))
    return [part for part in parts if len(part) > 3 and part.lower() not in _DEGREES]


def _is_name(text: str) -> bool:
    return 1 < len(text) <= 100 and "://" not in text and "@" not in text and any(c.isalpha() for c in text)


def _published_at(
    tree: LexborHTMLParser, meta: dict[str, str], data: StructuredData, article: Node
) -> datetime | None:
    texts = [text_of(article, "datePublished")]
    texts += [meta.get(name) for name in _DATE_NAMES]
    texts += [text_of(node, "datePublished") for node in data.nodes]
    texts += [text_of(article, "dateCreated"), meta.get("datepublished")]
    texts += [
        node.attributes.get("datetime") or node.attributes.get("content")
        for node in tree.css("[itemprop~=datePublished], time[pubdate]")[:3]
    ]
    times = {node.attributes.get("datetime") for node in tree.css("article time[datetime]")[:20]}
    texts += times if len(times) == 1 else []
    return next((moment for text in texts if text and (moment := parse_moment(text)) is not None), None)


def _canonical(tree: LexborHTMLParser, meta: dict[str, str], url: str | None) -> str | None:
    """The declared URL, absolute; None if several contradict each other."""
    links = [node.attributes.get("href") for node in tree.css("head link[rel~=canonical]")]
    declared = list(dict.fromkeys(link.strip() for link in links if link and link.strip()))
    if len(declared) > 1:
        return None
    target = declared[0] if declared else meta.get("og:url", "")
    base = tree.css_first("head base[href]")
    try:
        absolute = urljoin(urljoin(url or "", (base.attributes.get("href") or "") if base else ""), target)
    except ValueError:  # malformed IPv6 brackets
        return None
    return absolute if target and absolute.startswith(("http://", "https://")) else None


def _types(node: Node) -> list[str]:
    """The node's types. A product with one written review and no offer is the subject of that review."""
    review = node.get("review")
    if isinstance(review, list) and len(review) == 1:
        review = review[0]
    types = types_of(node)
    if types == ["Product"] and "offers" not in node and isinstance(review, dict) and "reviewBody" in review:
        return ["Review"]
    return types


def _microdata_types(tree: LexborHTMLParser) -> list[str]:
    return [
        (node.attributes.get("itemtype") or "").strip().rstrip("/").rpartition("/")[2]
        for node in tree.css("[itemscope][itemtype]")[:500]
        if (node.attributes.get("itemprop") or "").lower() in _MICRODATA_PROPERTIES
    ]


def _is_restricted(node: Node) -> bool:
    return str(node.get("isAccessibleForFree")).lower() in ("false", "http://schema.org/false", "0")
