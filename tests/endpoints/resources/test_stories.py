"""Stories and verdicts, served from rendered bytes."""

import msgspec
import pytest

from schemas.stories import Story
from schemas.verdicts import Verdict
from tests.kit.clients.api_client import BASE_URL, Api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, make_refusal, publish
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.problems import check_problem

MISSING = (
    "/v1/stories/sty_" + "0" * 26,
    "/v1/stories/no-such-slug",
    "/v1/stories/no-such-slug/verdicts",
    "/v1/stories/no-such-slug/claims",
    "/v1/verdicts/vrd_" + "0" * 26,
    "/v1/verdicts/sty_" + "0" * 26,
    "/v1/verdicts/x",
    "/v1/claims/clm_" + "0" * 26,
    "/v1/claims/x",
    "/v1/sources/src_" + "0" * 26,
    "/v1/sources/no-such-source",
    "/v1/taxonomy/none",
    "/v1/taxonomy/Hype",
    "/docs/assets/swagger-ui.js",
    "/docs/assets/..%2Fapp.py",
)


async def _set_status(api: Api, story_id: str, status: str) -> None:
    async with api.runtime.pool.connection() as connection:
        await connection.execute("UPDATE stories SET status = $2 WHERE id = $1", story_id, status)
    await api.forget_copies()


