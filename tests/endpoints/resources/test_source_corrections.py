"""An operator's corrections of a source apply wherever the source is shown."""

from typing import Any

import pytest

from api.storage.stories.sources import SourceRecord, find_source, upsert_source
from schemas.enums import SourceType
from tests.kit.audit_lines import list_audit
from tests.kit.clients.api_client import Api
from tests.kit.texts.problems import check_invalid, check_problem

DOMAIN = "news.brightwater.example"


async def _story(api: Api, **article: Any) -> dict[str, Any]:
    return (await api.client.get(f"/v1/stories/{await api.publish_story(**article)}")).json()


async def _correct(api: Api, source: str, **correction: Any) -> dict[str, Any]:
    answer = await api.holder.post(f"/v1/sources/{source}/correct", json=correction)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _forget_cache(api: Api) -> None:
    await api.forget_copies()


class TestCorrecting:
    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"slug": "other"}, "#/slug", "unknown"),
            ({"known": False}, "#/known", "unknown"),
            ({"type": "tabloid"}, "#/type", "not_allowed"),
            ({"type": None}, "#/type", "wrong_type"),
            ({"name": ""}, "#/name", "too_short"),
            ({"name": "two\nlines"}, "#/name", "malformed"),
            ({"name": "line\n"}, "#/name", "malformed"),
            ({"domains": []}, "#/domains", "too_short"),
            ({"domains": ["Brightwater.example"]}, "#/domains/0", "malformed"),
            ({"domains": ["brightwater"]}, "#/domains/0", "malformed"),
            ({"domains": ["a.example", "http://b.example"]}, "#/domains/1", "malformed"),
            ({"domains": ["a.example\n"]}, "#/domains/0", "malformed"),
            ({"ownership": "x" * 1_001}, "#/ownership", "too_long"),
            ({"model_use": "sometimes"}, "#/model_use", "not_allowed"),
            ({"model_use": 1}, "#/model_use", "wrong_type"),
        ],
    )
    async def test_refuses_what_is_wrong(
        self, quiet_api: Api, change: dict[str, Any], pointer: str, code: str
    ) -> None:
        answer = await quiet_api.holder.post("/v1/sources/some-source/correct", json=change)
        check_invalid(answer, pointer=pointer, code=code)

    async def test_is_404_for_a_source_that_is_not_there(self, quiet_api: Api) -> None:
        for source in ("src_" + "0" * 26, "no-such-source"):
            answer = await quiet_api.holder.post(f"/v1/sources/{source}/correct", json={"name": "A"})
            check_problem(answer, 404, "not-found")

    async def test_refuses_another_sources_domain_and_changes_nothing(self, api: Api) -> None:
        source = (await _story(api))["source"]["id"]
        await _story(api, url="http://gazette.example/turbine", title="Another title altogether")
        before = (await api.client.get(f"/v1/sources/{source}")).json()
        answer = await api.holder.post(
            f"/v1/sources/{source}/correct", json={"name": "New", "domains": ["gazette.example", DOMAIN]}
        )
        assert "gazette.example" in check_problem(answer, 409, "conflict")["detail"]
        assert (await api.client.get(f"/v1/sources/{source}")).json() == before
        assert await api.rows("SELECT number FROM audit_log WHERE action = 'source.corrected'") == []

    async def test_changes_what_is_given_and_leaves_a_line_in_the_audit_log(self, api: Api) -> None:
        source = (await _story(api))["source"]
        before = (await api.client.get(f"/v1/sources/{source['slug']}")).json()
        assert (before["known"], before["corrected_at"]) == (False, None)
        given = {"type": "press_release", "domains": ["brightwater.example", DOMAIN, "brightwater.example"]}
        corrected = await _correct(api, source["slug"], **given)
        assert corrected == before | {
            "type": "press_release",
            "domains": ["brightwater.example", DOMAIN],
            "known": True,
            "corrected_at": corrected["updated_at"],
            "updated_at": corrected["updated_at"],
        }
        assert (await api.client.get(f"/v1/sources/{source['id']}")).json() == corrected
        async with api.runtime.pool.connection() as connection:
            (line,) = await list_audit(connection, source["id"])
            found = await find_source(connection, ["brightwater.example"])
        assert line.action == "source.corrected"
        assert line.before_sha256 != line.after_sha256
        assert found is not None
        assert found.id == source["id"]

    async def test_takes_domains_away_and_notes_off(self, api: Api) -> None:
        source = (await _story(api))["source"]["id"]
        await _correct(api, source, ownership="Brightwater Holding", domains=[DOMAIN, "b.example"])
        corrected = await _correct(api, source, ownership=None, domains=["b.example"])
        assert (corrected["ownership"], corrected["domains"]) == (None, ["b.example"])
        async with api.runtime.pool.connection() as connection:
            assert await find_source(connection, [DOMAIN]) is None

    async def test_says_which_language_models_may_read_its_texts(self, api: Api) -> None:
        source = (await _story(api))["source"]["id"]
        assert (await api.client.get(f"/v1/sources/{source}")).json()["model_use"] is None
        for lines, model_use in enumerate(("never", "local_only", "allowed", None), start=1):
            corrected = await _correct(api, source, model_use=model_use)
            assert corrected["model_use"] == model_use
            assert (await api.client.get(f"/v1/sources/{source}")).json() == corrected
            query = "SELECT number FROM audit_log WHERE action = 'source.corrected'"
            assert len(await api.rows(query)) == lines
        await _correct(api, source, model_use="never")
        assert (await _correct(api, source, name="Brightwater Ferries"))["model_use"] == "never"

    async def test_that_changes_nothing_leaves_no_line(self, api: Api) -> None:
        source = (await _story(api))["source"]["id"]
        first = await _correct(api, source, name="Brightwater Ferries")
        assert (await _correct(api, source, name="Brightwater Ferries", domains=[DOMAIN])) == first
        assert len(await api.rows("SELECT number FROM audit_log WHERE action = 'source.corrected'")) == 1


