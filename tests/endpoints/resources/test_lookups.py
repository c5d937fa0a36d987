"""Look-ups of many URLs: every state, in any spelling of the URL, in two queries."""

import dataclasses
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from api.operations.stories.lookups import look_up_urls
from api.storage.analyses import analysis_jobs
from schemas.enums import AnalysisStatus, InputKind, LookupState
from tests.kit.clients.api_client import Api
from tests.kit.texts.factories import make_article, make_edition, publish
from tests.kit.texts.problems import check_problem
from tests.kit.worlds.lookup_states import PAGES, make_pages

URL = "http://news.brightwater.example/turbine?id=7"


async def _look_up(api: Api, *urls: str) -> list[dict[str, Any]]:
    answer = await api.client.post("/v1/lookups", json={"urls": list(urls)})
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["data"]
    assert [entry["url"] for entry in found] == list(urls)
    return found


class _CountingPool:
    def __init__(self, pool: Any) -> None:
        self._pool, self.queries = pool, 0

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Any]:
        async with self._pool.connection() as connection:
            self._connection = connection
            yield self

    async def fetch(self, *arguments: Any) -> Any:
        self.queries += 1
        return await self._connection.fetch(*arguments)


class TestLookingUpMany:
    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"urls": []},
            {"urls": ["http://a.example/"] * 1_001},
            {"urls": [7]},
            {"urls": ["http://a.example/"], "more": 1},
        ],
    )
    async def test_refuses_what_is_no_list_of_urls(self, quiet_api: Api, body: Any) -> None:
        check_problem(await quiet_api.client.post("/v1/lookups", json=body), 400, "invalid-request")

    async def test_refuses_a_body_beyond_its_limit(self, quiet_api: Api) -> None:
        body = '{"urls": ["' + "a" * 3_200_000 + '"]}'
        headers = {"Content-Type": "application/json"}
        check_problem(
            await quiet_api.client.post("/v1/lookups", content=body, headers=headers), 413, "too-large"
        )

    async def test_refuses_broken_urls_one_by_one(self, quiet_api: Api) -> None:
        """A thousand URLs, half of them broken in every way: 200, and each broken one is a row of its own."""
        ways = [
            "", " ", "\x00", "http://a.example/\x00", "http://a.example/" + "a" * 2_048, "x" * 3_000, "http://",
            "http://[::1", "http://a.example:99999/", "javascript:1", "http://\u202e.example/", "\\\\a", "//a",
        ]  # fmt: skip
        urls = [way for n in range(500) for way in (ways[n % len(ways)], f"http://a.example/{n}")]
        found = await _look_up(quiet_api, *urls)
        assert {entry["state"] for entry in found[1::2]} == {"unknown"}
        assert {entry["state"] for entry in found[::2]} == {"refused"}
        assert all(entry["problem"]["status"] in (400, 422) for entry in found[::2])

    async def test_says_of_each_what_is_wrong_with_it_and_answers_the_others(self, quiet_api: Api) -> None:
        wrong = ["ftp://a.example/", "no url", "http://localhost/", "http://u:p@a.example/"]
        found = await _look_up(quiet_api, *wrong, "http://a.example/")
        assert [entry["state"] for entry in found] == ["refused"] * 4 + ["unknown"]
        assert [entry["problem"] is None for entry in found] == [False] * 4 + [True]
        assert found[0]["problem"]["type"].endswith("/problems/url-not-allowed")
        assert [entry["normalized_url"] for entry in found] == [None] * 4 + ["http://a.example/"]

    async def test_reports_every_state(self, api: Api) -> None:
        await make_pages(api)
        job, url = api.runtime.clock.new_id("job"), "http://cancelled.example/a"
        async with api.runtime.pool.transaction() as connection:
            at = api.runtime.clock.now()
            await analysis_jobs.insert_job(
                connection, job_id=job, kind=InputKind.URL, account_id=None, url=url,
                url_key="cancelled.example/a", draft=None, at=at,
            )  # fmt: skip
            await analysis_jobs.finish_job(connection, job, AnalysisStatus.CANCELLED, at=at)
        cancelled, *found = await _look_up(api, url, *PAGES.values())
        assert (cancelled["state"], cancelled["problem"]) == ("unknown", None)
        assert [entry["state"] for entry in found] == list(PAGES)
        of = dict(zip(PAGES, found, strict=True))
        assert of[LookupState.KNOWN]["story"] == (await api.client.get("/v1/stories")).json()["data"][0]
        assert of[LookupState.NOT_SCORABLE]["story"]["status"] == "not_scorable"
        assert of[LookupState.RETRACTED]["story"] is None
        assert of[LookupState.FAILED]["problem"]["detail"] == "It is too large."
        assert of.pop(LookupState.REFUSED)["problem"]["status"] == 400
        for entry in of.values():  # one URL is answered as many are
            one = await api.client.get("/v1/lookup", params={"url": entry["url"]})
            assert one.status_code == 200
            cached = entry["state"] in ("known", "not_scorable")
            assert one.headers["cache-control"].startswith("public" if cached else "no-store"), entry["state"]
            story = one.json()["story"]
            assert one.json() == {"object": "lookup"} | entry | {"story": story}
            assert (story and story["id"]) == (entry["story"] and entry["story"]["id"])
        async with api.runtime.pool.transaction() as connection:  # as when the analyses' time is over
            await analysis_jobs.delete_ended(connection, api.runtime.clock.now(), 10)
        (later,) = await _look_up(api, PAGES[LookupState.FAILED])
        assert (later["state"], later["problem"]) == ("unknown", None)

    @pytest.mark.parametrize(
        "spelling",
        [
            "https://news.brightwater.example/turbine?id=7",
            "http://NEWS.Brightwater.example:80/turbine/?id=7#top",
            "https://news.brightwater.example/turbine?utm_source=x&id=7&fbclid=y&gclid=z",
            "https://news.brightwater.example/turbine/amp/?id=7",
            "https://news.brightwater.example/amp/turbine?id=7",
            "https://news.brightwater.example/turbine?amp=1&id=7",
            "https://amp.news.brightwater.example/turbine?id=7",
            "https://m.news.brightwater.example/turbine?id=7",
            "https://mobile.news.brightwater.example/turbine?id=7",
            "https://touch.news.brightwater.example/turbine?id=7",
            "https://news.brightwater.example/turbine.amp.html?id=7",
            "https://amp.news.brightwater.example/turbine.amp.html?id=7",
            "https://touch.news.brightwater.example/turbine.amp.htm?id=7&utm_source=x",
            "https://www.google.com/amp/s/news.brightwater.example/turbine.amp.html?id=7",
            "https://www.news.brightwater.example/turbine?id=7",
            "https://www.google.com/amp/s/news.brightwater.example/turbine?id=7",
            "https://news-brightwater-example.cdn.ampproject.org/c/s/news.brightwater.example/turbine?id=7",
            "https://web.archive.org/web/20260302093000/http://news.brightwater.example/turbine?id=7",
            "https://web.archive.org/web/2026id_/news.brightwater.example/turbine?id=7&utm_medium=x",
            "https://archive.ph/newest/https://news.brightwater.example/turbine?id=7",
            "https://news-brightwater-example.translate.goog/turbine?id=7&_x_tr_sl=en&_x_tr_tl=de",
        ],
    )
    async def test_knows_a_page_in_every_spelling(self, api: Api, spelling: str) -> None:
        story_id = await api.publish_story(url=URL)
        (entry,) = await _look_up(api, spelling)
        assert entry["state"] == "known"
        assert entry["story"]["id"] == story_id
        one = await api.client.get("/v1/lookup", params={"url": spelling})
        assert one.json()["story"]["id"] == story_id

    @pytest.mark.parametrize(
        "other",
        [
            "http://news.brightwater.example/turbine?id=8",
            "http://news.brightwater.example/turbines?id=7",
            "http://brightwater.example/turbine?id=7",
            "http://evil.example/http://news.brightwater.example/turbine?id=7",
            "https://web.archive.org/save/http://news.brightwater.example/turbine?id=7",
            "https://translate.goog/turbine?id=7",
            "https://touch.brightwater.example/turbine?id=7",
            "https://news.brightwater.example/turbine?id=7.amp.html",
            "https://news.brightwater.example/turbine/.amp.html?id=7",
        ],
    )
    async def test_returns_no_other_page(self, api: Api, other: str) -> None:
        await api.publish_story(url=URL)
        (entry,) = await _look_up(api, other)
        assert entry["state"] == "unknown"

    async def test_returns_the_story_of_a_near_duplicate(self, api: Api) -> None:
        story_id = (await publish(api.runtime, make_edition(make_article(url=URL)))).story_id
        query = "INSERT INTO story_aliases VALUES ($1, $2, $3, 'syndicated', now())"
        async with api.runtime.pool.connection() as connection:
            await connection.execute(query, "copy.example/a", "http://copy.example/a", story_id)
        (entry,) = await _look_up(api, "https://copy.example/a?utm_source=x")
        assert (entry["state"], entry["alias"], entry["story"]["id"]) == ("known", "syndicated", story_id)

    async def test_asks_two_queries_for_a_thousand(self, api: Api) -> None:
        await api.publish_story(url=URL)
        pool = _CountingPool(api.runtime.pool)
        runtime = dataclasses.replace(api.runtime, pool=pool)  # type: ignore[arg-type]  # the same protocol
        urls = [f"https://www.site{number}.example/amp/a?utm_source=x" for number in range(999)]
        found = await look_up_urls(runtime, [*urls, URL])
        assert pool.queries == 2
        assert [entry.state for entry in found] == ["unknown"] * 999 + ["known"]
        await look_up_urls(runtime, [URL] * 1_000)
        assert pool.queries == 3

    async def test_is_not_cached_and_is_compressed_if_accepted(self, quiet_api: Api) -> None:
        body = {"urls": [f"http://a.example/{number}" for number in range(50)]}
        for coding in ("gzip", "br", "identity"):
            answer = await quiet_api.client.post(
                "/v1/lookups", json=body, headers={"Accept-Encoding": coding}
            )
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers.get("content-encoding", "identity") == coding
            assert len(answer.json()["data"]) == 50