class TestReading:
    @pytest.mark.parametrize("path", MISSING)
    async def test_is_404_for_what_is_not_there(self, quiet_api: Api, path: str) -> None:
        check_problem(await quiet_api.client.get(path), 404, "not-found")

    async def test_is_410_for_everything_of_a_retracted_story(self, api: Api) -> None:
        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        await _set_status(api, story["id"], "retracted")
        for path in (
            f"/v1/stories/{story['id']}",
            f"/v1/stories/{story['slug']}",
            f"/v1/stories/{story['id']}/verdicts",
            f"/v1/stories/{story['slug']}/claims",
            f"/v1/verdicts/{story['verdict']['id']}",
            f"/v1/claims/{story['verdict']['claims'][0]['id']}",
        ):
            check_problem(await api.client.get(path), 410, "gone")
        check_problem(await api.holder.post("/v1/analyses", json={"url": story["url"]}), 410, "gone")

    async def test_takes_no_parameters(self, api: Api) -> None:
        story_id = await api.publish_story()
        problem = check_problem(
            await api.client.get(f"/v1/stories/{story_id}?pretty=1"), 400, "invalid-request"
        )
        assert problem["errors"][0]["parameter"] == "pretty"

    async def test_gives_the_contract_by_id_and_by_slug(self, api: Api) -> None:
        story_id = await api.publish_story()
        by_id = await api.client.get(f"/v1/stories/{story_id}")
        story = msgspec.json.decode(by_id.content, type=Story)
        assert (story.id, story.verdict.story_id, story.verdict.version) == (story_id, story_id, 1)
        by_slug = await api.client.get(f"/v1/stories/{story.slug}")
        assert by_slug.content == by_id.content
        assert by_slug.headers["etag"] == by_id.headers["etag"]
        canonical = f"{BASE_URL}/v1/stories/{story_id}"
        assert canonical == story.links.self
        for name in ("content-location", "link"):
            assert by_slug.headers[name] == by_id.headers[name]
        assert by_id.headers["content-location"] == f"{canonical}.json"
        assert by_id.headers["link"].startswith(f'<{canonical}>; rel="canonical", ')

    async def test_gives_what_was_not_scorable_with_its_reason(self, api: Api) -> None:
        article = make_article()
        story_id = (await publish(api.runtime, make_edition(article, make_refusal(article)))).story_id
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
        assert story["status"] == "not_scorable"
        assert story["verdict"]["spin"] is None
        assert story["verdict"]["not_scorable"]["reason"] == "too_short"

    async def test_gives_every_version_of_the_verdict(self, api: Api) -> None:
        article = make_article()
        ids = []
        for score in (40, 45):
            edition = make_edition(article, make_assessment(article, score=score))
            ids.append((await publish(api.runtime, edition)).verdict_id)
        story_id = (await api.client.get("/v1/stories")).json()["data"][0]["id"]
        listed = (await api.client.get(f"/v1/stories/{story_id}/verdicts")).json()["data"]
        assert [verdict["id"] for verdict in listed] == ids[::-1]
        for verdict_id, entry in zip(ids[::-1], listed, strict=True):
            answer = await api.client.get(f"/v1/verdicts/{verdict_id}")
            assert answer.json() == entry
            assert msgspec.json.decode(answer.content, type=Verdict).id == verdict_id
        assert (await api.client.get(f"/v1/stories/{story_id}")).json()["verdict"] == listed[0]
        assert [entry["spin"]["score"] for entry in listed] == [45, 40]

    async def test_serves_single_claims_as_in_the_story(self, api: Api) -> None:
        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        listed = (await api.client.get(f"/v1/stories/{story['slug']}/claims")).json()["data"]
        assert listed == story["verdict"]["claims"]
        for claim in listed:
            single = (await api.client.get(f"/v1/claims/{claim['id']}")).json()
            assert single == claim | {"superseded_by": None}

    async def test_marks_a_claim_that_the_story_no_longer_makes(self, api: Api) -> None:
        article, verdicts = make_article(), []
        for claims in (PARAGRAPHS[1:3], PARAGRAPHS[2:3], PARAGRAPHS[1:3]):
            edition = make_edition(article, make_assessment(article, claims=claims))
            story_id = (await publish(api.runtime, edition)).story_id
            verdicts.append((await api.client.get(f"/v1/stories/{story_id}")).json()["verdict"])
            address = f"/v1/claims/{verdicts[0]['claims'][0]['id']}"
            claim = await api.client.get(address)
            forms = {
                form: (await api.client.get(f"{address}.{form}")).text for form in ("jsonld", "md", "html")
            }
            if len(verdicts) == 2:
                assert claim.json() == verdicts[0]["claims"][0] | {"superseded_by": verdicts[1]["id"]}
                assert '"creativeWorkStatus":"superseded"' in forms["jsonld"]
                assert f'superseded_by: "{verdicts[1]["id"]}"' in forms["md"]
                assert "makes this claim no more" in forms["md"]
                assert "makes this claim no more" in forms["html"]
            else:
                assert claim.json() == verdicts[-1]["claims"][0] | {"superseded_by": None}
                assert not [
                    form for form, text in forms.items() if 'superseded"' in text or "no more" in text
                ]
            listed = (await api.client.get(f"/v1/stories/{story_id}/claims")).json()["data"]
            assert listed == verdicts[-1]["claims"]

    async def test_gives_sources_by_id_and_by_slug(self, api: Api) -> None:
        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        source = (await api.client.get(story["links"]["source"])).json()
        assert source["domains"] == ["news.brightwater.example"]
        assert (await api.client.get(f"/v1/sources/{source['slug']}")).json() == source
        more = (await api.client.get(story["links"]["more_from_source"])).json()
        assert [row["id"] for row in more["data"]] == [story["id"]]

    async def test_gives_the_taxonomy_whole_by_type_and_by_tactic(self, quiet_api: Api) -> None:
        taxonomy = (await quiet_api.client.get("/v1/taxonomy")).json()
        assert [entry["type"] for entry in taxonomy["types"]] == [
            "cushion", "shield", "hype", "halo", "fog", "stampede",
        ]  # fmt: skip
        for entry in taxonomy["types"]:
            assert (await quiet_api.client.get(f"/v1/taxonomy/{entry['type']}")).json() == entry
            for tactic in entry["tactics"]:
                path = f"/v1/taxonomy/{entry['type']}/{tactic['code']}"
                assert (await quiet_api.client.get(path)).json() == tactic
        for path in ("/v1/taxonomy/hype/jargon_saturation", "/v1/taxonomy/spiral/jargon_saturation"):
            check_problem(await quiet_api.client.get(path), 404, "not-found")


