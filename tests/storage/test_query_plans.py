"""Common lists at 100,000 stories use an index, and read only the page."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from api.storage.stories.claims import SELECT_CLAIMS, ClaimFilter
from api.storage.stories.entities import COUNT_ENTITIES, SELECT_ENTITIES, EntityFilter
from api.storage.stories.story_lists import (
    SELECT_STORIES_BY_ARRIVAL,
    SELECT_STORIES_BY_SCORE,
    SELECT_STORIES_BY_TIME,
    SELECT_STORIES_BY_UPDATE,
    SELECT_STORIES_OF_ENTITY,
    StoryFilter,
)
from api.storage.stories.story_search import SELECT_STORIES_BY_RELEVANCE
from schemas.enums import ClaimKind, ClaimSupport, EntityType, HappeningKind, SpinType, StoryStatus
from tests.conftest import Servers
from tests.kit.databases import connected
from tests.kit.texts.many_stories import BEGAN, BIG, Many

pytestmark = pytest.mark.slow

STORIES = 100_000
PAGE = 21  # the default, and one more to detect a next page
MANY = Many(stories=STORIES, claims_each=1)
MIDDLE = (BEGAN + timedelta(minutes=STORIES // 2), "sty_5")  # halfway through the list
HIGH = (60, "sty_5")

_OF_SOURCE = StoryFilter(source=MANY.an_id("src", 20))
_HYPE = StoryFilter(spin_type=SpinType.HYPE)
_HIGH_HYPE = StoryFilter(spin_type=SpinType.HYPE, min_score=60)
_HEALTH = StoryFilter(vertical="health")
_OF_ENTITY = StoryFilter(entity=MANY.an_id("ent", 7))
_SINCE = StoryFilter(published_after=BEGAN + timedelta(minutes=STORIES // 3))
_REFUSED = StoryFilter(status=StoryStatus.NOT_SCORABLE)
_RECALLS = StoryFilter(happening=HappeningKind.RECALL)
_CLAIMS_OF_RECALLS = ClaimFilter(happening=HappeningKind.RECALL)
_ASSERTED = ClaimFilter(kind=ClaimKind.MARKET, support=ClaimSupport.ASSERTED)

# The list, its statement, its filters, and a place in the middle of it.
LISTS: dict[str, tuple[str, StoryFilter | ClaimFilter, tuple[Any, str]]] = {
    "all stories": (SELECT_STORIES_BY_TIME, StoryFilter(), MIDDLE),
    "all stories, highest first": (SELECT_STORIES_BY_SCORE, StoryFilter(), HIGH),
    "all stories, last changed first": (SELECT_STORIES_BY_UPDATE, StoryFilter(), MIDDLE),
    "all stories, last added first": (SELECT_STORIES_BY_ARRIVAL, StoryFilter(), MIDDLE),
    "of a type, last added first": (SELECT_STORIES_BY_ARRIVAL, _HYPE, MIDDLE),
    "of a source": (SELECT_STORIES_BY_TIME, _OF_SOURCE, MIDDLE),
    "of a source, highest first": (SELECT_STORIES_BY_SCORE, _OF_SOURCE, HIGH),
    "of a type": (SELECT_STORIES_BY_TIME, _HYPE, MIDDLE),
    "of a type, highest first": (SELECT_STORIES_BY_SCORE, _HYPE, HIGH),
    "of a type with a high score": (SELECT_STORIES_BY_TIME, _HIGH_HYPE, MIDDLE),
    "of a type with a high score, highest first": (SELECT_STORIES_BY_SCORE, _HIGH_HYPE, (90, "sty_5")),
    "of a vertical": (SELECT_STORIES_BY_TIME, _HEALTH, MIDDLE),
    "of a vertical, highest first": (SELECT_STORIES_BY_SCORE, _HEALTH, HIGH),
    "of a happening": (SELECT_STORIES_BY_TIME, _RECALLS, MIDDLE),
    "of an entity": (SELECT_STORIES_OF_ENTITY, _OF_ENTITY, MIDDLE),
    "since a time": (SELECT_STORIES_BY_TIME, _SINCE, MIDDLE),
    "that could not be judged": (SELECT_STORIES_BY_TIME, _REFUSED, MIDDLE),
    "all claims": (SELECT_CLAIMS, ClaimFilter(), MIDDLE),
    "claims of stories with a happening": (SELECT_CLAIMS, _CLAIMS_OF_RECALLS, MIDDLE),
    "claims of a kind and support": (SELECT_CLAIMS, _ASSERTED, MIDDLE),
}


@pytest.fixture(scope="module")
async def full(servers: Servers, template: str) -> AsyncIterator[asyncpg.Connection]:
    async with servers.temporary(template, "plans") as name, connected(servers.database(name)) as connection:
        await MANY.write(connection)
        yield connection


async def _plan(connection: asyncpg.Connection, query: str, *values: Any) -> dict[str, Any]:
    return json.loads(await connection.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {query}", *values))[0][
        "Plan"
    ]


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from _nodes(below)


def _read(node: dict[str, Any]) -> float:
    return float((node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"])


class TestAList:
    @pytest.mark.parametrize("place", ["from the start", "in the middle"])
    @pytest.mark.parametrize("name", LISTS)
    async def test_reads_an_index_as_far_as_the_page_goes(
        self, full: asyncpg.Connection, name: str, place: str
    ) -> None:
        query, where, middle = LISTS[name]
        after = middle if place == "in the middle" else (None, None)
        plan = await _plan(full, query, *where.values(), *after, PAGE)
        nodes = list(_nodes(plan))
        assert [node["Node Type"] for node in nodes if "Sort" in node["Node Type"]] == []
        scans = [node for node in nodes if node.get("Relation Name") in BIG]
        assert scans
        for scan in scans:
            assert scan["Node Type"] in ("Index Scan", "Index Only Scan"), name
            # with more filters than the index has, some rows are read in vain: seven here at most
            assert _read(scan) <= 10 * PAGE or "with a high score" in name, scan
        assert plan["Actual Rows"] == PAGE


class TestEntities:
    @pytest.mark.parametrize("after", [None, MANY.an_id("ent", 1_000)])
    @pytest.mark.parametrize("where", [EntityFilter(), EntityFilter(type=EntityType.ORGANIZATION)])
    async def test_are_read_as_far_as_the_page_goes_with_a_story_each(
        self, full: asyncpg.Connection, where: EntityFilter, after: str | None
    ) -> None:
        plan = await _plan(full, SELECT_ENTITIES, *where.values(), after, PAGE)
        assert plan["Actual Rows"] == PAGE
        for node in _nodes(plan):
            assert "Seq Scan" not in node["Node Type"]
            assert "Sort" not in node["Node Type"]
            assert _read(node) <= 10 * PAGE, node

    async def test_are_counted_with_a_story_each(self, full: asyncpg.Connection) -> None:
        plan = await _plan(full, COUNT_ENTITIES, *EntityFilter().values(), 10_001)
        assert max(_read(node) for node in _nodes(plan) if node.get("Relation Name") in BIG) <= 20_000


class TestASearch:
    @pytest.mark.parametrize(
        "words", ["quarry", "brightwater lantern", '"larkspur foods 7"', "brightwater -ferry"]
    )
    async def test_ranks_a_thousand_stories_at_the_most(self, full: asyncpg.Connection, words: str) -> None:
        plan = await _plan(
            full, SELECT_STORIES_BY_RELEVANCE, *StoryFilter(q=words).values(), None, None, PAGE
        )
        nodes = list(_nodes(plan))
        assert [
            node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] in BIG
        ] == []
        assert max([node["Actual Rows"] for node in nodes if node["Node Type"] == "Limit"]) <= 1_000
        assert plan["Actual Rows"] == PAGE

    async def test_for_words_that_nobody_uses_reads_the_index_alone(self, full: asyncpg.Connection) -> None:
        plan = await _plan(
            full, SELECT_STORIES_BY_RELEVANCE, *StoryFilter(q="zzzzzz").values(), None, None, PAGE
        )
        assert sum([_read(node) for node in _nodes(plan) if node.get("Relation Name") in BIG]) == 0
