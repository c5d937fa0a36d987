"""A retracted story: always 410 with its tombstone."""

import asyncio
from typing import Any, Final

import msgspec
import pytest
from litestar.routes import HTTPRoute

from api.app import create_app
from api.operations.stories.publish_story import publish_story
from api.operations.stories.retract_story import purge, retract_story
from api.rendering.forms import OBJECT_FORMS, Form
from api.settings import Settings
from api.storage.log.audit_log import Actor, Origin, object_sha256
from api.storage.log.events import list_events
from schemas.assessments import EntityMention
from schemas.enums import EntityType, RetractionReason
from schemas.retractions import StoryRetraction, Tombstone
from tests.kit.audit_lines import list_audit
from tests.kit.clients.api_client import Api
from tests.kit.polling import until
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.problems import check_invalid, check_problem

BODY: Final = {"reason": "publisher_request", "statement": "The publisher has taken the page back."}
RETRACTION: Final = StoryRetraction(reason=RetractionReason.ERROR, statement="It was a test page.")
SERVICE: Final = Origin(actor=Actor.SERVICE)
# Every read of an object of a story.
READS: Final = sorted(
    route.path_format
    for route in create_app(Settings()).routes
    if isinstance(route, HTTPRoute)
    and "GET" in route.methods
    and any(part in route.path_format for part in ("{story}", "{verdict}", "{claim}", "{appeal}"))
)


async def _published(api: Api, **article: Any) -> dict[str, Any]:
    return (await api.client.get(f"/v1/stories/{await api.publish_story(**article)}")).json()


async def _retract(api: Api, story: str) -> dict[str, Any]:
    answer = await api.holder.post(f"/v1/stories/{story}/retract", json=BODY)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _events(api: Api) -> list[tuple[str, dict[str, Any]]]:
    async with api.runtime.pool.connection() as connection:
        found = await list_events(connection, after=0, account_id=None, limit=100)
    return [(event.type, event.data) for event in found]


async def _waits_for_a_lock(api: Api) -> bool:
    query = """SELECT count(*) AS n FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'"""
    return bool((await api.rows(query))[0]["n"])


class TestRetracting:
    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"reason": "boredom"}, "#/reason", "not_allowed"),
            ({"statement": ""}, "#/statement", "too_short"),
            ({"statement": " \n "}, "#/statement", "malformed"),
            ({"statement": "x" * 1_001}, "#/statement", "too_long"),
            ({"statement": "gone \x1b[2J"}, "#/statement", "malformed"),
            ({"statement": "gone \u202e"}, "#/statement", "malformed"),
            ({"statement": "gone \x00"}, "#/statement", "malformed"),
            ({"until": "2027-01-01"}, "#/until", "unknown"),
        ],
    )
    async def test_refuses_what_is_wrong(
        self, quiet_api: Api, change: dict[str, Any], pointer: str, code: str
    ) -> None:
        answer = await quiet_api.holder.post("/v1/stories/some-story/retract", json=BODY | change)
        check_invalid(answer, pointer=pointer, code=code)

    async def test_is_404_for_a_story_that_is_not_there(self, quiet_api: Api) -> None:
        for story in ("sty_" + "0" * 26, "no-such-slug"):
            check_problem(
                await quiet_api.holder.post(f"/v1/stories/{story}/retract", json=BODY), 404, "not-found"
            )

    async def test_leaves_a_tombstone_and_a_line_in_the_audit_log(self, api: Api) -> None:
        story = await _published(api)
        tombstone = await _retract(api, story["slug"])
        assert tombstone == {
            "object": "tombstone",
            "story_id": story["id"],
            **BODY,
            "retracted_at": tombstone["retracted_at"],
        }
        async with api.runtime.pool.connection() as connection:
            (line,) = await list_audit(connection, story["id"])
        assert (line.action, line.actor) == ("story.retracted", Actor.KEY)
        stored = Tombstone(
            story_id=story["id"],
            reason=RetractionReason.PUBLISHER_REQUEST,
            statement=BODY["statement"],
            retracted_at=line.at,
        )
        assert line.after_sha256 == object_sha256(stored)

    async def test_twice_returns_the_first_tombstone_without_another_event(self, api: Api) -> None:
        story = await _published(api)
        first = await _retract(api, story["id"])
        again = await api.holder.post(
            f"/v1/stories/{story['id']}/retract", json={"reason": "legal", "statement": "Another."}
        )
        assert again.json() == first
        assert [kind for kind, _ in await _events(api)] == ["story.published", "story.retracted"]
        assert len(await api.rows("SELECT number FROM audit_log WHERE action = 'story.retracted'")) == 1

    async def test_sends_subscribers_the_reason(self, api: Api) -> None:
        story = await _published(api)
        await _retract(api, story["id"])
        kind, data = (await _events(api))[-1]
        assert kind == "story.retracted"
        assert data == {"story_id": story["id"], "verdict_id": story["verdict"]["id"], **BODY}

    async def test_leaves_no_trace_where_its_transaction_fails(self, api: Api) -> None:
        story = await _published(api)
        async with api.runtime.pool.connection() as connection:
            failing = connection.transaction()
            await failing.start()
            await retract_story(connection, api.runtime, story["id"], RETRACTION, origin=SERVICE)
            await failing.rollback()
        assert (await api.client.get(f"/v1/stories/{story['id']}")).status_code == 200
        assert await api.rows("SELECT story_id FROM retractions") == []
        assert await api.rows("SELECT number FROM audit_log WHERE action = 'story.retracted'") == []
        assert [kind for kind, _ in await _events(api)] == ["story.published"]


