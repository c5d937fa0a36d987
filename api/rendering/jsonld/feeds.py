"""New stories as a schema.org DataFeed, with the node addresses of their own graphs."""

from collections.abc import Iterator

import msgspec

from api.rendering.feeds import Feed
from api.rendering.forms import Form
from api.rendering.jsonld.exports import days_covered, spin_score
from api.rendering.jsonld.graph import Node, graph, node, ref, timed
from api.rendering.jsonld.originals import original_class
from api.rendering.jsonld.sources import publisher_address, publisher_node, source_address, source_node
from api.rendering.jsonld.stories import headline, story_address
from api.rendering.jsonld.taxonomy import tactic_address, type_address
from api.rendering.jsonld.verdicts import rating_node, verdict_address
from api.rendering.plain_text import plain
from api.rendering.sentences import score_meaning
from api.rendering.site import Site
from schemas.enums import SpinType
from schemas.stories import StoryRow

_encode = msgspec.json.Encoder().encode


def data_feed(feed: Feed, site: Site) -> bytes:
    """One page of the feed; without `dateModified` if it is empty."""
    us, stories = ref(publisher_address(site)), feed.stories
    page = node(
        f"{feed.first}#feed",
        "DataFeed",
        {
            "name": feed.title,
            "description": score_meaning(),
            "url": feed.self,
            "license": site.license,
            "creator": us,
            "publisher": us,
            "isAccessibleForFree": True,
            "inLanguage": "en",
            "dateModified": timed(feed.changed_at) if stories else None,
            "temporalCoverage": _covered(feed),
            "variableMeasured": spin_score(),
            "distribution": [_table(form, feed, site) for form in (Form.CSV, Form.NDJSON)],
            "dataFeedElement": [
                node(
                    None,
                    "DataFeedItem",
                    {
                        "dateCreated": timed(row.created_at),
                        "dateModified": timed(row.updated_at),
                        "item": ref(story_address(row.id, site)),
                    },
                )
                for row in stories
            ],
        },
    )
    sources = {row.source.id: source_node(row.source, site) for row in stories}
    nodes = [one for row in stories for one in _known(row, site)]
    return _encode(graph([page, *nodes, *sources.values(), publisher_node(site)], site))


def _table(form: Form, feed: Feed, site: Site) -> Node:
    """The whole feed as one file."""
    address = f"{site.base_url}/v1/stories.{form}" + (f"?{feed.filters}" if feed.filters else "")
    properties = {"contentUrl": address, "encodingFormat": form.media_type, "name": feed.title}
    return node(address, "DataDownload", properties)


def _covered(feed: Feed) -> str | None:
    """The days from the oldest text to the newest; a text without a date has its creation time."""
    times = [row.published_at or row.created_at for row in feed.stories]
    return days_covered(min(times, default=None), max(times, default=None))


def _known(row: StoryRow, site: Site) -> Iterator[Node]:
    """The original, our page and the verdict, with the data of a list."""
    assert row.score is not None, "feeds hold scored stories"
    assert row.band is not None
    us, verdict = ref(publisher_address(site)), verdict_address(row.verdict_id, site)
    yield node(
        row.url,
        original_class(row.source.type),
        {
            "headline": plain(row.title),
            "url": row.url,
            "publisher": ref(source_address(row.source.id, site)),
            "datePublished": timed(row.published_at),
            "inLanguage": row.language,
        },
    )
    yield node(
        story_address(row.id, site),
        "AnalysisNewsArticle",
        {
            "url": site.at("stories", row.id),
            "identifier": row.id,
            "headline": headline(row.title),
            "isBasedOn": ref(row.url),
            "review": ref(verdict),
            "author": us,
            "publisher": us,
            "datePublished": timed(row.created_at),
            "dateModified": timed(row.updated_at),
            "version": row.version,
            "license": site.license,
            "inLanguage": "en",
        },
    )
    types = [kind for kind in (row.primary, row.secondary) if kind not in (None, SpinType.NONE)]
    terms = [type_address(kind, site) for kind in types if kind]
    tactic = tactic_address(row.tactic, site) if row.tactic else None
    yield node(
        verdict,
        "Review",
        {
            "itemReviewed": ref(row.url),
            "reviewAspect": "spin",
            "author": us,
            "version": row.version,
            "about": [ref(term) for term in [*terms, *([tactic] if tactic else [])]],
            "reviewBody": plain(row.deck) if row.deck else None,
            "reviewRating": rating_node(row.score, row.band, None),
            "unspun:primaryType": row.primary.value if row.primary else None,
            "unspun:secondaryType": row.secondary.value if row.secondary else None,
            "unspun:tactic": row.tactic,
            "unspun:stance": row.stance.value if row.stance else None,
            "unspun:satire": True if row.satire else None,
            "unspun:happening": row.happening.value if row.happening else None,
        },
    )
