"""`fields`, `expand` and `include` on lists."""

import pytest

from tests.kit.clients.api_client import Api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.problems import check_invalid, check_problem


class TestFields:
    @pytest.mark.parametrize(
        "fields",
        ["nothing", "id,nothing", "source.nothing", "id.more", "", ",", "id,", "title,,", ".", "a" * 1_001],
    )
    async def test_are_refused_where_there_are_none(self, quiet_api: Api, fields: str) -> None:
        check_invalid(
            await quiet_api.client.get("/v1/stories", params={"fields": fields}), parameter="fields"
        )

    async def test_are_refused_where_there_are_too_many(self, quiet_api: Api) -> None:
        answer = await quiet_api.client.get("/v1/stories", params={"fields": ",".join(["id"] * 51)})
        check_problem(answer, 400, "invalid-request")

    async def test_leave_these_and_no_others(self, api: Api) -> None:
        story_id = await api.publish_story()
        page = await api.client.get("/v1/stories?fields=id,source.name,source.slug,score")
        assert page.json()["data"] == [
            {
                "id": story_id,
                "source": {"name": "Brightwater News", "slug": "news-brightwater-example"},
                "score": 40,
            }
        ]
        assert page.headers["etag"] != (await api.client.get("/v1/stories")).headers["etag"]
        claims = (await api.client.get("/v1/claims?fields=spans.start")).json()["data"]
        assert all(set(claim) == {"spans"} and set(claim["spans"][0]) == {"start"} for claim in claims)

    async def test_stay_in_the_links(self, api: Api) -> None:
        await api.publish_story()
        await api.publish_story(url="http://other.example/a")
        answer = await api.client.get("/v1/stories?fields=id&limit=1&include=total_count")
        assert answer.headers["link"].count("fields=id") == 2
        cursor = answer.json()["next_cursor"]
        other = await api.client.get(f"/v1/stories?cursor={cursor}")
        assert other.status_code == 200, "how objects are shown does not bind a cursor"


class TestExpansions:
    @pytest.mark.parametrize(
        "expand",
        ["nothing", "", "source,nothing", "story", "source.story", "verdict.story.source", "claims.story"],
    )
    async def test_are_refused_where_there_are_none(self, quiet_api: Api, expand: str) -> None:
        check_invalid(
            await quiet_api.client.get("/v1/stories", params={"expand": expand}), parameter="expand"
        )

    async def test_are_refused_where_there_are_too_many(self, quiet_api: Api) -> None:
        names = "source,verdict,claims,entities,verdict.story"
        check_problem(await quiet_api.client.get(f"/v1/stories?expand={names}"), 400, "invalid-request")

    async def test_put_the_objects_beside_a_story(self, api: Api) -> None:
        story_id = await api.publish_story()
        (row,) = (await api.client.get("/v1/stories?expand=source,verdict,claims,entities")).json()["data"]
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
        expanded = row.pop("expanded")
        assert row == (await api.client.get("/v1/stories")).json()["data"][0]
        assert expanded["source"] == (await api.client.get(f"/v1/sources/{story['source']['id']}")).json()
        assert expanded["verdict"] == story["verdict"]
        assert expanded["claims"] == story["verdict"]["claims"]
        assert [entity["id"] for entity in expanded["entities"]] == [story["verdict"]["entities"][0]["id"]]

    async def test_go_two_steps(self, api: Api) -> None:
        await api.publish_story()
        claims = (await api.client.get("/v1/claims?expand=story.source,verdict&fields=id")).json()["data"]
        assert len(claims) == 2
        for claim in claims:
            assert set(claim) == {"id", "expanded"}
            assert claim["expanded"]["story"]["expanded"]["source"]["object"] == "source"
            assert claim["expanded"]["verdict"]["version"] == 1

    async def test_of_verdicts_reach_their_story(self, api: Api) -> None:
        story_id = await api.publish_story()
        (verdict,) = (await api.client.get("/v1/verdicts?expand=story")).json()["data"]
        assert verdict["expanded"]["story"]["id"] == story_id