class TestARetractedStory:
    @pytest.mark.parametrize("path", READS)
    async def test_is_410_with_its_tombstone(self, api: Api, path: str) -> None:
        article = make_article()
        await publish(api.runtime, make_edition(article, make_assessment(article, score=45)))
        # a second version, to compare with the first
        story = (await api.client.get(f"/v1/stories/{await api.publish_by_two()}")).json()
        verdict = story["verdict"]
        appeal = await api.holder.post(
            f"/v1/verdicts/{verdict['id']}/appeals", json={"findings": ["f1"], "statement": "A name."}
        )
        names = {
            "story": story["id"],
            "verdict": verdict["id"],
            "claim": verdict["claims"][0]["id"],
            "appeal": appeal.json()["id"],
        }
        paths = [path.format(**names), path.format(**names | {"story": story["slug"]})]
        for call in paths:
            assert (await api.client.get(call)).status_code == 200
        tombstone = await _retract(api, story["id"])
        for call in paths:
            problem = check_problem(await api.client.get(call), 410, "gone")
            assert problem["tombstone"] == tombstone
            assert BODY["statement"] in problem["detail"]

    @pytest.mark.parametrize("form", OBJECT_FORMS)
    async def test_is_410_in_every_form(self, api: Api, form: Form) -> None:
        story = await _published(api)
        verdict = story["verdict"]
        paths = [
            f"/v1/stories/{story['id']}",
            f"/v1/stories/{story['slug']}",
            f"/v1/verdicts/{verdict['id']}",
        ]
        paths.append(f"/v1/claims/{verdict['claims'][0]['id']}")
        accepting = {"Accept": form.media_type}
        calls = [(path, accepting) for path in paths] + [(f"{path}.{form}", {}) for path in paths]
        for path, headers in calls:
            answer = await api.client.get(path, headers=headers)
            assert answer.status_code == 200, path
            assert answer.headers["content-type"].startswith(form.media_type)
        tombstone = await _retract(api, story["id"])
        for path, headers in calls:
            answer = await api.client.get(path, headers=headers)
            if form is Form.HTML and headers:  # as a browser asks
                assert (answer.status_code, answer.headers["content-type"]) == (
                    410,
                    "text/html; charset=utf-8",
                )
                assert BODY["statement"] in answer.text
            else:
                assert check_problem(answer, 410, "gone")["tombstone"] == tombstone

    async def test_is_410_by_every_address_and_is_not_read_again(self, api: Api) -> None:
        story = await _published(api)
        tombstone = await _retract(api, story["id"])
        for url in (story["url"], f"{story['url']}?utm_source=x"):
            found = (await api.client.get("/v1/lookup", params={"url": url})).json()
            (row,) = (await api.client.post("/v1/lookups", json={"urls": [url]})).json()["data"]
            assert found == {"object": "lookup"} | row
            assert (row["state"], row["problem"]["status"]) == ("retracted", 410)
            assert row["problem"]["tombstone"] == tombstone
            submitted = await api.holder.post("/v1/analyses", json={"url": url, "max_age": 0})
            assert check_problem(submitted, 410, "gone")["tombstone"] == tombstone
        assert await api.rows("SELECT id FROM analysis_jobs") == []
        check_problem(await api.holder.post(f"/v1/stories/{story['id']}/rescore"), 410, "gone")
        appeal = {"findings": ["f1"], "statement": "A name."}
        check_problem(
            await api.holder.post(f"/v1/verdicts/{story['verdict']['id']}/appeals", json=appeal), 410, "gone"
        )

    async def test_is_410_for_every_time_at_which_it_stood(self, api: Api) -> None:
        story = await _published(api)
        paths = [f"/v1/stories/{story['id']}", f"/v1/verdicts/{story['verdict']['id']}"]
        then = {"as_of": story["verdict"]["created_at"].replace("Z", "999Z")}
        for path in paths:
            assert (await api.client.get(path, params=then)).status_code == 200
        tombstone = await _retract(api, story["id"])
        for path in paths:
            problem = check_problem(await api.client.get(path, params=then), 410, "gone")
            assert problem["tombstone"] == tombstone

    async def test_is_in_no_list(self, api: Api) -> None:
        gone = await _published(api)
        staying = await _published(
            api, url="http://news.brightwater.example/other", title="Brightwater stays"
        )
        await _retract(api, gone["id"])
        assert [row["id"] for row in (await api.client.get("/v1/stories")).json()["data"]] == [staying["id"]]
        claims = (await api.client.get("/v1/claims")).json()["data"]
        assert {claim["story_id"] for claim in claims} == {staying["id"]}

    async def test_takes_the_entities_with_it_that_no_other_story_names(self, api: Api) -> None:
        stories = []
        for number, names in enumerate((("Quillon", "Fennimore"), ("Fennimore",))):
            article = make_article(url=f"http://news{number}.brightwater.example/a", title=f"Ferry {number}")
            mentions = [
                EntityMention(name=name, type=EntityType.ORGANIZATION, salience=0.5, spans=[])
                for name in names
            ]
            edition = make_edition(
                article, msgspec.structs.replace(make_assessment(article), entities=mentions)
            )
            stories.append((await publish(api.runtime, edition)).story_id)
        page = (await api.client.get("/v1/entities?include=total_count")).json()
        ids = {entity["name"]: entity["id"] for entity in page["data"]}
        assert (set(ids), page["total_count"]["value"]) == ({"Quillon", "Fennimore"}, 2)
        await _retract(api, stories[0])
        for query in ("", "q=fennimore&", "type=organization&"):
            page = (await api.client.get(f"/v1/entities?{query}include=total_count")).json()
            assert [entity["name"] for entity in page["data"]] == ["Fennimore"], query
            assert page["total_count"]["value"] == 1
        for path in ("/v1/entities?q=quillon", f"/v1/entities?story={stories[0]}"):
            assert (await api.client.get(path)).json()["data"] == []
        check_problem(await api.client.get(f"/v1/entities/{ids['Quillon']}"), 404, "not-found")
        assert (await api.client.get(f"/v1/entities/{ids['Fennimore']}")).status_code == 200

    async def test_leaves_no_document_in_the_database_or_in_valkey(self, api: Api) -> None:
        story = await _published(api)
        await api.client.get(f"/v1/verdicts/{story['verdict']['id']}/explanation")
        held = await api.runtime.cache.call("KEYS", "doc:*")
        assert held is not None
        assert len(held) == len(OBJECT_FORMS) + 2  # the story's formats, the verdict's JSON and explanation
        await _retract(api, story["id"])
        assert await api.runtime.cache.call("KEYS", "doc:*") == []
        assert await api.rows("SELECT object_id FROM documents") == []

    async def test_is_not_served_from_what_a_late_reader_put_into_valkey(self, api: Api) -> None:
        story = await _published(api)
        key = f"doc:{story['id']}:{Form.JSON}"
        packed = await api.runtime.cache.call("GET", key)
        assert packed
        await _retract(api, story["id"])
        await api.runtime.cache.call("SET", key, packed)
        check_problem(await api.client.get(f"/v1/stories/{story['id']}"), 410, "gone")


