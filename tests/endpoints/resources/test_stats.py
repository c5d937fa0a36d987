"""Statistics and profiles: counts that agree with the lists, and no statement about a few stories."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from schemas.enums import Band, HappeningKind, SpinType
from tests.kit.clients.api_client import Api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, make_refusal, publish
from tests.kit.texts.problems import check_problem

BEGAN = datetime(2026, 2, 27, tzinfo=UTC)  # a Friday


async def _publish(api: Api, number: int, score: int = 40, **said: Any) -> str:
    article = make_article(
        title=f"Turbine {number}",
        url=f"http://site.example/{number}",
        published_at=BEGAN + timedelta(days=number),
    )
    assessment = make_assessment(article, score=score, **said)
    return (await publish(api.runtime, make_edition(article, assessment), cached=False)).story_id


class TestStats:
    @pytest.mark.parametrize(
        "query",
        [
            "by=",
            "by=year",
            "by=day,week,month",
            "by=day,day",
            "limit=5",
            "cursor=x",
            "sort=score",
            "status=scored",
        ],
    )
    async def test_are_refused_by_what_there_is_not(self, quiet_api: Api, query: str) -> None:
        check_problem(await quiet_api.client.get(f"/v1/stats?{query}"), 400, "invalid-request")

    async def test_are_empty_where_there_is_nothing(self, quiet_api: Api) -> None:
        assert (await quiet_api.client.get("/v1/stats")).json() == {
            "object": "stats", "by": ["spin_type"], "stories": 0, "mean_score": None, "groups": [],
            "truncated": False,
        }  # fmt: skip

    async def test_count_and_average_what_passes_the_filters(self, api: Api) -> None:
        await _publish(api, 0, 30)
        await _publish(
            api, 1, 51, primary=SpinType.HALO, tactic="public_good", vertical="health",
            happening=HappeningKind.RECALL,
        )  # fmt: skip
        await _publish(api, 4, 60)
        refused = make_article(url="http://site.example/short", title="Short")
        await publish(api.runtime, make_edition(refused, make_refusal(refused)))
        for query, groups in (
            ("", [(["halo"], 1, 51), (["hype"], 2, 45)]),
            ("by=vertical", [(["energy"], 2, 45), (["health"], 1, 51)]),
            ("by=happening", [(["recall"], 1, 51), ([None], 2, 45)]),
            ("happening=recall", [(["halo"], 1, 51)]),
            ("by=month", [(["2026-02"], 2, 40.5), (["2026-03"], 1, 60)]),
            ("by=week", [(["2026-02-23"], 2, 40.5), (["2026-03-02"], 1, 60)]),
            ("by=spin_type,day", [(["halo", "2026-02-28"], 1, 51), (["hype", "2026-02-27"], 1, 30),
                                  (["hype", "2026-03-03"], 1, 60)]),
            ("by=lang&min_score=50", [(["en"], 2, 55.5)]),
            ("by=source_type&source=site-example&q=turbine", [(["media"], 3, 47)]),
        ):  # fmt: skip
            found = (await api.client.get(f"/v1/stats?{query}")).json()
            shown = [(group["key"], group["stories"], group["mean_score"]) for group in found["groups"]]
            assert shown == groups, query
            assert found["stories"] == sum(count for _, count, _ in groups)

    @pytest.mark.parametrize("query", ["vertical=nope", "tactic=no_such_tactic", "happening=nope"])
    async def test_are_refused_of_what_there_is_not(self, quiet_api: Api, query: str) -> None:
        check_problem(await quiet_api.client.get(f"/v1/stats?{query}"), 400, "invalid-request")


class TestAProfile:
    async def test_is_unknown_of_an_unknown_source(self, quiet_api: Api) -> None:
        check_problem(await quiet_api.client.get("/v1/sources/nobody/profile"), 404, "not-found")

    async def test_is_withheld_under_eight_scored_stories(self, api: Api) -> None:
        for number in range(7):
            await _publish(api, number)
        refused = make_article(url="http://site.example/short", title="Short")
        await publish(api.runtime, make_edition(refused, make_refusal(refused)))
        profile = (await api.client.get("/v1/sources/site-example/profile")).json()
        assert (profile["n"], profile["not_scorable"], profile["floor"], profile["withheld"]) == (
            7,
            1,
            8,
            True,
        )
        for name in ("mean_score", "types", "bands", "tactics", "first_published_at", "last_published_at"):
            assert profile[name] is None

    async def test_has_an_interval(self, api: Api) -> None:
        for number in range(8):
            await _publish(api, number, 30 + number)
        await _publish(api, 8, 90, primary=SpinType.HALO, tactic="public_good", band=Band.TOTAL)
        profile = (await api.client.get("/v1/sources/site-example/profile")).json()
        assert (profile["n"], profile["withheld"]) == (9, False)
        mean = profile["mean_score"]
        assert mean["value"] == 39.8
        # 39.78 -+ 1.860 (Student's t, 8 degrees) * 18.97 (standard deviation) / 3 (root of 9)
        assert mean["interval"] == {"low": 28.0, "high": 51.5}
        shares = {entry["type"]: entry for entry in profile["types"]}
        assert set(shares) == {kind.value for kind in SpinType}
        assert shares["halo"]["stories"] == 1
        assert shares["halo"]["share"]["value"] == 0.111
        assert shares["none"]["share"]["value"] == 0
        assert shares["none"]["share"]["interval"]["high"] > 0.2
        assert profile["tactics"][0] == {"tactic": "breakthrough_framing", "stories": 8}
        assert profile["first_published_at"] == "2026-02-27T00:00:00.000Z"
