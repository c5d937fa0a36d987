"""Lists: filters, pages, cursors, and concurrent changes."""

import csv
import io
import random
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.errors import InvalidCursor
from api.routes.http.request.cursors import Cursors
from schemas.enums import Band, HappeningKind, SourceType, SpinType, Stance
from tests.kit.clients.api_client import BASE_URL, Api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, make_refusal, publish
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.problems import check_invalid, check_problem

BEGAN = datetime(2026, 3, 1, tzinfo=UTC)
LISTS = ("/v1/stories", "/v1/claims", "/v1/sources", "/v1/verdicts", "/v1/entities")
EARLIER, LATER = "2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z"


def _article(number: int, **changes: Any) -> Any:
    """Every third story has the time of the one before it."""
    values: dict[str, Any] = {
        "title": f"Turbine {number}",
        "url": f"http://news{number % 3}.example/{number}",
        "published_at": BEGAN + timedelta(minutes=number - (number % 3 == 0)),
    }
    return make_article(**values | changes)


async def _publish(api: Api, number: int, **changes: Any) -> str:
    return (await publish(api.runtime, make_edition(_article(number, **changes)), cached=False)).story_id


def _links(header: str) -> dict[str, str]:
    return {relation: url for url, relation in re.findall(r'<([^>]*)>; rel="(\w+)"', header)}


async def _walk(api: Api, path: str) -> list[dict[str, Any]]:
    """All objects, by rel=next; checks the envelope and links of each page."""
    found: list[dict[str, Any]] = []
    following: str | None = BASE_URL + path
    while following is not None:
        answer = await api.client.get(following)
        page = answer.json()
        assert answer.status_code == 200, answer.text
        assert page["object"] == "list"
        assert page["url"] == path.partition("?")[0]
        assert page["has_more"] is (page["next_cursor"] is not None)
        links = _links(answer.headers["link"])
        assert ("next" in links) is page["has_more"]
        assert links["first"].startswith(BASE_URL + page["url"])
        found += page["data"]
        following = links.get("next")
    return found


class TestAPage:
    @pytest.mark.parametrize("limit", ["0", "101", "-1", "x", "", "1e2", "9" * 30])
    @pytest.mark.parametrize("path", LISTS)
    async def test_is_refused_with_a_limit_out_of_range(self, quiet_api: Api, path: str, limit: str) -> None:
        problem = check_problem(await quiet_api.client.get(f"{path}?limit={limit}"), 400, "invalid-request")
        assert problem["errors"][0]["parameter"] == "limit"

    @pytest.mark.parametrize(
        "query",
        [
            "page=2",
            "limit=5&limit=6",
            "spin_type=spin",
            "status=retracted",
            "min_score=-1",
            "max_score=101",
            "band=mild",
            "stance=x",
            "evidence_strength=x",
            "happening=x",
            "happening=recall,launch",
            "source_type=blog",
            "lang=english",
            "published_after=yesterday",
            "published_after=2026-03-01",
            "published_after=2026-03-01T00:00:00",
            "published_after=1700000000",
            "published_after=0001-01-01T00:00:00%2B23:59",
            "published_before=9999-12-31T23:59:59-23:59",
            "tactic=no_such_tactic",
            "vertical=",
            "vertical=a%00b",
            "vertical=%ff",
            "source=" + "a" * 101,
            "vertical=" + "a" * 8_000,
        ],
    )
    async def test_is_refused_with_an_invalid_filter(self, quiet_api: Api, query: str) -> None:
        check_problem(await quiet_api.client.get(f"/v1/stories?{query}"), 400, "invalid-request")

    @pytest.mark.parametrize(
        ("path", "parameter"),
        [
            ("/v1/stories?source=nobody", "source"),
            ("/v1/stories?source=nobody.example", "source"),
            (f"/v1/claims?source=src_{'0' * 26}", "source"),
            ("/v1/verdicts?source=nobody", "source"),
            ("/v1/stats?source=nobody", "source"),
            ("/v1/stories?min_score=60&max_score=59", "min_score"),
            (f"/v1/stories?published_after={LATER}&published_before={EARLIER}", "published_after"),
            (f"/v1/verdicts?created_after={LATER}&created_before={EARLIER}", "created_after"),
            ("/v1/stories?q=the+of+and", "q"),
            ("/v1/stories?q=the&sort=created_at", "q"),
            ("/v1/claims?q=the", "q"),
        ],
    )
    async def test_is_refused_with_filters_that_nothing_can_pass(
        self, quiet_api: Api, path: str, parameter: str
    ) -> None:
        check_invalid(await quiet_api.client.get(path), parameter=parameter)

    async def test_is_empty_where_there_is_nothing(self, quiet_api: Api) -> None:
        for path in LISTS:
            assert (await quiet_api.client.get(path)).json() == {
                "object": "list",
                "url": path,
                "data": [],
                "has_more": False,
                "next_cursor": None,
                "total_count": None,
            }

    async def test_has_twenty_objects_by_default(self, api: Api) -> None:
        for number in range(21):
            await _publish(api, number)
        page = (await api.client.get("/v1/stories")).json()
        assert (len(page["data"]), page["has_more"]) == (20, True)
        assert len((await api.client.get("/v1/stories?limit=100")).json()["data"]) == 21
        assert len((await api.client.get(f"/v1/stories?cursor={page['next_cursor']}")).json()["data"]) == 1

    async def test_keeps_its_filters_in_its_links(self, api: Api) -> None:
        for number in range(4):
            await _publish(api, number)
        answer = await api.client.get(
            "/v1/stories",
            params={"limit": 1, "min_score": 10, "published_after": "2026-02-01T00:00:00+01:00"},
        )
        links = _links(answer.headers["link"])
        for link in (links["next"], links["first"]):
            assert "limit=1&" in link
            assert "min_score=10" in link
            assert "published_after=2026-02-01T00%3A00%3A00%2B01%3A00" in link
        assert "cursor" not in links["first"]


