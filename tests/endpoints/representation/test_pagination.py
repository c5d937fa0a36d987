"""Pagination while rows are inserted, changed and deleted: each stable row appears once, in every order."""

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.enums import StorySort
from tests.conftest import Servers
from tests.kit.clients.api_client import Api, running_api
from tests.kit.texts.many_stories import STORIES, Many

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
INSERT = "INSERT INTO stories ({}) VALUES ({})".format(
    ", ".join(STORIES), ", ".join(f"${number}" for number in range(1, len(STORIES) + 1))
)
CHANGE = """UPDATE stories SET listed_at = $2, updated_at = $2, score = $3, title = 'changed' WHERE id = $1"""
COLUMN = {
    StorySort.PUBLISHED_AT: "listed_at",
    StorySort.CREATED_AT: "created_at",
    StorySort.UPDATED_AT: "updated_at",
    StorySort.SCORE: "score",
}
# few values, so that many stories share one and the id breaks the tie
PLACES = st.tuples(st.integers(0, 6), st.integers(20, 26))
ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), PLACES),
        st.tuples(st.just("change"), st.tuples(st.integers(0, 99), PLACES)),
        st.tuples(st.just("delete"), st.integers(0, 99)),
        st.tuples(st.just("retract"), st.integers(0, 99)),
    ),
    max_size=4,
)


@pytest.fixture(scope="module")
async def api(servers: Servers, template: str) -> AsyncIterator[Api]:
    """One application for all examples; each begins with an empty table of stories."""
    async with servers.temporary(template, "walks") as name:
        async with running_api(UNSPUN_DATABASE_URL=servers.database(name)) as running:
            async with running.runtime.pool.connection() as connection:
                await Many(stories=0, sources=1, entities=0).write(connection)  # type: ignore[arg-type]  # a proxy of one
            yield running


class Table:
    """The stories of one example. `moved` contains those that were inserted, deleted or moved meanwhile."""

    def __init__(self, api: Api) -> None:
        self._api, self._many, self._made = api, Many(stories=1, sources=1), 0
        self.there: list[str] = []
        self.moved: set[str] = set()

    async def insert(self, place: tuple[int, int]) -> str:
        at, score = BEGAN + timedelta(minutes=place[0]), place[1]
        number, self._made = self._made, self._made + 1
        row = self._many.story(number) | {
            "status": "scored", "score": score, "listed_at": at, "updated_at": at, "primary_type": "hype",
        }  # fmt: skip
        await self._execute(INSERT, *(row[column] for column in STORIES))
        self.there.append(row["id"])
        return str(row["id"])

    async def act(self, name: str, what: Any) -> None:
        if name == "insert":
            self.moved.add(await self.insert(what))
        elif self.there:
            chosen = self.there[(what[0] if name == "change" else what) % len(self.there)]
            self.moved.add(chosen)
            if name == "change":
                at, score = BEGAN + timedelta(minutes=what[1][0]), what[1][1]
                await self._execute(CHANGE, chosen, at, score)
            elif name == "delete":
                self.there.remove(chosen)
                await self._execute("DELETE FROM stories WHERE id = $1", chosen)
            else:
                await self._execute("UPDATE stories SET status = 'retracted' WHERE id = $1", chosen)

    async def clear(self) -> None:
        await self._execute("DELETE FROM stories")

    async def _execute(self, query: str, *values: Any) -> None:
        async with self._api.runtime.pool.connection() as connection:
            await connection.execute(query, *values)


class TestAWalk:
    @settings(
        max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
    )
    @given(
        sort=st.sampled_from([*COLUMN]),
        limit=st.integers(1, 4),
        first=st.lists(PLACES, max_size=12),
        steps=st.lists(ACTIONS, max_size=6),
    )
    async def test_yields_stable_rows_once_and_in_order(
        self,
        api: Api,
        sort: StorySort,
        limit: int,
        first: list[tuple[int, int]],
        steps: list[list[tuple[str, Any]]],
    ) -> None:
        table = Table(api)
        await table.clear()
        for place in first:
            await table.insert(place)
        path, met, pages = f"/v1/stories?sort={sort}&limit={limit}", [], iter(steps)
        while path:
            answer = await api.client.get(path)
            assert answer.status_code == 200, answer.text
            met += [row["id"] for row in answer.json()["data"]]
            following = re.search(r'<([^>]*)>; rel="next"', answer.headers["link"])
            path = following[1] if following else ""
            for name, what in next(pages, []):
                await table.act(name, what)
        column = COLUMN[sort]
        rows = await api.rows(f"SELECT id FROM stories ORDER BY {column} DESC, id DESC")
        stayed = [row["id"] for row in rows if row["id"] not in table.moved]
        assert [story_id for story_id in met if story_id not in table.moved] == stayed