class TestRendering:
    async def test_is_done_again_where_a_document_is_missing_or_old(self, api: Api) -> None:
        story_id = await api.publish_story()
        story = await api.client.get(f"/v1/stories/{story_id}")
        verdict_path = f"/v1/verdicts/{story.json()['verdict']['id']}"
        verdict = await api.client.get(verdict_path)
        for statement in (
            "DELETE FROM documents",
            "UPDATE documents SET renderer = 'another', body = '{}'",
            "UPDATE documents SET object_version = 0, body = '{}'",
            "UPDATE documents SET body_br = NULL, body = '{}'",  # of a release with gzip only
        ):
            async with api.runtime.pool.connection() as connection:
                await connection.execute(statement)
            await api.forget_copies()
            assert (await api.client.get(f"/v1/stories/{story_id}")).content == story.content, statement
            assert (await api.client.get(verdict_path)).content == verdict.content, statement
            await api.forget_copies()
            assert (await api.client.get(f"/v1/stories/{story_id}")).content == story.content, statement
            listed = (await api.client.get(f"/v1/stories/{story_id}/verdicts")).json()["data"]
            assert listed == [verdict.json()], statement
            async with api.runtime.pool.connection() as connection:
                bodies = await connection.fetch("SELECT body FROM documents ORDER BY object_id")
            assert [bytes(row["body"]) for row in bodies] == [story.content, verdict.content], statement

    async def test_is_shared_through_valkey(self, api: Api) -> None:
        story_id = await api.publish_story()
        first = await api.client.get(f"/v1/stories/{story_id}")
        async with api.runtime.pool.connection() as connection:
            await connection.execute("DELETE FROM documents")
            await connection.execute("UPDATE stories SET title = 'changed behind the cache'")
        assert (await api.client.get(f"/v1/stories/{story_id}")).content == first.content
        await api.forget_copies()
        assert (await api.client.get(f"/v1/stories/{story_id}")).json()["title"] == "changed behind the cache"


class TestLookingUp:
    @pytest.mark.parametrize(
        ("query", "status", "slug"),
        [
            ("", 400, "invalid-request"),
            ("?url=", 400, "invalid-request"),
            ("?url=turbine", 400, "invalid-request"),
            ("?url=" + "a" * 2_049, 400, "invalid-request"),
            ("?url=ftp://news.example/", 422, "url-not-allowed"),
            ("?url=http://news.example/&other=1", 400, "invalid-request"),
        ],
    )
    async def test_refuses_what_it_cannot_find(
        self, quiet_api: Api, query: str, status: int, slug: str
    ) -> None:
        check_problem(await quiet_api.client.get(f"/v1/lookup{query}"), status, slug)

    async def test_finds_a_story_by_every_spelling_of_its_url(self, api: Api) -> None:
        story_id = await api.publish_story()
        story = (await api.client.get(f"/v1/stories/{story_id}")).json()
        for url in (
            "http://news.brightwater.example/turbine",
            "https://news.brightwater.example/turbine?utm_source=mail",
            "HTTP://News.Brightwater.Example:80/turbine#top",
            "https://www.news.brightwater.example/turbine/",
        ):
            found = (await api.client.get("/v1/lookup", params={"url": url})).json()
            assert (found["object"], found["url"], found["alias"]) == ("lookup", url, "canonical")
            assert found["story"] == story

    async def test_reports_the_kind_of_alias(self, api: Api) -> None:
        url = "http://short.example/t"
        edition = make_edition(make_article(), submitted_url=url, redirects=["http://middle.example/"])
        await publish(api.runtime, edition)
        for given, alias in ((url, "submitted"), ("http://middle.example/", "redirect")):
            assert (await api.client.get("/v1/lookup", params={"url": given})).json()["alias"] == alias
