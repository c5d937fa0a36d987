"""The original publication, with facts only."""

from typing import Final

from api.rendering.jsonld.graph import Node, node, ref, timed
from api.rendering.jsonld.sources import source_address
from api.rendering.plain_text import plain
from api.rendering.site import Site
from api.rendering.subject import Subject
from schemas.enums import SourceType

_CLASSES: Final = {
    SourceType.MEDIA: "NewsArticle",
    SourceType.COMPANY_BLOG: "BlogPosting",
    SourceType.RESEARCH: "ScholarlyArticle",
    SourceType.ANALYST: "Report",
    SourceType.COMMUNITY: "DiscussionForumPosting",
}


def original_address(subject: Subject) -> str:
    """The original's own URL."""
    return subject.facts.url


def original_class(kind: SourceType) -> str:
    """The schema.org class for texts of this source type."""
    return _CLASSES.get(kind, "Article")


def original_node(subject: Subject, site: Site) -> Node:
    facts = subject.facts
    author = node(None, "Person", {"name": plain(facts.author)}) if facts.author else None
    if author and facts.author_organization:
        author["affiliation"] = node(None, "Organization", {"name": plain(facts.author_organization)})
    return node(
        original_address(subject),
        original_class(subject.source.type),
        {
            "headline": plain(facts.title),
            "url": facts.url,
            "publisher": ref(source_address(subject.source.id, site)),
            "author": author,
            "datePublished": timed(facts.published_at),
            "inLanguage": facts.language,
        },
    )
