"""Spans as nodes, addressed by the characters that they cover."""

from collections.abc import Sequence

from api.rendering.jsonld.graph import Node, node
from api.rendering.plain_text import plain
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.spans import Span


def passages(spans: Sequence[Span], subject: Subject, site: Site) -> list[Node]:
    """One node a span; `char=` is the fragment of plain text (RFC 5147), counted in code points."""
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
