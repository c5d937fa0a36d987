"""A story's history: diffs between its versions, and its state at a time."""

from tests.kit.clients.api_client import Api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, publish
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.problems import check_invalid, check_problem


async def _two_versions(api: Api) -> tuple[str, list[str]]:
    """A story and the ids of its verdicts, the first one first."""
    ids = []
    for score, paragraphs in ((40, PARAGRAPHS), (55, PARAGRAPHS[:5])):
        article = make_article(paragraphs=paragraphs, title=f"A turbine, {score}")
        published = await publish(api.runtime, make_edition(article, make_assessment(article, score=score)))
        ids.append(published.verdict_id)
    return published.story_id, ids


class TestADiff:
    async def test_is_refused_against_another_story_and_without_a_version_before(self, api: Api) -> None:
        _, (first, second) = await _two_versions(api)
        other = (
            await api.client.get(f"/v1/stories/{await api.publish_story(url='http://a.example/b')}")
        ).json()
        path = f"/v1/verdicts/{second}/diff"
        check_invalid(await api.client.get(f"{path}?against={other['verdict']['id']}"), parameter="against")
        check_problem(await api.client.get(f"/v1/verdicts/{first}/diff"), 404, "not-found")
        check_problem(await api.client.get(f"{path}?against=vrd_{'0' * 26}"), 404, "not-found")
        check_problem(await api.client.get(f"{path}?against=2"), 400, "invalid-request")

    async def test_is_against_the_previous_version_by_default(self, api: Api) -> None:
        story_id, (first, second) = await _two_versions(api)
        diff = (await api.client.get(f"/v1/verdicts/{second}/diff")).json()
        assert (diff["before"]["id"], diff["after"]["id"], diff["story_id"]) == (first, second, story_id)
        assert diff["after"]["reason"] == "source_edited"
        assert diff["score_delta"] == 15
        assert "text_sha256" in {change["field"] for change in diff["fields"]}
        assert (await api.client.get(f"/v1/verdicts/{second}/diff?against={second}")).json()["identical"]
        back = (await api.client.get(f"/v1/verdicts/{first}/diff?against={second}")).json()
        assert back["score_delta"] == -15


class TestAsOf:
    async def test_is_refused_where_it_is_no_time_or_one_before_the_first_verdict(self, api: Api) -> None:
        story_id, (first, _) = await _two_versions(api)
        for path in (f"/v1/stories/{story_id}", f"/v1/verdicts/{first}"):
            for time in ("yesterday", "2026-03-01", "1700000000"):
                check_problem(await api.client.get(f"{path}?as_of={time}"), 400, "invalid-request")
            check_problem(await api.client.get(f"{path}?as_of=2020-01-01T00:00:00Z"), 404, "not-found")

    async def test_gives_the_version_and_the_facts_of_then(self, api: Api) -> None:
        story_id, (first, second) = await _two_versions(api)
        times = [
            (await api.client.get(f"/v1/verdicts/{verdict}")).json()["created_at"]
            for verdict in (first, second)
        ]
        for number, verdict in enumerate((first, second)):
            story = (await api.client.get(f"/v1/stories/{story_id}", params={"as_of": times[number]})).json()
            assert story["verdict"]["id"] == verdict
            assert story["title"] == f"A turbine, {(40, 55)[number]}"
            assert story["input"]["digest"] == story["verdict"]["input_digest"]
            assert story["updated_at"] == times[number]
            standing = await api.client.get(f"/v1/verdicts/{second}", params={"as_of": times[number]})
            assert standing.json() == (await api.client.get(f"/v1/verdicts/{verdict}")).json()
        now = await api.client.get(f"/v1/stories/{story_id}?as_of=2099-01-01T00:00:00Z")
        assert now.json() == (await api.client.get(f"/v1/stories/{story_id}")).json()

    async def test_does_not_bring_a_retracted_story_back(self, api: Api) -> None:
        story_id, (first, _) = await _two_versions(api)
        body = {"reason": "error", "statement": "A test page."}
        assert (await api.holder.post(f"/v1/stories/{story_id}/retract", json=body)).is_success
        for path in (f"/v1/stories/{story_id}", f"/v1/verdicts/{first}"):
            check_problem(await api.client.get(f"{path}?as_of=2099-01-01T00:00:00Z"), 410, "gone")
