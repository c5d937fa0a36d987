"""Feeds of new stories in Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, with the same entries."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Final

import msgspec
from msgspec import Struct

from api.rendering.plain_text import plain, words_of
from api.rendering.sentences import band_words, score_meaning, story_label
from api.rendering.site import Site
from api.rendering.vocabulary import PREFIX, namespace
from api.rendering.xml_text import escaped, xml_text
from schemas.stories import StoryRow
from schemas.wire import rfc3339

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
_ATOM: Final = "http://www.w3.org/2005/Atom"
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)  # for an empty feed: Atom requires a time
_encode = msgspec.json.Encoder().encode


class Feed(Struct, kw_only=True, frozen=True):
    """`about` describes the selection, `filters` is its query string, `page` its HTML address.

    `self`, `first` and `next` are pages of the feed. `stories` must be scored.
    """

    about: str
    filters: str
    page: str
    self: str
    first: str
    next: str | None
    stories: Sequence[StoryRow]

    @property
    def title(self) -> str:
        return f"Unspun: {self.about}"

    @property
    def changed_at(self) -> datetime:
        return max((row.updated_at for row in self.stories), default=_NEVER)


def atom(feed: Feed, site: Site) -> bytes:
    links = [("self", feed.self), ("first", feed.first)] + ([("next", feed.next)] if feed.next else [])
    lines = [
        f'{_HEAD}<feed xmlns="{_ATOM}" xmlns:{PREFIX}="{escaped(namespace(site.base_url))}" xml:lang="en">',
        f"<id>{escaped(feed.first)}</id>",
        f"<title>{xml_text(feed.title)}</title>",
        f"<subtitle>{xml_text(score_meaning())}</subtitle>",
        f"<updated>{rfc3339(feed.changed_at)}</updated>",
        f"<author><name>Unspun</name><uri>{escaped(site.base_url)}/</uri></author>",
        f'<generator version="{escaped(site.version)}">Unspun</generator>',
        f"<rights>{escaped(site.license)}</rights>",
        _link("license", site.license),
        _link("alternate", feed.page, "text/html"),
        *(_link(rel, target, "application/atom+xml") for rel, target in links),
        *(_atom_entry(row, site) for row in feed.stories),
    ]
    return ("\n".join(lines) + "\n</feed>\n").encode()


def rss(feed: Feed, site: Site) -> bytes:
    links = [("self", feed.self), ("first", feed.first)] + ([("next", feed.next)] if feed.next else [])
    space = escaped(namespace(site.base_url))
    lines = [
        f'{_HEAD}<rss version="2.0" xmlns:atom="{_ATOM}" xmlns:{PREFIX}="{space}">\n<channel>',
        f"<title>{xml_text(feed.title)}</title>",
        f"<link>{escaped(feed.page)}</link>",
        f"<description>{xml_text(score_meaning())}</description>",
        "<language>en</language>",
        f"<copyright>{escaped(site.license)}</copyright>",
        f"<lastBuildDate>{format_datetime(feed.changed_at.astimezone(UTC), usegmt=True)}</lastBuildDate>",
        "<docs>https://www.rssboard.org/rss-specification</docs>",
        *(_link(rel, target, "application/rss+xml", element="atom:link") for rel, target in links),
        *(_rss_item(row, site) for row in feed.stories),
    ]
    return ("\n".join(lines) + "\n</channel>\n</rss>\n").encode()


def json_feed(feed: Feed, site: Site) -> bytes:
    shown: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": score_meaning(),
        "home_page_url": feed.page,
        "feed_url": feed.self,
        "language": "en",
        "authors": [{"name": "Unspun", "url": f"{site.base_url}/"}],
        "_unspun": {"license": site.license, "about": namespace(site.base_url)},
        "items": [_json_item(row, site) for row in feed.stories],
    }
    if feed.next:
        shown["next_url"] = feed.next
    return _encode(shown)


def _atom_entry(row: StoryRow, site: Site) -> str:
    address = site.at("stories", row.id)
    lines = [
        "<entry>",
        f"<id>{escaped(address)}</id>",
        f"<title>{xml_text(row.title)}</title>",
        f"<published>{rfc3339(row.created_at)}</published>",
        f"<updated>{rfc3339(row.updated_at)}</updated>",
        _link("alternate", f"{address}.html", "text/html"),
        _link("alternate", f"{address}.md", "text/markdown"),
        _link("alternate", f"{address}.jsonld", "application/ld+json"),
        _link("related", row.url),
        *(
            f'<category term="{xml_text(term)}" label="{xml_text(label)}"'
            + (f' scheme="{escaped(site.base_url)}/v1/taxonomy"' if of_taxonomy else "")
            + "/>"
            for term, label, of_taxonomy in _categories(row, site)
        ),
        f"<summary>{xml_text(_summary(row, site))}</summary>",
        *_facts_as_xml(row),
        "</entry>",
    ]
    return "\n".join(lines)


def _rss_item(row: StoryRow, site: Site) -> str:
    address = site.at("stories", row.id)
    lines = [
        "<item>",
        f"<title>{xml_text(row.title)}</title>",
        f"<link>{escaped(address)}.html</link>",
        f'<guid isPermaLink="true">{escaped(address)}.html</guid>',
        f"<pubDate>{format_datetime(row.created_at.astimezone(UTC), usegmt=True)}</pubDate>",
        f"<description>{xml_text(xml_text(_summary(row, site)))}</description>",  # readers parse it as HTML
        *(f"<category>{xml_text(label)}</category>" for _, label, _ in _categories(row, site)),
        _link("related", row.url, element="atom:link"),
        f"<atom:updated>{rfc3339(row.updated_at)}</atom:updated>",
        *_facts_as_xml(row),
        "</item>",
    ]
    return "\n".join(lines)


def _json_item(row: StoryRow, site: Site) -> dict[str, Any]:
    address = site.at("stories", row.id)
    return {
        "id": address,
        "url": f"{address}.html",
        "external_url": row.url,
        "title": plain(row.title),
        "content_text": _summary(row, site),
        "date_published": rfc3339(row.created_at),
        "date_modified": rfc3339(row.updated_at),
        "tags": [label for _, label, _ in _categories(row, site)],
        "_unspun": _facts(row),
    }


def _facts(row: StoryRow) -> dict[str, str | int | bool | None]:
    """The story's facts, named as in its JSON."""
    return {
        "id": row.id,
        "verdict_id": row.verdict_id,
        "version": row.version,
        "primary": row.primary,
        "secondary": row.secondary,
        "tactic": row.tactic,
        "score": row.score,
        "band": row.band,
        "stance": row.stance,
        "satire": row.satire,
        "happening": row.happening,
        "source": plain(row.source.name),
        "source_id": row.source.id,
        "published_at": None if row.published_at is None else rfc3339(row.published_at),
        "language": row.language,
        "vertical": row.vertical,
    }