class TestTheTotalCount:
    async def test_is_refused_under_another_name(self, quiet_api: Api) -> None:
        check_problem(await quiet_api.client.get("/v1/stories?include=count"), 400, "invalid-request")

    async def test_counts_what_passes_the_filters(self, api: Api) -> None:
        for number in range(3):
            await api.publish_story(url=f"http://site{number}.example/a", title=f"Turbine {number}")
        for query, number in (("", 3), ("&min_score=41", 0), ("&limit=1", 3), ("&source=site1-example", 1)):
            page = (await api.client.get(f"/v1/stories?include=total_count{query}")).json()
            assert page["total_count"] == {"value": number, "relation": "eq"}, query
        for path, number in (("claims", 6), ("sources", 3), ("verdicts", 3), ("entities", 1)):
            page = (await api.client.get(f"/v1/{path}?include=total_count&limit=1")).json()
            assert page["total_count"]["value"] == number, path

    async def test_stops_at_ten_thousand(self, api: Api) -> None:
        await api.publish_story()
        query = """WITH made AS (
                       INSERT INTO entities (id, type, key, name, created_at)
                       SELECT 'ent_' || n, 'place', n::text, n::text, now() FROM generate_series(1, 10001) n
                       RETURNING id)
                   INSERT INTO story_entities (entity_id, story_id, salience, listed_at)
                   SELECT m.id, s.id, 0.5, s.listed_at FROM made m CROSS JOIN stories s"""
        async with api.runtime.pool.connection() as connection, connection.transaction():
            await connection.execute("SET LOCAL statement_timeout = '60s'")
            await connection.execute(query, timeout=60)
        page = (await api.client.get("/v1/entities?include=total_count&type=place&limit=1")).json()
        assert page["total_count"] == {"value": 10_000, "relation": "gte"}


class TestVerdicts:
    async def test_are_listed_with_every_version_by_every_column(self, api: Api) -> None:
        article = make_article()
        for claims in (PARAGRAPHS[:1], PARAGRAPHS[:2]):
            edition = make_edition(article, make_assessment(article, claims=claims))
            story_id = (await publish(api.runtime, edition)).story_id
        other = await api.publish_story(url="http://other.example/a", title="Another")
        every = (await api.client.get("/v1/verdicts")).json()["data"]
        assert [(v["story_id"], v["version"]) for v in every] == [(other, 1), (story_id, 2), (story_id, 1)]
        for query, chosen in (
            ("current=true", [0, 1]), ("current=false", [2]), (f"story={story_id}", [1, 2]),
            ("source=other-example", [0]), ("reason=initial", [0, 2]), ("reason=source_edited", [1]),
            ("engine=rules", [0, 1, 2]), ("engine_version=9", []), ("status=not_scorable", []),
            ("limit=3&created_after=2020-01-01T00:00:00Z", [0, 1, 2]),
            ("created_before=2020-01-01T00:00:00Z", []),
        ):  # fmt: skip
            page = (await api.client.get(f"/v1/verdicts?{query}&include=total_count")).json()
            assert page["data"] == [every[number] for number in chosen], query
            assert page["total_count"]["value"] == len(chosen), query
        assert "current=true" in (await api.client.get("/v1/verdicts?current=true&limit=1")).headers["link"]
        assert every[0] == (await api.client.get(f"/v1/verdicts/{every[0]['id']}")).json()

    async def test_of_a_retracted_story_are_not_listed(self, api: Api) -> None:
        story_id = await api.publish_story()
        async with api.runtime.pool.connection() as connection:
            await connection.execute("UPDATE stories SET status = 'retracted' WHERE id = $1", story_id)
        for query in ("", "?status=not_scorable", f"?story={story_id}"):
            assert (await api.client.get(f"/v1/verdicts{query}")).json()["data"] == []
