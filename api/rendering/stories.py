"""The served story, from its facts and current verdict."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from schemas.appeals import Reply
from schemas.enums import SecondOpinionState, StoryStatus
from schemas.sources import SourceSummary
from schemas.stories import Alias, Input, Story, StoryLinks
from schemas.verdicts import Verdict


class StoryFacts(Struct, kw_only=True, frozen=True):
    """A story's data except its verdict."""

    id: str
    slug: str
    url: str
    status: StoryStatus
    title: str
    author: str | None
    author_organization: str | None
    published_at: datetime | None
    language: str | None
    page_gone_at: datetime | None
    second_opinion: SecondOpinionState | None
    created_at: datetime
    updated_at: datetime


def build_story(
    facts: StoryFacts,
    *,
    source: SourceSummary,
    aliases: Sequence[Alias],
    read: Input,
    verdict: Verdict,
    replies: Sequence[Reply],
    base_url: str,
) -> Story:
    """The story with verdict and links. `read` is the input of the verdict."""
    here = f"{base_url}/v1/stories/{facts.id}"
    return Story(
        **{name: getattr(facts, name) for name in facts.__struct_fields__},
        vertical=verdict.vertical,
        categories=verdict.categories,
        source=source,
        aliases=list(aliases),
        input=read,
        verdict=verdict,
        replies=list(replies),
        links=StoryLinks(
            self=here,
            original=facts.url,
            verdicts=f"{here}/verdicts",
            claims=f"{here}/claims",
            appeals=f"{here}/appeals",
            source=f"{base_url}/v1/sources/{source.id}",
            more_from_source=f"{base_url}/v1/stories?source={source.slug}",
            cite=f"{here}/cite",
            passages=f"{base_url}/v1/verdicts/{verdict.id}/passages",
        ),
    )
