"""Nodes and graphs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, TypeAlias

from api.rendering.site import Site
from api.rendering.vocabulary import context_address
from schemas.wire import rfc3339

Node: TypeAlias = dict[str, Any]


def node(address: str | None, kind: str, properties: Node) -> Node:
    """A node without empty properties; `address` is None for a blank node."""
    head: Node = {"@id": address, "@type": kind} if address else {"@type": kind}
    return head | {name: value for name, value in properties.items() if value not in (None, [], "")}


def ref(address: str) -> Node:
    """A reference to another node."""
    return {"@id": address}


def timed(at: datetime | None) -> str | None:
    """A time in the contract's format."""
    return None if at is None else rfc3339(at)


def graph(nodes: Iterable[Node], site: Site) -> Node:
    """The document of these nodes."""
    return {"@context": context_address(site.base_url), "@graph": list(nodes)}
