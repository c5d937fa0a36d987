"""Citations: a passage with its version and terms, and claims that must not be restated as fact."""

from datetime import timedelta

import msgspec

from schemas.citations import Citation
from tests.kit.clients.api_client import BASE_URL, Api
from tests.kit.texts.factories import make_article, make_edition, make_refusal, publish
from tests.kit.texts.problems import check_problem


async def cited(api: Api, story_id: str) -> Citation:
    answer = await api.client.get(f"/v1/stories/{story_id}/cite")
    assert answer.status_code == 200
    return msgspec.json.decode(answer.content, type=Citation)


class TestACitation:
    async def test_is_there_for_stories_alone(self, quiet_api: Api) -> None:
        check_problem(await quiet_api.client.get("/v1/stories/no-such-story/cite"), 404, "not-found")

    async def test_states_the_verdict_in_one_sentence(self, api: Api) -> None:
        story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
        citation = await cited(api, story["id"])
        assert citation.passage.startswith("Unspun on the framing of “Brightwater opens its tidal turbine”")
        assert "The Hype" in citation.passage
        assert "40 of 100" in citation.passage
        assert "version 1" in citation.passage
        assert citation.passage.endswith(story["links"]["self"])
        assert len(citation.passage) < 500
        assert (citation.verdict_id, citation.version) == (story["verdict"]["id"], 1)
        assert citation.license == api.runtime.settings.content_license
        assert citation.original == story["url"]

    async def test_marks_each_unverified_claim(self, api: Api) -> None:
        citation = await cited(api, await api.publish_story())
        assert len(citation.claims) == 2
        for claim in citation.claims:
            assert claim.verification == "attributed_in_source"
            assert claim.do_not_restate_as_fact
            assert claim.attribute_to == "Brightwater News"
            assert claim.url == f"{BASE_URL}/v1/claims/{claim.id}"

    async def test_grows_stale_a_week_after_the_last_look_at_the_page(self, api: Api) -> None:
        story_id = await api.publish_story()
        first = await cited(api, story_id)
        assert first.stale_after - first.checked_at == timedelta(days=7)
        await publish(api.runtime, make_edition(make_article()))  # the same page, read again
        second = await cited(api, story_id)
        assert second.checked_at > first.checked_at
        assert second.version == first.version

    async def test_of_an_unscored_story_states_the_refusal(self, api: Api) -> None:
        article = make_article()
        citation = await cited(
            api, (await publish(api.runtime, make_edition(article, make_refusal(article)))).story_id
        )
        assert "Not scorable" in citation.passage
        assert citation.claims == []
