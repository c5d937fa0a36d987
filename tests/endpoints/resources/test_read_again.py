"""A verdict's text read again on request: access, cost, one job, and the results in the explanation."""

from typing import Any

import msgspec
from msgspec.structs import replace

from api.analysis.text.article import Article
from api.analysis.text.spans import spans
from api.operations.analyses.claim_analysis import claim_analysis
from api.operations.analyses.publish_analysis import publish_readings
from api.rendering.quotes import MAX_SHARE
from schemas.enums import ReadAgainKind, SpinType
from schemas.keys import Scope
from schemas.score_explanations import ReadAgain, ScoreExplanation
from schemas.verdicts import Verdict
from tests.kit.clients.api_client import Api, bearer
from tests.kit.clients.rate_limit import left
from tests.kit.texts.assessments import spans_of
from tests.kit.texts.factories import (
    HYPED,
    installed,
    make_article,
    make_assessment,
    make_edition,
    publish,
)
from tests.kit.texts.problems import check_problem

NOBODY = "vrd_" + "0" * 26


async def _published(api: Api, article: Article | None = None) -> str:
    article = article or make_article()
    edition = make_edition(article, installed(make_assessment(article)))
    return (await publish(api.runtime, edition)).verdict_id


def _path(verdict_id: str) -> str:
    return f"/v1/verdicts/{verdict_id}/explanation"


async def _request(api: Api, verdict_id: str, **options: Any) -> dict[str, Any]:
    answer = await api.holder.post(_path(verdict_id), **options)
    assert answer.status_code == 202, answer.text
    analysis: dict[str, Any] = answer.json()
    assert answer.headers["location"] == analysis["links"]["self"]
    return analysis


async def _explained(api: Api, verdict_id: str) -> ScoreExplanation:
    answer = await api.client.get(_path(verdict_id))
    return msgspec.json.decode(answer.content, type=ScoreExplanation)


def _reading(article: Article, start: int, end: int) -> ReadAgain:
    return ReadAgain(
        kind=ReadAgainKind.SENTENCE,
        type=None,
        spans=spans(article.text, start, end),
        score=12,
        primary=SpinType.FOG,
        confidence=0.5,
        not_scorable=None,
    )


async def _finish(api: Api, readings: list[ReadAgain]) -> None:
    (row,) = await api.rows(
        "SELECT j.id, v.engine_digest FROM analysis_jobs j JOIN verdicts v ON v.id = j.verdict_id "
        "WHERE j.kind = 'explanation' AND j.status = 'queued'"
    )
    attempt = await claim_analysis(api.runtime, row["id"], alone=False)
    assert attempt is not None
    number, digest = attempt.number, row["engine_digest"]
    assert not await publish_readings(api.runtime, attempt.job, number + 1, digest, [])
    assert await publish_readings(api.runtime, attempt.job, number, digest, readings)


class TestAskingForIt:
    async def test_is_refused_for_a_verdict_that_is_not_there(self, quiet_api: Api) -> None:
        for name in (NOBODY, "turbine", "sty_" + "0" * 26):
            check_problem(await quiet_api.holder.post(_path(name)), 404, "not-found")

    async def test_is_refused_with_a_body_or_a_parameter(self, quiet_api: Api) -> None:
        check_problem(await quiet_api.holder.post(_path(NOBODY), json={"n": 1}), 400, "invalid-request")
        check_problem(await quiet_api.holder.post(f"{_path(NOBODY)}?n=1"), 400, "invalid-request")

    async def test_is_refused_for_a_story_that_was_retracted(self, api: Api) -> None:
        verdict_id = await _published(api)
        story_id = (await api.client.get(f"/v1/verdicts/{verdict_id}")).json()["story_id"]
        body = {"reason": "error", "statement": "A test page."}
        assert (await api.holder.post(f"/v1/stories/{story_id}/retract", json=body)).is_success
        check_problem(await api.holder.post(_path(verdict_id)), 410, "gone")

    async def test_is_refused_where_the_engine_is_no_longer_installed(self, api: Api) -> None:
        article = make_article()
        said = installed(make_assessment(article))
        old = make_assessment(article)
        others = [
            replace(said, engine=old.engine),
            replace(said, engine=replace(said.engine, name="another")),
            replace(said, taxonomy_version="0"),
        ]
        for other in others:
            verdict_id = (await publish(api.runtime, make_edition(article, other))).verdict_id
            check_problem(await api.holder.post(_path(verdict_id)), 409, "engine-not-installed")
        assert await api.rows("SELECT id FROM analysis_jobs") == []

    async def test_is_refused_where_the_text_is_not_stored(self, api: Api) -> None:
        verdict_id = await _published(api)
        await api.rows("UPDATE inputs SET article = NULL, page = '{}'")
        check_problem(await api.holder.post(_path(verdict_id)), 409, "text-not-held")

    async def test_costs_what_an_analysis_does(self, api: Api) -> None:
        verdict_id = await _published(api)
        before = left(await api.holder.get("/v1/keys"))["burst"]["r"]
        assert left(await api.holder.post(_path(verdict_id)))["burst"]["r"] == before - 10

    async def test_is_shared_by_concurrent_requests_but_not_with_a_reproduction(self, api: Api) -> None:
        verdict_id = await _published(api)
        other = await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26)
        mine, again = [await _request(api, verdict_id) for _ in range(2)]
        theirs = await _request(api, verdict_id, headers=bearer(other))
        assert mine["id"] == again["id"] != theirs["id"]
        assert (mine["kind"], mine["status"], mine["result"]) == ("explanation", "queued", None)
        compared = (await api.holder.post(f"/v1/verdicts/{verdict_id}/reproduce")).json()
        assert (compared["kind"], compared["id"] == mine["id"]) == ("reproduction", False)
        jobs = await api.rows("SELECT id FROM analysis_jobs ORDER BY id")
        queued = await api.rows("SELECT payload FROM queue.pgqueuer ORDER BY payload")
        assert [row["payload"].decode() for row in queued] == [row["id"] for row in jobs]


