"""Reads a page's JSON-LD: the nodes that describe the page, with their references resolved."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from api.pages.page_types import ARTICLE_TYPES

Node = dict[str, Any]

MAX_CHARACTERS: Final = 1_000_000  # of one block; longer ones are catalogues
MAX_NODES: Final = 500

_PREFIX = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)", re.IGNORECASE)
_WRAPPING = re.compile(
    r"^\s*(?:<!--|/\*\s*<!\[CDATA\[\s*\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*;?\s*$"
)
_ARTICLES: Final = {name.lower(): rank for rank, name in enumerate(ARTICLE_TYPES)}


class StructuredData:
    """The nodes that describe the page: top-level, in `@graph`, and their `mainEntity`.

    Other nested nodes (related items, parts) describe something else. They are excluded, but `@id` can refer to
    them.
    """

    def __init__(self, tree: LexborHTMLParser) -> None:
        """Reads every `application/ld+json` block and ignores invalid JSON."""
        self.nodes: list[Node] = []
        for script in tree.css('script[type="application/ld+json"]'):
            self.nodes.extend(_nodes(_load(script.text())))
            if len(self.nodes) > MAX_NODES:
                break
        self._by_id = {node["@id"]: node for node in self.nodes if isinstance(node.get("@id"), str)}

    def article(self) -> Node:
        """The node of the most specific article type, or an empty node."""
        ranked = [
            (min(ranks), index)
            for index, node in enumerate(self.nodes)
            if (ranks := [_ARTICLES[t.lower()] for t in types_of(node) if t.lower() in _ARTICLES])
        ]
        return self.nodes[min(ranked)[1]] if ranked else {}

    def related(self, node: Node, name: str) -> list[Node]:
        """The nodes of a property, references resolved; a string becomes a node of that `name`."""
        found: list[Node] = []
        for value in _as_list(node.get(name)):
            if isinstance(value, str):
                found.append({"name": value})
            elif isinstance(value, dict):
                target = self._by_id.get(value["@id"], {}) if isinstance(value.get("@id"), str) else {}
                found.append({**target, **value})
        return found


def types_of(node: Node) -> list[str]:
    """The bare schema.org type names of a node."""
    return [_PREFIX.sub("", t) for t in _as_list(node.get("@type")) if isinstance(t, str)]


def text_of(node: Node, name: str) -> str | None:
    """The first non-empty string of a property."""
    for value in _as_list(node.get(name)):
        if isinstance(value, dict):
            value = value.get("@value") or value.get("name")
        if isinstance(value, str) and value.strip():
            return value.strip()
    return None


def _load(text: str) -> Any:
    if len(text) > MAX_CHARACTERS:
        return None
    try:
        return json.loads(_WRAPPING.sub("", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any) -> Iterator[Node]:
    pending = [value]
    yielded = 0
    while pending and yielded < MAX_NODES:
        current = pending.pop(0)
        if isinstance(current, list):
            pending[:0] = current[:MAX_NODES]
        elif isinstance(current, dict):
            pending[:0] = [current[key] for key in ("@graph", "mainEntity") if key in current]
            if "@type" in current or "@id" in current:
                yielded += 1
                yield current


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
