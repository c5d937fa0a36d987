"""Lists as CSV and NDJSON: complete, and safe in a spreadsheet."""

import csv
import io
import json
from typing import Any

import pytest

from api.rendering.tables import columns_of, csv_rows
from api.routes.http.representation.tabular import _BATCH
from schemas.claims import Claim
from schemas.sources import Source
from schemas.stories import StoryRow
from tests.kit.clients.api_client import BASE_URL, Api, Start
from tests.kit.clients.rate_limit import left
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.problems import check_problem

LISTS = {"/v1/stories": StoryRow, "/v1/claims": Claim, "/v1/sources": Source}


async def publish_some(api: Api, count: int) -> None:
    for number in range(count):
        article = make_article(url=f"http://site{number}.example/a", title=f"Story {number}")
        await publish(
            api.runtime, make_edition(article, make_assessment(article, score=number % 101)), cached=False
        )


async def ndjson(api: Api, path: str) -> list[dict[str, Any]]:
    answer = await api.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/x-ndjson"
    return [json.loads(line) for line in answer.text.splitlines()]


async def table(api: Api, path: str) -> list[dict[str, str]]:
    answer = await api.client.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


class TestAList:
    async def test_refuses_what_its_json_refuses(self, quiet_api: Api) -> None:
        for path in LISTS:
            check_problem(await quiet_api.client.get(f"{path}.csv?limit=0"), 400, "invalid-request")
            check_problem(await quiet_api.client.get(f"{path}.csv?colour=red"), 400, "invalid-request")
            check_problem(await quiet_api.client.get(f"{path}.ndjson?cursor=x"), 400, "invalid-cursor")
            check_problem(await quiet_api.client.get(f"{path}.md"), 404, "not-found")
            answer = await quiet_api.client.get(path, headers={"Accept": "text/html"})
            problem = check_problem(answer, 406, "not-acceptable")
            assert problem["available"] == ["application/json", "text/csv", "application/x-ndjson"]
        check_problem(await quiet_api.client.get("/v1/stories/no-such/claims.csv"), 404, "not-found")

    async def test_without_rows_refuses_every_form_but_json(self, api: Api) -> None:
        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        suffixed = ("/v1/verdicts", f"/v1/stories/{story['id']}/verdicts")
        appeals = (f"/v1/stories/{story['id']}/appeals", f"/v1/verdicts/{story['verdict']['id']}/appeals")
        for path in (*suffixed, *appeals, "/v1/entities", "/v1/exports", "/v1/event-types"):
            for form in ("csv", "ndjson", "md", "html"):
                check_problem(await api.client.get(f"{path}.{form}"), 404, "not-found")
            for accept in ("text/csv", "text/html", "application/json;q=0"):
                answer = await api.client.get(path, headers={"Accept": accept})
                assert check_problem(answer, 406, "not-acceptable")["available"] == ["application/json"], path
                assert answer.headers["vary"] == "Accept, Accept-Encoding"
            for accept in ("application/json", "text/html, */*;q=0.1", "text/csv, application/*;q=0.5"):
                answer = await api.client.get(path, headers={"Accept": accept})
                assert answer.json()["object"] == "list"
                assert answer.headers["vary"] == "Accept, Accept-Encoding"
        for path in suffixed:
            assert (await api.client.get(f"{path}.json")).json() == (await api.client.get(path)).json()

    async def test_that_is_empty_has_its_columns(self, quiet_api: Api) -> None:
        for path, kind in LISTS.items():
            assert (await quiet_api.client.get(f"{path}.csv")).text == ",".join(columns_of(kind)) + "\r\n"
            assert (await quiet_api.client.get(f"{path}.ndjson")).text == ""

    async def test_holds_the_objects_of_its_json_to_the_end_and_costs_a_read_a_batch(
        self, start_api: Start
    ) -> None:
        async with start_api(UNSPUN_ADDRESS_QUOTAS="burst=50000/86400") as api:
            await publish_some(api, _BATCH // 2 + 1)  # two claims each: more claims than one batch
            for path in LISTS:
                pages, following = [], "?limit=100"
                while following:
                    page = (await api.client.get(path + following)).json()
                    pages += page["data"]
                    following = page["has_more"] and f"?limit=100&cursor={page['next_cursor']}"
                assert await ndjson(api, f"{path}.ndjson") == pages
                rows = await table(api, f"{path}.csv")
                assert [row["id"] for row in rows] == [entry["id"] for entry in pages]
            assert len(pages) == _BATCH // 2 + 1
            before = left(await api.client.get("/v1/taxonomy"))["burst"]["r"]
            await ndjson(api, "/v1/claims.ndjson")
            after = left(await api.client.get("/v1/taxonomy"))["burst"]["r"]
            assert before - after == 2 + 1  # its two parts, and the query for the rest

    async def test_keeps_filters_limit_and_cursor(self, api: Api) -> None:
        await publish_some(api, 8)
        assert [row["score"] for row in await table(api, "/v1/stories.csv?min_score=5")] == ["7", "6", "5"]
        page = (await api.client.get("/v1/stories?limit=3")).json()
        assert await ndjson(api, "/v1/stories.ndjson?limit=3") == page["data"]
        rest = await ndjson(api, f"/v1/stories.ndjson?cursor={page['next_cursor']}")
        assert len(rest) == 5
        assert rest[0]["title"] == "Story 4"

    async def test_links_its_other_forms(self, api: Api) -> None:
        await publish_some(api, 1)
        page = await api.client.get("/v1/stories?min_score=0")
        rows = await api.client.get("/v1/stories", params={"min_score": 0}, headers={"Accept": "text/csv"})
        for answer, forms in ((page, ("csv", "ndjson")), (rows, ("json", "ndjson"))):
            assert answer.headers["vary"] == "Accept, Accept-Encoding"
            for form in forms:
                target = f"{BASE_URL}/v1/stories.{form}?min_score=0"
                assert f'<{target}>; rel="alternate"' in answer.headers["link"]
                assert (await api.client.get(target)).status_code == 200

    async def test_is_for_a_cache_as_long_as_its_json(self, api: Api) -> None:
        await publish_some(api, 1)
        for form in ("csv", "ndjson"):
            answer = await api.client.get(f"/v1/stories.{form}")
            assert answer.headers["cache-control"] == "public, max-age=15"
            head = await api.client.head(f"/v1/stories.{form}")
            assert (head.status_code, head.content) == (200, b"")
            assert head.headers["content-type"] == answer.headers["content-type"]

    async def test_is_packed_part_by_part_as_it_is_asked_for(self, api: Api) -> None:
        await publish_some(api, _BATCH + 3)
        for form in ("csv", "ndjson"):
            await self._check_packing(api, f"/v1/stories.{form}")

    async def _check_packing(self, api: Api, path: str) -> None:
        sizes = dict[str, int]()
        plain = (await api.client.get(path, headers={"Accept-Encoding": "identity"})).content
        for accepted, coding in (("gzip", "gzip"), ("gzip, br", "br"), ("br;q=0", None), ("identity", None)):
            parts = []
            async with api.client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
                assert answer.headers.get("content-encoding") == coding
                async for part in answer.aiter_raw():
                    parts.append(part)
            async with api.client.stream("GET", path, headers={"Accept-Encoding": accepted}) as answer:
                assert await answer.aread() == plain
            head = await api.client.head(path, headers={"Accept-Encoding": accepted})
            assert head.headers.get("content-encoding") == coding
            sizes[accepted] = sum(map(len, parts))
        assert sizes["gzip, br"] < sizes["gzip"] < len(plain) / 3

    async def test_of_a_storys_claims_is_a_table_too(self, api: Api) -> None:
        story_id = await api.publish_story()
        claims = (await api.client.get(f"/v1/stories/{story_id}/claims")).json()["data"]
        rows = await table(api, f"/v1/stories/{story_id}/claims.csv")
        assert [row["text"] for row in rows] == [claim["text"] for claim in claims]


class TestACell:
    @pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    def test_is_no_formula(self, text: str) -> None:
        (row,) = csv.reader(
            io.StringIO(csv_rows(Source, [json.dumps({"name": text}).encode()]).decode(), newline="")
        )
        assert row[columns_of(Source).index("name")] == f"'{text}"

    def test_contains_no_terminal_control_characters(self) -> None:
        rows = csv_rows(Source, [json.dumps({"name": "a\x1b]0;evil\x07b\x9bc\x7f"}).encode()])
        assert b"a]0;evilbc" in rows
        assert not {0x1B, 0x07, 0x7F} & set(rows)
        (row,) = csv.reader(io.StringIO(csv_rows(Source, [b'{"name": "\\u001b=1+1"}']).decode(), newline=""))
        assert row[columns_of(Source).index("name")] == "'=1+1"

    def test_keeps_commas_quotes_and_lines(self) -> None:
        name = 'a, "b"\r\nc'
        rows = csv_rows(Source, [json.dumps({"name": name, "domains": ["x", "y"]}).encode()])
        (row,) = csv.reader(io.StringIO(rows.decode(), newline=""))
        assert row[columns_of(Source).index("name")] == name
        assert row[columns_of(Source).index("domains")] == '["x","y"]'

    def test_of_an_object_inside_has_its_own_column(self) -> None:
        assert "source.name" in columns_of(StoryRow)
        assert "source" not in columns_of(StoryRow)
        assert "spans" in columns_of(Claim)