class TestFilters:
    async def test_of_stories_choose_by_every_column(self, api: Api) -> None:
        plain, other = (
            _article(1),
            _article(2, source_type=SourceType.PRESS_RELEASE, published_at=BEGAN + timedelta(days=9)),
        )
        assessments = (
            make_assessment(plain, score=40),
            make_assessment(
                other, score=70, primary=SpinType.HALO, tactic="public_good", band=Band.HEAVY,
                stance=Stance.MIXED, vertical="health", happening=HappeningKind.RECALL,
            ),
        )  # fmt: skip
        ids = [
            (await publish(api.runtime, make_edition(article, assessment))).story_id
            for article, assessment in zip((plain, other), assessments, strict=True)
        ]
        source = (await api.client.get(f"/v1/stories/{ids[1]}")).json()["source"]
        for query in (
            "spin_type=halo", "tactic=public_good", "min_score=41", "band=heavy", "stance=mixed",
            "vertical=health", f"source={source['id']}", f"source={source['slug']}",
            f"source={source['domain']}", f"source=WWW.{source['domain'].upper()}",
            "source_type=press_release", "published_after=2026-03-05T00:00:00Z",
            "lang=en&min_score=70&max_score=70", "evidence_strength=weak&spin_type=halo",
            "happening=recall",
        ):  # fmt: skip
            page = (await api.client.get(f"/v1/stories?{query}")).json()
            assert [row["id"] for row in page["data"]] == [ids[1]], query
        for query in ("max_score=69", "spin_type=hype", "published_before=2026-03-05T00:00:00Z"):
            page = (await api.client.get(f"/v1/stories?{query}")).json()
            assert [row["id"] for row in page["data"]] == [ids[0]], query
        for query in ("lang=de", "evidence_strength=strong", "spin_type=none", "happening=launch"):
            assert (await api.client.get(f"/v1/stories?{query}")).json()["data"] == [], query

    async def test_of_stories_leave_out_what_was_not_scorable(self, api: Api) -> None:
        article = _article(1)
        story_id = (await publish(api.runtime, make_edition(article, make_refusal(article)))).story_id
        assert (await api.client.get("/v1/stories")).json()["data"] == []
        (row,) = (await api.client.get("/v1/stories?status=not_scorable")).json()["data"]
        assert (row["id"], row["score"], row["primary"]) == (story_id, None, None)

    async def test_of_claims_choose_by_every_column(self, api: Api) -> None:
        story_id = await _publish(api, 1)
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
        await _publish(api, 2)
        first, second = story["verdict"]["claims"]
        for query, claim in (
            ("kind=technical", first), ("kind=market", second), ("support=attributed", first),
            ("risk=high", second), ("verification=attributed_in_source&kind=technical", first),
        ):  # fmt: skip
            page = (await api.client.get(f"/v1/claims?{query}&story={story_id}")).json()
            assert page["data"] == [claim], query
        by_source = (await api.client.get(f"/v1/claims?source={story['source']['slug']}")).json()["data"]
        assert {claim["story_id"] for claim in by_source} == {story_id}
        assert (await api.client.get("/v1/claims?happening=recall")).json()["data"] == []
        check_problem(await api.client.get("/v1/claims?story=slug"), 400, "invalid-request")

    async def test_by_what_happened_find_stories_verdicts_and_claims(self, api: Api) -> None:
        article, other = _article(1), _article(2)
        recall, launch = (
            make_assessment(one, happening=kind)
            for one, kind in ((article, HappeningKind.RECALL), (other, HappeningKind.LAUNCH))
        )
        story_id = (await publish(api.runtime, make_edition(article, recall))).story_id
        await publish(api.runtime, make_edition(other, launch))
        await _publish(api, 3)  # of an engine that tells no happening
        for path, of_story in (("stories", "id"), ("verdicts", "story_id"), ("claims", "story_id")):
            found = (await api.client.get(f"/v1/{path}?happening=recall&include=total_count")).json()
            assert {row[of_story] for row in found["data"]} == {story_id}, path
            assert found["total_count"]["value"] == (2 if path == "claims" else 1), path
            assert (await api.client.get(f"/v1/{path}?happening=closure")).json()["data"] == [], path
            check_problem(await api.client.get(f"/v1/{path}?happening=x"), 400, "invalid-request")
        (row,) = (await api.client.get("/v1/stories?happening=recall")).json()["data"]
        assert row["happening"] == "recall"
        (row,) = (await api.client.get("/v1/stories?q=turbine&happening=launch")).json()["data"]
        assert row["happening"] == "launch"
        table = (await api.client.get("/v1/stories.csv?happening=recall")).text
        assert [row["happening"] for row in csv.DictReader(io.StringIO(table))] == ["recall"]

    async def test_follow_the_current_verdict(self, api: Api) -> None:
        article = _article(1)
        for kind in (HappeningKind.RECALL, None, HappeningKind.LAUNCH):
            assessment = make_assessment(article, happening=kind)
            story_id = (await publish(api.runtime, make_edition(article, assessment))).story_id
            for path in ("stories", "claims"):
                for asked in ("recall", "launch"):
                    found = (await api.client.get(f"/v1/{path}?happening={asked}")).json()["data"]
                    assert bool(found) is (asked == kind), (path, kind)
        for asked in ("recall", "launch"):
            (verdict,) = (await api.client.get(f"/v1/verdicts?happening={asked}")).json()["data"]
            assert (verdict["story_id"], verdict["happening"]["kind"]) == (story_id, asked)

    async def test_of_sources_choose_by_type(self, api: Api) -> None:
        await _publish(api, 1)
        await _publish(api, 2, source_type=SourceType.NGO)
        rows = (await api.client.get("/v1/sources?type=ngo")).json()["data"]
        assert [row["domains"] for row in rows] == [["news2.example"]]


