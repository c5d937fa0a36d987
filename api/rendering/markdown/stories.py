"""A story in Markdown: its facts as front matter, then the verdict."""

from api.rendering.markdown.escaping import address, inline, quoted
from api.rendering.markdown.page import Page, Section
from api.rendering.markdown.verdicts import (
    verdict_essentials,
    verdict_front,
    verdict_lead,
    verdict_sections,
)
from api.rendering.site import Site
from schemas.stories import Story
from schemas.wire import rfc3339


def story_page(story: Story, site: Site) -> Page:
    verdict = story.verdict
    essentials = {
        "id": story.id,
        "verdict": verdict.id,
        **verdict_essentials(verdict, site),
    }
    front = essentials | {
        "url": story.links.self,
        "slug": story.slug,
        "canonical": story.url,
        "title": story.title,
        "source": story.source.name,
        "source_type": story.source.type.value,
        "author": story.author,
        "author_organization": story.author_organization,
        "published_at": rfc3339(story.published_at) if story.published_at else None,
        "created_at": rfc3339(story.created_at),
        "updated_at": rfc3339(story.updated_at),
        "page_gone_at": rfc3339(story.page_gone_at) if story.page_gone_at else None,
        "language": story.language,
        "vertical": story.vertical,
        "categories": ", ".join(story.categories) or None,
        **verdict_front(verdict),
        "second_opinion": story.second_opinion.value if story.second_opinion else None,
    }
    return Page(
        front=front,
        essentials=essentials,
        title=f"How “{inline(story.title)}” is framed",
        lead=verdict_lead(verdict, site),
        sections=[
            *verdict_sections(verdict, site, story.second_opinion),
            *_replies(story),
            _reading(story),
            _links(story),
        ],
        address=f"{story.links.self}.md",
    )


def _replies(story: Story) -> list[Section]:
    """Replies of the parties concerned."""
    replies = [
        f"- {inline(reply.by or 'Somebody concerned')}, {rfc3339(reply.shown_since)}, on `{reply.verdict_id}`:\n"
        f"{quoted(reply.text, '  ')}"
        for reply in story.replies
    ]
    return [Section(heading="Replies", noun="replies", weight=1, items=replies)] if replies else []


def _reading(story: Story) -> Section:
    read = story.input
    flags = f" · flags: {', '.join(read.flags)}" if read.flags else ""
    return Section(
        heading="What was read",
        noun="facts on the reading",
        weight=18,
        items=[
            f"- {read.words} words, {read.characters} characters, by {inline(read.extractor)}{flags}",
            f"- Fetched {rfc3339(read.fetched_at)} · SHA-256 of the text {inline(read.sha256)}",
            *(f"- Also at {address(alias.url)} ({alias.kind})" for alias in story.aliases),
        ],
    )


def _links(story: Story) -> Section:
    links = story.links
    return Section(
        heading="Further",
        noun="links",
        weight=19,
        items=[
            f"- Original: {address(links.original)}",
            f"- All versions of the verdict: <{links.verdicts}>",
            f"- The source: <{links.source}.md>",
            f"- More from it: <{links.more_from_source}>",
            f"- Appeals: <{links.appeals}>",
            f"- How to cite it: <{links.cite}>",
            f"- As JSON: <{links.self}.json> · as JSON-LD: <{links.self}.jsonld>",
        ],
    )
