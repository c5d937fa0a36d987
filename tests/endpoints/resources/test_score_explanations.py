"""The explanation of a score, a waterfall, served from rendered bytes."""

import msgspec
import pytest

from api.operations.stories.render_story import EXPLANATION
from api.rendering.score_explanations import build_explanation
from schemas.score_explanations import ScoreExplanation
from schemas.stories import Story
from schemas.verdicts import Verdict
from tests.kit.clients.api_client import Api
from tests.kit.texts.factories import make_article, make_assessment, make_edition, make_refusal, publish
from tests.kit.texts.problems import check_problem


async def _published(api: Api) -> Story:
    return msgspec.json.decode(
        (await api.client.get(f"/v1/stories/{await api.publish_story()}")).content, type=Story
    )


def _path(verdict: Verdict) -> str:
    return f"/v1/verdicts/{verdict.id}/explanation"


async def _explained(api: Api, verdict: Verdict) -> ScoreExplanation:
    answer = await api.client.get(_path(verdict))
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=ScoreExplanation)


class TestAnExplanation:
    @pytest.mark.parametrize("verdict", ["vrd_" + "0" * 26, "sty_" + "0" * 26, "x"])
    async def test_is_404_for_a_verdict_that_is_not_there(self, quiet_api: Api, verdict: str) -> None:
        check_problem(await quiet_api.client.get(f"/v1/verdicts/{verdict}/explanation"), 404, "not-found")

    async def test_takes_no_parameters(self, quiet_api: Api) -> None:
        path = "/v1/verdicts/vrd_" + "0" * 26 + "/explanation?without=f1"
        check_problem(await quiet_api.client.get(path), 400, "invalid-request")

    async def test_is_410_for_one_of_a_retracted_story(self, api: Api) -> None:
        story = await _published(api)
        async with api.runtime.pool.connection() as connection:
            await connection.execute("UPDATE stories SET status = 'retracted'")
        check_problem(await api.client.get(_path(story.verdict)), 410, "gone")

    async def test_has_the_reason_of_a_refusal_and_no_steps(self, api: Api) -> None:
        article = make_article()
        published = await publish(api.runtime, make_edition(article, make_refusal(article)))
        answer = await api.client.get(f"/v1/verdicts/{published.verdict_id}/explanation")
        explained = msgspec.json.decode(answer.content, type=ScoreExplanation)
        assert (explained.spin, explained.steps, explained.ablations) == (None, [], [])
        assert explained.not_scorable is not None

    async def test_is_built_of_the_verdict_that_the_story_shows(self, api: Api) -> None:
        story = await _published(api)
        explained = await _explained(api, story.verdict)
        assert explained == build_explanation(story.verdict)
        assert (explained.verdict_id, explained.story_id) == (story.verdict.id, story.id)
        assert story.verdict.ablations
        assert explained.ablations == story.verdict.ablations
        hyped = explained.steps[1]
        assert (hyped.kind, hyped.finding, hyped.spans[0].quote) == ("finding", "f1", "breakthrough")
        assert hyped.without is not None
        assert (hyped.without.score, hyped.without.primary) == (5, "none")
        assert [step.total for step in explained.steps] == [500, 4000]

    async def test_is_rendered_once_for_each_version_and_again_where_it_is_old(self, api: Api) -> None:
        story = await _published(api)
        path = _path(story.verdict)
        first = await api.client.get(path)
        for statement in (
            "SELECT 1",  # now stored
            "DELETE FROM documents",
            "UPDATE documents SET renderer = 'another', body = '{}'",
        ):
            async with api.runtime.pool.connection() as connection:
                await connection.execute(statement)
            await api.forget_copies()
            assert (await api.client.get(path)).content == first.content, statement
            async with api.runtime.pool.connection() as connection:
                body = await connection.fetchval(
                    "SELECT body FROM documents WHERE object_id = $1 AND form = $2",
                    story.verdict.id,
                    EXPLANATION,
                )
            assert bytes(body) == first.content, statement

    async def test_of_a_second_version_leaves_the_first_as_it_was(self, api: Api) -> None:
        article = make_article()
        ids = [
            (
                await publish(api.runtime, make_edition(article, make_assessment(article, score=score)))
            ).verdict_id
            for score in (40, 45)
        ]
        totals = [
            (await api.client.get(f"/v1/verdicts/{verdict_id}/explanation")).json()["steps"][-1]["total"]
            for verdict_id in ids
        ]
        assert totals == [4000, 4500]