class TestWalking:
    @pytest.mark.parametrize("path", LISTS)
    async def test_meets_every_object_once_in_order(self, api: Api, path: str) -> None:
        for number in range(11):
            await _publish(api, number)
        whole = (await api.client.get(f"{path}?limit=100")).json()["data"]
        assert (
            len(whole)
            == {"/v1/stories": 11, "/v1/claims": 22, "/v1/sources": 3, "/v1/verdicts": 11, "/v1/entities": 1}[
                path
            ]
        )
        for limit in (1, 2, 5):
            assert await _walk(api, f"{path}?limit={limit}") == whole

    async def test_is_by_time_and_then_id(self, api: Api) -> None:
        for number in range(9):
            await _publish(api, number)
        order = [(row["published_at"], row["id"]) for row in (await _walk(api, "/v1/stories?limit=2"))]
        assert order == sorted(order, reverse=True)

    async def test_goes_through_the_lists_of_a_story(self, api: Api) -> None:
        article = make_article()
        for claims in (PARAGRAPHS[:1], PARAGRAPHS[:2], PARAGRAPHS):
            edition = make_edition(article, make_assessment(article, claims=claims))
            story_id = (await publish(api.runtime, edition)).story_id
        claims_found = await _walk(api, f"/v1/stories/{story_id}/claims?limit=2")
        assert [claim["number"] for claim in claims_found] == [1, 2, 3, 4, 5, 6]
        versions = await _walk(api, f"/v1/stories/{story_id}/verdicts?limit=1")
        assert [verdict["version"] for verdict in versions] == [3, 2, 1]

    @pytest.mark.parametrize("seed", range(3))
    async def test_meets_what_stays_once_while_others_come_and_go(self, api: Api, seed: int) -> None:
        chance = random.Random(seed)
        staying = {await _publish(api, number * 10) for number in range(12)}
        passing = [await _publish(api, number * 10 + 5) for number in range(6)]
        seen: list[str] = []
        path = "/v1/stories?limit=2"
        while path:
            page = await api.client.get(path)
            seen += [row["id"] for row in page.json()["data"]]
            path = _links(page.headers["link"]).get("next", "")
            await _publish(
                api,
                chance.randrange(10_000, 99_999),
                published_at=BEGAN + timedelta(minutes=chance.randrange(130)),
            )
            if passing:
                gone = passing.pop(chance.randrange(len(passing)))
                async with api.runtime.pool.connection() as connection:
                    await connection.execute(
                        "UPDATE stories SET status = 'retracted', title = 'gone' WHERE id = $1", gone
                    )
        assert [story_id for story_id in seen if story_id in staying] == list(
            dict.fromkeys(story_id for story_id in seen if story_id in staying)
        )
        assert staying <= set(seen)


