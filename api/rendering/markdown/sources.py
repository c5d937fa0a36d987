"""A source in Markdown."""

from api.rendering.markdown.escaping import Scalar, address, inline
from api.rendering.markdown.page import Page, Section
from api.rendering.plain_text import words_of
from api.rendering.site import Site
from schemas.sources import Source
from schemas.wire import rfc3339


def source_page(source: Source, site: Site) -> Page:
    here = site.at("sources", source.id)
    essentials: dict[str, Scalar] = {
        "id": source.id,
        "name": source.name,
        "type": source.type.value,
        "license": site.license,
    }
    front = essentials | {
        "url": here,
        "slug": source.slug,
        "known": source.known,
        "created_at": rfc3339(source.created_at),
        "updated_at": rfc3339(source.updated_at),
    }
    facts = [f"- Domain: {inline(domain)}" for domain in source.domains]
    facts += [f"- Feed: {address(feed)}" for feed in source.feeds]
    if source.ownership:
        facts.append(f"- Ownership: {inline(source.ownership)}")
    facts.append(f"- Stories: <{site.base_url}/v1/stories?source={source.slug}>")
    return Page(
        front=front,
        essentials=essentials,
        title=f"Source: {inline(source.name)}",
        lead=f"A publisher of the type {words_of(source.type)}.",
        sections=[Section(heading="Facts", noun="facts", weight=0, items=facts)],
        address=f"{here}.md",
    )
