"""The subject of a single verdict or claim: its story and publisher."""

from msgspec import Struct

from api.rendering.stories import StoryFacts
from schemas.sources import SourceSummary
from schemas.stories import Story


class Subject(Struct, kw_only=True, frozen=True):
    """A story without its verdict."""

    facts: StoryFacts
    source: SourceSummary


def subject_of(story: Story) -> Subject:
    """The subject of a whole story."""
    facts = StoryFacts(**{name: getattr(story, name) for name in StoryFacts.__struct_fields__})
    return Subject(facts=facts, source=story.source)
