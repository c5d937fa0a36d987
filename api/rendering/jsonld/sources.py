"""Publishers of stories, and of the verdicts."""

from typing import Final

from api.rendering.jsonld.graph import Node, graph, node, ref, timed
from api.rendering.plain_text import plain
from api.rendering.site import Site
from schemas.enums import SourceType
from schemas.sources import Source, SourceSummary

_CLASSES: Final = {
    SourceType.MEDIA: "NewsMediaOrganization",
    SourceType.GOVERNMENT: "GovernmentOrganization",
    SourceType.RESEARCH: "ResearchOrganization",
    SourceType.NGO: "NGO",
}


def source_graph(source: Source, site: Site) -> Node:
    """A single source."""
    about = {
        "identifier": source.slug,
        "sameAs": [f"https://{domain}/" for domain in source.domains],
        "unspun:ownership": plain(source.ownership) if source.ownership else None,
        "subjectOf": ref(site.at("sources", source.id)),
    }
    page = node(
        site.at("sources", source.id),
        "WebPage",
        {
            "about": ref(source_address(source.id, site)),
            "dateCreated": timed(source.created_at),
            "dateModified": timed(source.updated_at),
            "publisher": ref(publisher_address(site)),
            "license": site.license,
        },
    )
    domain = source.domains[0] if source.domains else None
    return graph([_organization(source, domain, site) | _given(about), page, publisher_node(site)], site)


def source_node(source: SourceSummary, site: Site) -> Node:
    """A source in a story."""
    return _organization(source, source.domain, site)


def source_address(source_id: str, site: Site) -> str:
    return site.at("sources", source_id) + "#source"


def publisher_node(site: Site) -> Node:
    """This service, which publishes the verdicts."""
    return node(publisher_address(site), "Organization", {"name": "Unspun", "url": f"{site.base_url}/"})


def publisher_address(site: Site) -> str:
    return f"{site.base_url}/#publisher"


def _organization(source: Source | SourceSummary, domain: str | None, site: Site) -> Node:
    properties = {
        "name": plain(source.name),
        "url": f"https://{domain}/" if domain else None,
        "unspun:sourceType": source.type.value,
    }
    return node(source_address(source.id, site), _CLASSES.get(source.type, "Organization"), properties)


def _given(properties: Node) -> Node:
    return {name: value for name, value in properties.items() if value not in (None, [])}