class TestTheResult:
    async def test_is_null_until_it_is_made_and_then_in_the_explanation(self, api: Api) -> None:
        article = make_article()
        verdict_id = await _published(api, article)
        accepted = await _request(api, verdict_id)
        before = await _explained(api, verdict_id)
        assert before.read_again is None
        readings = [_reading(article, 0, len(article.title))]
        await _finish(api, readings)
        finished = (await api.holder.get(f"/v1/analyses/{accepted['id']}")).json()
        assert finished["status"] == "succeeded"
        assert finished["result"] == {
            "story_id": before.story_id,
            "verdict_id": verdict_id,
            "draft": None,
            "reproduction": None,
        }
        after = await _explained(api, verdict_id)
        assert after == replace(before, read_again=after.read_again)
        assert after.read_again is not None
        shown = [
            replace(r, spans=[replace(s, prefix="", suffix="") for s in r.spans]) for r in after.read_again
        ]
        made = [replace(r, spans=[replace(s, prefix="", suffix="") for s in r.spans]) for r in readings]
        assert shown == made

    async def test_is_made_once(self, api: Api) -> None:
        verdict_id = await _published(api)
        await _request(api, verdict_id)
        await _finish(api, [])
        again = await api.holder.post(_path(verdict_id))
        assert (again.status_code, again.json()["status"]) == (200, "succeeded")
        assert again.json()["result"]["verdict_id"] == verdict_id
        assert (await _explained(api, verdict_id)).read_again == []
        (row,) = await api.rows(
            "SELECT count(*) AS n FROM analysis_jobs WHERE status IN ('queued', 'running')"
        )
        assert row["n"] == 0

    async def test_quotes_no_more_than_the_verdict_leaves_of_the_budget(self, api: Api) -> None:
        article = make_article()
        verdict_id = await _published(api, article)
        await _request(api, verdict_id)
        edges = [n for n, character in enumerate(article.text) if character == "\n"]
        parts = zip([0, *edges], [*edges, len(article.text)], strict=True)
        await _finish(api, [_reading(article, *part) for part in parts if spans(article.text, *part)])
        explained = await _explained(api, verdict_id)
        assert explained.read_again is not None
        verdict = msgspec.json.decode(
            (await api.client.get(f"/v1/verdicts/{verdict_id}")).content, type=Verdict
        )
        served = [s for shown in (verdict, explained) for s in spans_of(shown)]
        places = {
            at
            for s in served
            if s.quote is not None
            for at in range(s.start - len(s.prefix or ""), s.end + len(s.suffix or ""))
        }
        assert len(places) <= len(article.text) * MAX_SHARE
        again = [s for reading in explained.read_again for s in reading.spans]
        assert {s.quote is None for s in again} == {True, False}
        assert all(s.quote in (None, article.text[s.start : s.end]) for s in again)
        assert any(s.quote == HYPED for s in spans_of(verdict))

    async def test_is_gone_with_a_retracted_story(self, api: Api) -> None:
        verdict_id = await _published(api)
        await _request(api, verdict_id)
        await _finish(api, [])
        async with api.runtime.pool.connection() as connection:
            await connection.execute("UPDATE stories SET status = 'retracted'")
        check_problem(await api.client.get(_path(verdict_id)), 410, "gone")
