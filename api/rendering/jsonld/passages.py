"""Spans as nodes, addressed by their characters."""

from collections.abc import Sequence

from api.rendering.jsonld.graph import Node, node
from api.rendering.plain_text import plain
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.spans import Span


def passages(spans: Sequence[Span], subject: Subject, site: Site) -> list[Node]:
    """One node per span; `char=` is a plain-text fragment (RFC 5147) in code points."""
    story = site.at("stories", subject.facts.id)
    return [
        node(
            f"{story}#char={span.start},{span.end}",
            "unspun:Passage",
            {
                "unspun:start": span.start,
                "unspun:end": span.end,
                "unspun:quote": plain(span.quote) if span.quote else None,
            },
        )
        for span in spans
    ]