def _facts_as_xml(row: StoryRow) -> list[str]:
    return [
        f"<{PREFIX}:{name}>{xml_text(_as_text(value))}</{PREFIX}:{name}>"
        for name, value in _facts(row).items()
        if value is not None
    ]


def _as_text(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)  # as XML writes booleans


def _summary(row: StoryRow, site: Site) -> str:
    """Type, tactic and score, then the deck."""
    assert row.band is not None, "feeds hold scored stories"
    tactic = site.taxonomy.tactic(row.tactic) if row.tactic else None
    name = story_label(row, site) + (f" by {tactic.name}" if tactic else "")
    return plain(f"{name}: {row.score} of 100, {band_words(row.band)}. {row.deck or ''}")


def _categories(row: StoryRow, site: Site) -> list[tuple[str, str, bool]]:
    """Term, label, and whether the term is in the taxonomy."""
    found = [(row.primary.value, story_label(row, site), True)] if row.primary else []
    if row.secondary:
        found.append((row.secondary.value, site.type_name(row.secondary), True))
    return found + ([(row.vertical, words_of(row.vertical), False)] if row.vertical else [])


def _link(rel: str, target: str, media_type: str = "", *, element: str = "link") -> str:
    kind = f' type="{media_type}"' if media_type else ""
    return f'<{element} rel="{rel}" href="{xml_text(target)}"{kind}/>'