class TestACursor:
    async def test_is_refused_in_another_list_or_with_other_filters(self, api: Api) -> None:
        for number in range(3):
            await _publish(api, number)
        cursor = (await api.client.get("/v1/stories?limit=1&min_score=5")).json()["next_cursor"]
        assert (await api.client.get(f"/v1/stories?limit=2&min_score=5&cursor={cursor}")).status_code == 200
        for path in (
            f"/v1/stories?cursor={cursor}",
            f"/v1/stories?min_score=6&cursor={cursor}",
            f"/v1/stories?min_score=5&status=not_scorable&cursor={cursor}",
            f"/v1/claims?cursor={cursor}",
            f"/v1/sources?cursor={cursor}",
            f"/v1/stories?min_score=5&cursor={cursor[:-1]}",
            f"/v1/stories?min_score=5&cursor={cursor}AAAA",
            f"/v1/stories?min_score=5&cursor={cursor[:8]}x{cursor[9:]}",
        ):
            check_problem(await api.client.get(path), 400, "invalid-cursor")

    async def test_is_refused_when_malformed(self, quiet_api: Api) -> None:
        for cursor in ("x", "*", "a b", "%00", "A" * 512, "null", "caf%C3%A9", "AQ", "AQ=="):
            assert (await quiet_api.client.get(f"/v1/claims?cursor={cursor}")).status_code == 400, cursor
        check_problem(await quiet_api.client.get("/v1/claims?cursor=" + "A" * 513), 400, "invalid-request")

    def test_is_refused_by_another_service(self) -> None:
        cursor = Cursors("https://one.example").seal("/v1/stories", {}, [1, "a"])
        with pytest.raises(InvalidCursor):
            Cursors("https://two.example").open(cursor, "/v1/stories", {}, tuple[int, str])

    @given(st.tuples(st.datetimes(timezones=st.just(UTC)), st.text(max_size=40)))
    def test_gives_back_what_was_put_in(self, key: tuple[datetime, str]) -> None:
        cursors = Cursors(BASE_URL)
        cursor = cursors.seal("/v1/stories", {"lang": "en"}, key)
        assert re.fullmatch(r"[A-Za-z0-9_-]+", cursor)
        assert cursors.open(cursor, "/v1/stories", {"lang": "en"}, tuple[datetime, str]) == key

    @given(st.text())
    def test_never_fails_otherwise_on_any_text(self, text: str) -> None:
        with pytest.raises(InvalidCursor):
            Cursors(BASE_URL).open(text, "/v1/stories", {}, int)
