"""Feeds over HTTP: filters, pages, validators; without retracted and unscored stories."""

import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import httpx
import pytest
from httplink import parse_link_header

from schemas.enums import HappeningKind, SpinType
from tests.kit.clients.api_client import BASE_URL, Api, Start
from tests.kit.servers.fakes import StillClock
from tests.kit.texts.factories import make_article, make_assessment, make_edition, make_refusal, publish
from tests.kit.texts.problems import JSON, check_problem

FEEDS = ("/feed.atom", "/feed.rss", "/feed.json", "/feed.jsonld")
TYPES = {
    "/feed.atom": "application/atom+xml",
    "/feed.rss": "application/rss+xml",
    "/feed.json": "application/feed+json",
    "/feed.jsonld": "application/ld+json",
}


async def publish_many(api: Api, count: int, **assessment: Any) -> list[str]:
    ids = []
    for number in range(count):
        at = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=number)
        article = make_article(
            url=f"http://site{number % 2}.example/{number}", source=f"Site {number % 2}", published_at=at
        )
        ids.append(
            (
                await publish(api.runtime, make_edition(article, make_assessment(article, **assessment)))
            ).story_id
        )
    return ids[::-1]


def ids_in(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    if answer.url.path == "/feed.json":
        return [item["_unspun"]["id"] for item in answer.json()["items"]]
    if answer.url.path == "/feed.jsonld":
        nodes = {node["@id"]: node for node in answer.json()["@graph"]}
        (feed,) = [node for node in nodes.values() if node["@type"] == "DataFeed"]
        return [nodes[item["item"]["@id"]]["identifier"] for item in feed.get("dataFeedElement", ())]
    found = feedparser.parse(io.BytesIO(answer.content))
    assert not found.bozo
    return [entry.unspun_id for entry in found.entries]


class TestAFeed:
    @pytest.mark.parametrize("path", FEEDS)
    async def test_is_refused_for_what_is_not_there(self, quiet_api: Api, path: str) -> None:
        check_problem(await quiet_api.client.get(f"{path}?source=nobody"), 404, "not-found")
        check_problem(await quiet_api.client.get(f"{path}?vertical=nope"), 400, "invalid-request")
        check_problem(await quiet_api.client.get(f"{path}?spin_type=spiral"), 400, "invalid-request")
        check_problem(await quiet_api.client.get(f"{path}?happening=x"), 400, "invalid-request")
        check_problem(await quiet_api.client.get(f"{path}?limit=0"), 400, "invalid-request")
        check_problem(await quiet_api.client.get(f"{path}?cursor=x"), 400, "invalid-cursor")

    @pytest.mark.parametrize("path", FEEDS)
    async def test_pages_through_all_stories(self, api: Api, path: str) -> None:
        ids = await publish_many(api, 5)
        met: list[str] = []
        url: str | None = f"{path}?limit=2"
        while url is not None:
            answer = await api.client.get(url)
            assert answer.headers["content-type"] == f"{TYPES[path]}; charset=utf-8"
            met += ids_in(answer)
            links = parse_link_header(answer.headers["link"])
            assert links["self"].target == str(answer.url)
            url = links["next"].target if "next" in links else None
        assert met == ids

    @pytest.mark.parametrize("path", FEEDS)
    async def test_begins_with_what_came_last_however_old_its_text_is(self, api: Api, path: str) -> None:
        ids = await publish_many(api, 2)
        old = await api.publish_story(published_at=datetime(2019, 1, 1, tzinfo=UTC))
        assert ids_in(await api.client.get(path)) == [old, *ids]
        assert [story["id"] for story in (await api.client.get("/v1/stories")).json()["data"]] == [*ids, old]

    async def test_is_of_the_stories_that_its_filters_let_through(self, api: Api) -> None:
        ids = await publish_many(api, 4, score=70, primary=SpinType.HYPE)
        article = make_article(url="http://site1.example/calm", source="Site 1")
        calm = make_edition(article, make_assessment(article, score=20, primary=SpinType.FOG))
        fog = (await publish(api.runtime, calm)).story_id
        for path in FEEDS:
            assert ids_in(await api.client.get(f"{path}?spin_type=fog")) == [fog]
            assert ids_in(await api.client.get(f"{path}?min_score=50")) == ids
            assert ids_in(await api.client.get(f"{path}?source=site0-example")) == ids[1::2]
            other = await api.client.get(f"{path}?source=site0-example&limit=1")
            cursor = parse_link_header(other.headers["link"])["next"].target.partition("cursor=")[2]
            check_problem(
                await api.client.get(f"{path}?source=site1-example&cursor={cursor}"), 400, "invalid-cursor"
            )
        (recall,) = await publish_many(
            api, 1, happening=HappeningKind.RECALL, claims=(), primary=SpinType.HALO, tactic="public_good"
        )
        for path in FEEDS:
            found = await api.client.get(f"{path}?happening=recall")
            assert ids_in(found) == [recall]
            assert "recall" in found.text.replace("happening=recall", "")
            assert ids_in(await api.client.get(f"{path}?happening=closure")) == []
        named = feedparser.parse(
            (await api.client.get("/feed.atom?source=site0-example&spin_type=hype")).text
        )
        assert named.feed.title == "Unspun: new stories framed as The Hype of Site 0"
        named = feedparser.parse((await api.client.get("/feed.atom?happening=job_cuts")).text)
        assert named.feed.title == "Unspun: new stories whose news is job cuts"

    @pytest.mark.parametrize("path", FEEDS)
    @pytest.mark.parametrize("query", ["", "?spin_type=hype"])
    async def test_keeps_its_etag_while_nothing_changes(
        self, start_api: Start, path: str, query: str
    ) -> None:
        clock = StillClock()
        async with start_api(clock=clock) as api:
            await publish_many(api, 2)
            first = await api.client.get(path + query)
            again = await api.client.get(path + query, headers={"If-None-Match": first.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
            head = await api.client.head(path + query)
            assert (head.status_code, head.headers["etag"]) == (200, first.headers["etag"])
            assert head.headers["link"] == first.headers["link"]
            await api.publish_story(url="http://site3.example/new")
            clock.advance(10)
            assert (await api.client.get(path + query)).headers["etag"] != first.headers["etag"]

    @pytest.mark.parametrize("path", FEEDS)
    async def test_of_all_stories_is_made_once_in_ten_seconds(self, start_api: Start, path: str) -> None:
        clock = StillClock()
        async with start_api(clock=clock) as api:
            ids = await publish_many(api, 1)
            assert ids_in(await api.client.get(path)) == ids
            more = [await api.publish_story(url="http://site3.example/new"), *ids]
            clock.advance(9)
            assert ids_in(await api.client.get(path)) == ids
            assert ids_in(await api.client.get(f"{path}?limit=20")) == more
            clock.advance(1)
            assert ids_in(await api.client.get(path)) == more

    @pytest.mark.parametrize("path", FEEDS)
    async def test_holds_neither_what_was_not_judged_nor_what_was_retracted(
        self, api: Api, path: str
    ) -> None:
        kept, gone = await publish_many(api, 2)
        article = make_article(url="http://site3.example/poem")
        await publish(api.runtime, make_edition(article, make_refusal(article)))
        assert ids_in(await api.client.get(path)) == [kept, gone]
        body = {"reason": "error", "statement": "It was a test page."}
        await api.holder.post(f"/v1/stories/{gone}/retract", json=body, headers=JSON)
        assert ids_in(await api.client.get(path)) == [kept]

    async def test_names_the_other_formats_with_the_same_filters(self, api: Api) -> None:
        answer = await api.client.get("/feed.rss?spin_type=hype&limit=5")
        links = [one for one in parse_link_header(answer.headers["link"]).links if "alternate" in one.rel]
        assert {one.target for one in links} == {
            f"{BASE_URL}/feed.atom?spin_type=hype",
            f"{BASE_URL}/feed.json?spin_type=hype",
            f"{BASE_URL}/feed.jsonld?spin_type=hype",
        }

    async def test_of_data_equals_the_storys_own_graph(self, api: Api) -> None:
        (story_id,) = await publish_many(api, 1)
        feed = {node["@id"]: node for node in (await api.client.get("/feed.jsonld")).json()["@graph"]}
        alone = (await api.client.get(f"/v1/stories/{story_id}.jsonld")).json()["@graph"]
        whole = {node["@id"]: node for node in alone}
        shared = feed.keys() & whole.keys()
        assert {feed[address]["@type"] for address in shared} == {
            "AnalysisNewsArticle",
            "Review",
            "NewsArticle",
            "NewsMediaOrganization",
            "Organization",
        }
        for address in shared:
            for name, value in feed[address].items():
                if name != "reviewRating":
                    assert whole[address][name] == value, name
            rated, known = (one[address].get("reviewRating", {}) for one in (feed, whole))
            assert rated.get("ratingValue") == known.get("ratingValue")
        (about,) = [node for node in feed.values() if node["@type"] == "DataFeed"]
        assert about["temporalCoverage"] == "2026-03-01/2026-03-01"
        assert about["license"]

    async def test_of_data_links_to_the_tables(self, api: Api) -> None:
        ids = await publish_many(api, 3)
        feed = (await api.client.get("/feed.jsonld?source=site0-example&limit=1")).json()["@graph"][0]
        formats = [file["encodingFormat"] for file in feed["distribution"]]
        assert formats == ["text/csv", "application/x-ndjson"]
        lines = (await api.client.get(feed["distribution"][1]["contentUrl"])).text.splitlines()
        assert [json.loads(line)["id"] for line in lines] == ids[::2]

    async def test_of_data_is_there_while_it_is_empty(self, api: Api) -> None:
        answer = await api.client.get("/feed.jsonld")
        assert ids_in(answer) == []
        assert "dateModified" not in answer.json()["@graph"][0]