class TestAPublicationAtTheSameTime:
    async def test_that_came_first_is_retracted_with_the_story(self, api: Api) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article))).story_id
        async with api.runtime.pool.transaction() as connection:
            later = make_edition(article, make_assessment(article, score=45))
            published = await publish_story(connection, api.runtime, later)
            retracting = asyncio.create_task(_retract(api, story_id))
            await until(lambda: _waits_for_a_lock(api))
        await retracting
        for path in (f"/v1/stories/{story_id}", f"/v1/verdicts/{published.verdict_id}"):
            check_problem(await api.client.get(path), 410, "gone")
        assert await api.rows("SELECT id FROM claims WHERE current") == []
        assert await api.rows("SELECT object_id FROM documents") == []

    async def test_that_comes_second_publishes_nothing(self, api: Api) -> None:
        article = make_article()
        first = await publish(api.runtime, make_edition(article))
        async with api.runtime.pool.transaction() as connection:
            retracted = await retract_story(
                connection, api.runtime, first.story_id, RETRACTION, origin=SERVICE
            )
            later = make_edition(article, make_assessment(article, score=45))
            publishing = asyncio.create_task(publish(api.runtime, later))
            await until(lambda: _waits_for_a_lock(api))
        published = await publishing
        await purge(api.runtime, retracted)
        assert (published.verdict_id, published.events, published.rendered) == (first.verdict_id, [], None)
        check_problem(await api.client.get(f"/v1/stories/{first.story_id}"), 410, "gone")
        assert await api.rows("SELECT id FROM claims WHERE current") == []

    async def test_never_brings_the_story_back(self, api: Api) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article))).story_id
        readings = [make_edition(article, make_assessment(article, score=score)) for score in range(50, 60)]
        jobs = [publish(api.runtime, reading) for reading in readings]
        await asyncio.gather(*jobs[:5], _retract(api, story_id), *jobs[5:])
        (row,) = await api.rows("SELECT status, version FROM stories")
        assert row["status"] == "retracted"
        assert len(await api.rows("SELECT id FROM verdicts")) == row["version"]
        kinds = [kind for kind, _ in await _events(api)]
        assert kinds[-1] == "story.retracted"
        assert len(kinds) == row["version"] + 1
        check_problem(await api.client.get(f"/v1/stories/{story_id}"), 410, "gone")
