"""Event types: names as in Standard Webhooks, and schemas that only gain fields."""

import re

import pytest
from msgspec.structs import fields

from schemas.event_types import EVENT_KINDS
from schemas.events import EventType

# The fields of `data` in version 1. Add fields, never remove any.
STORY = (
    "story_id verdict_id url title source_id source source_type vertical language published_at status version "
    "reason spin happening entities"
)
PROMISED = {
    "story.published": STORY,
    "verdict.revised": STORY,
    "story.retracted": "story_id verdict_id reason statement",
    "analysis.completed": "analysis_id url story_id verdict_id",
    "analysis.failed": "analysis_id url error",
    "analysis.cancelled": "analysis_id url reason",
    "appeal.decided": "appeal_id story_id verdict_id outcome explanation",
    "endpoint.disabled": "endpoint_id url reason failing_since",
    "webhook.gap": "endpoint_id url lost_after lost_through",
    "webhook.ping": "endpoint_id",
}


class TestATypeOfEvent:
    @pytest.mark.parametrize("name", [kind.value for kind in EventType])
    def test_is_named_by_words_and_full_stops(self, name: str) -> None:
        assert re.fullmatch(r"[a-zA-Z0-9_]+(?:\.[a-zA-Z0-9_]+)+", name)

    def test_has_one_schema_that_keeps_its_promises(self) -> None:
        assert [kind.type for kind in EVENT_KINDS] == list(dict.fromkeys(kind.type for kind in EVENT_KINDS))
        assert (
            {kind.type.value for kind in EVENT_KINDS} == set(PROMISED) == {kind.value for kind in EventType}
        )
        for kind in EVENT_KINDS:
            assert {field.name for field in fields(kind.data)} == set(PROMISED[kind.type].split())