class TestTheStoriesOfACorrectedSource:
    async def test_show_it_when_they_are_next_rendered(self, api: Api) -> None:
        story = await _story(api)
        path = f"/v1/stories/{story['id']}"
        first = await api.client.get(path)
        document = "SELECT xmin, object_version FROM documents WHERE object_id = $1 AND form = 'json'"
        (before,) = await api.rows(document, story["id"])
        await _correct(api, story["source"]["id"], name="Brightwater Ferries", type="press_release")
        await _forget_cache(api)
        # lazily: a correction rewrites no document
        assert await api.rows(document, story["id"]) == [before]
        second = await api.client.get(path)
        source = second.json()["source"]
        assert (source["name"], source["type"]) == ("Brightwater Ferries", "press_release")
        assert second.json() == story | {"source": source}
        assert second.headers["etag"] != first.headers["etag"]
        (after,) = await api.rows(document, story["id"])
        assert after["object_version"] == before["object_version"] + 1
        await _forget_cache(api)
        assert (await api.client.get(path)).content == second.content
        assert await api.rows(document, story["id"]) == [after], "it was rendered once"

    async def test_rerender_their_verdicts_once(self, api: Api) -> None:
        story = await _story(api)
        verdict_id = story["verdict"]["id"]
        document = "SELECT xmin, object_version FROM documents WHERE object_id = $1 AND form = 'json'"
        (before,) = await api.rows(document, verdict_id)
        await _correct(api, story["source"]["id"], name="Brightwater Ferries")
        seen = []
        for _ in range(2):
            await _forget_cache(api)
            assert (await api.client.get(f"/v1/verdicts/{verdict_id}")).json() == story["verdict"]
            seen += await api.rows(document, verdict_id)
        assert seen[0] == seen[1]
        assert seen[0]["object_version"] == before["object_version"] + 1

    async def test_are_not_overwritten_by_an_older_rendering(self, api: Api) -> None:
        story = await _story(api)
        key = f"doc:{story['id']}:json"
        old = await api.runtime.cache.call("GET", key)
        await _correct(api, story["source"]["id"], name="Brightwater Ferries")
        await _forget_cache(api)
        await api.client.get(f"/v1/stories/{story['id']}")
        new = await api.runtime.cache.call("GET", key)
        assert old is not None
        assert new is not None
        assert old[:16] < new[:16]

    async def test_are_listed_under_its_new_type(self, api: Api) -> None:
        story = await _story(api)
        await _correct(api, story["source"]["id"], type="press_release")
        for kind, ids in (("press_release", [story["id"]]), ("media", [])):
            listed = (await api.client.get(f"/v1/stories?source_type={kind}")).json()["data"]
            assert [row["id"] for row in listed] == ids

    async def test_keep_their_verdicts(self, api: Api) -> None:
        story = await _story(api)
        await _correct(api, story["source"]["id"], type="press_release")
        verdicts = (await api.client.get(f"/v1/stories/{story['id']}/verdicts")).json()["data"]
        assert verdicts == [story["verdict"]]


class TestSeedsAndPages:
    async def test_do_not_overwrite_what_was_corrected(self, api: Api) -> None:
        source = (await _story(api))["source"]
        corrected = await _correct(api, source["id"], name="Brightwater Ferries", domains=["b.example"])
        other = SourceRecord(slug="gazette", name="Gazette", type=SourceType.MEDIA, domains=["b.example"])
        record = SourceRecord(slug=source["slug"], name="Old", type=SourceType.OTHER, domains=[DOMAIN])
        now = api.runtime.clock.now()
        async with api.runtime.pool.transaction() as connection:
            await upsert_source(connection, record, api.runtime.clock.new_id("src"), now)
            await upsert_source(connection, other, api.runtime.clock.new_id("src"), now)
        assert (await api.client.get(f"/v1/sources/{source['id']}")).json() == corrected
        assert (await api.client.get("/v1/sources/gazette")).json()["domains"] == []
