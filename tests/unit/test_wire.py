"""Objects as JSON: times with milliseconds, everything else as msgspec writes it."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from msgspec import Struct

from schemas.analyses import Analysis
from schemas.appeals import Appeal
from schemas.citations import Citation
from schemas.claims import Claim
from schemas.entities import Entity
from schemas.exports import ExportedStory
from schemas.keys import Key
from schemas.lists import Page
from schemas.retractions import Tombstone
from schemas.source_feeds import Feed
from schemas.sources import Source
from schemas.stats import SourceProfile
from schemas.stories import Story, StoryRow
from schemas.verdicts import Verdict
from schemas.webhooks import Attempt, Delivery, Endpoint
from schemas.wire import encode_json, rfc3339
from tests.kit.texts.filled import filled

MOMENT = datetime(2026, 3, 1, 8, 0, 0, 250_000, UTC)


OBJECTS: tuple[type[Struct], ...] = (
    Analysis, Appeal, Attempt, Citation, Claim, Delivery, Endpoint, Entity, ExportedStory, Feed, Key, Source,
    SourceProfile, Story, StoryRow, Tombstone, Verdict,
)  # fmt: skip


def _walked(value: Any) -> Any:
    """The expected JSON: every value converted, with every time written out."""
    if isinstance(value, Struct):
        names = zip(value.__struct_encode_fields__, value.__struct_fields__, strict=True)
        shown = {name: _walked(getattr(value, field)) for name, field in names}
        return {name: part for name, part in shown.items() if part is not msgspec.UNSET}
    if isinstance(value, list | tuple):
        return [_walked(part) for part in value]
    if isinstance(value, dict):
        return {name: _walked(part) for name, part in value.items()}
    return rfc3339(value) if isinstance(value, datetime) else value


class TestJson:
    @pytest.mark.parametrize("kind", OBJECTS, ids=lambda kind: kind.__name__)
    def test_is_the_same_as_by_a_walk_through_every_value(self, kind: type[Struct]) -> None:
        value = filled(kind)
        assert encode_json(value) == msgspec.json.encode(_walked(value))

    def test_has_times_also_where_the_type_does_not_tell_of_them(self) -> None:
        class Loose(Struct):
            anything: Any
            many: dict[str, list[datetime | None]]

        value = Page(
            url="/", data=[Loose(MOMENT, {"a": [None, MOMENT]})], has_more=False, next_cursor=None,
            total_count=None,
        )  # fmt: skip
        assert json.loads(encode_json([value]))[0]["data"][0] == {
            "anything": "2026-03-01T08:00:00.250Z", "many": {"a": [None, "2026-03-01T08:00:00.250Z"]},
        }  # fmt: skip

    def test_leaves_raw_json_as_it_is(self) -> None:
        assert encode_json({"at": msgspec.Raw(b'{"b" : 1}')}) == b'{"at":{"b" : 1}}'

    def test_of_a_story_can_be_read_back(self) -> None:
        story = filled(Story)
        assert msgspec.json.decode(encode_json(story), type=Story) == story


class TestTimes:
    def test_is_in_utc_whatever_its_offset(self) -> None:
        elsewhere = MOMENT.astimezone(timezone(timedelta(hours=-9, minutes=-30)))
        assert rfc3339(elsewhere) == rfc3339(MOMENT) == "2026-03-01T08:00:00.250Z"

    def test_has_three_digits_of_its_second_always(self) -> None:
        assert rfc3339(MOMENT.replace(microsecond=0)) == "2026-03-01T08:00:00.000Z"
        assert rfc3339(MOMENT.replace(microsecond=999_999)) == "2026-03-01T08:00:00.999Z"
