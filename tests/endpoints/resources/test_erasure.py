"""An erased draft is nowhere; an analysis that states the erasure remains."""

import json
from collections.abc import Sequence
from typing import Any, Final

import pytest

from api.errors import PageTooLarge
from api.operations.analyses.claim_analysis import claim_analysis
from api.operations.analyses.finish_analysis import fail_try
from api.operations.analyses.publish_analysis import publish_draft
from api.proposals.requests import Call
from api.rendering.verdicts import build_verdict
from api.storage.language_models.model_answers import ModelAnswer, put_answer
from api.storage.log.events import list_events
from schemas.enums import VerdictReason
from schemas.keys import Scope
from schemas.verdicts import Verdict
from tests.kit.audit_lines import list_audit
from tests.kit.clients.api_client import Api, bearer
from tests.kit.databases import connected
from tests.kit.texts.factories import make_article, make_assessment
from tests.kit.texts.pages import PARAGRAPHS
from tests.kit.texts.problems import check_problem

OWNER: Final = "acc_" + "1" * 26
TITLE: Final = "Quillfeather memorandum"
DRAFT: Final = {"title": TITLE, "text": "\n\n".join(PARAGRAPHS), "source": "Confidential Brightwater desk"}


async def _submit(api: Api, body: dict[str, Any] = DRAFT, **headers: str) -> tuple[str, str]:
    """The ids of the owner's analysis and of its job."""
    key = await api.make_key(Scope.WRITE_ANALYSES, account_id=OWNER)
    answer = await api.client.post("/v1/analyses", json=body, headers=bearer(key) | headers)
    assert answer.status_code == 202, answer.text
    (row,) = await api.rows("SELECT job_id FROM analyses WHERE id = $1", answer.json()["id"])
    return answer.json()["id"], row["job_id"]


def _verdict(api: Api) -> Verdict:
    return build_verdict(
        make_assessment(make_article(title=TITLE)),
        verdict_id=None,
        story_id=None,
        source_id=None,
        version=None,
        reason=VerdictReason.INITIAL,
        url=None,
        title=TITLE,
        claim_ids={},
        entity_ids={},
        at=api.runtime.clock.now(),
        method="rules_and_weights",
    )


async def _finish(api: Api, job_id: str) -> None:
    attempt = await claim_analysis(api.runtime, job_id, alone=False)
    assert attempt is not None
    assert await publish_draft(api.runtime, job_id, attempt.number, _verdict(api))


async def _found(database_url: str, words: Sequence[str]) -> set[str]:
    """The tables that contain any of the words, as text or as bytes."""
    async with connected(database_url) as connection:
        tables = await connection.fetch(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('public', 'queue')"
        )
        found = set()
        for schema, table in tables:
            for (row,) in await connection.fetch(f"SELECT t::text FROM {schema}.{table} t"):
                if any(word in row or word.encode().hex() in row for word in words):
                    found.add(table)
    assert len(tables) > 20
    return found


async def _erase(api: Api, analysis_id: str, **headers: str) -> dict[str, Any]:
    answer = await api.holder.post(f"/v1/analyses/{analysis_id}/erase", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestErasing:
    async def test_is_404_for_another_accounts_draft_and_a_missing_one(self, api: Api) -> None:
        analysis_id, _ = await _submit(api)
        other = bearer(await api.make_key(Scope.WRITE_ANALYSES, account_id="acc_" + "2" * 26))
        details = set()
        for target in (analysis_id, "ana_" + "0" * 26, "x"):
            answer = await api.client.post(f"/v1/analyses/{target}/erase", headers=other)
            details.add(check_problem(answer, 404, "not-found")["detail"])
        assert len(details) == 1
        (job,) = await api.rows("SELECT status, draft FROM analysis_jobs")
        assert job["status"] == "queued"
        assert TITLE in job["draft"]

    async def test_refuses_the_analysis_of_a_page(self, api: Api) -> None:
        posted = await api.holder.post("/v1/analyses", json={"url": "http://news.brightwater.example/a"})
        check_problem(await api.holder.post(f"/v1/analyses/{posted.json()['id']}/erase"), 409, "conflict")

    async def test_takes_no_body(self, quiet_api: Api) -> None:
        answer = await quiet_api.holder.post("/v1/analyses/ana_x/erase", json={"why": "so"})
        check_problem(answer, 400, "invalid-request")

    @pytest.mark.parametrize("finished", [True, False])
    async def test_leaves_its_words_in_no_table(self, api: Api, database_url: str, finished: bool) -> None:
        analysis_id, job_id = await _submit(api, **{"Idempotency-Key": "one"})
        if finished:
            await _finish(api, job_id)
        words = (TITLE, DRAFT["source"], *PARAGRAPHS, *(part[10:40] for part in PARAGRAPHS))
        assert await _found(database_url, words) == {"analysis_jobs"}
        await _erase(api, analysis_id, **{"Idempotency-Key": "two"})
        assert await _found(database_url, words) == set()
        assert await _found(database_url, [analysis_id]) >= {"analyses", "audit_log"}

    async def test_deletes_the_answers_of_language_models(self, api: Api, database_url: str) -> None:
        analysis_id, job_id = await _submit(api)
        answer = ModelAnswer(
            request_digest="r",
            model="tern-7b",
            input_digest="i",
            call=Call.JUDGEMENT,
            part=0,
            prompt_digest="p",
            answer=f'{{"quote": "{PARAGRAPHS[0]}"}}',
            recorded=False,
            job_id=job_id,
            created_at=api.runtime.clock.now(),
        )
        async with api.runtime.pool.transaction() as connection:
            await put_answer(connection, answer)
        words = [part[10:40] for part in PARAGRAPHS]
        assert await _found(database_url, words) == {"analysis_jobs", "model_answers"}
        await _erase(api, analysis_id)
        assert await _found(database_url, words) == set()

    async def test_leaves_a_tombstone_that_its_owner_sees(self, api: Api) -> None:
        analysis_id, job_id = await _submit(api)
        await _finish(api, job_id)
        key = bearer(await api.make_key(Scope.WRITE_ANALYSES, account_id=OWNER))
        before = (await api.client.get(f"/v1/analyses/{analysis_id}", headers=key)).json()
        assert before["result"]["draft"]["findings"]
        erased = (await api.client.post(f"/v1/analyses/{analysis_id}/erase", headers=key)).json()
        assert erased == before | {
            "status": "erased",
            "result": None,
            "finished_at": erased["finished_at"],
        }
        assert (await api.client.get(f"/v1/analyses/{analysis_id}", headers=key)).json() == erased
        async with api.runtime.pool.connection() as connection:
            (line,) = await list_audit(connection, analysis_id)
        assert (line.action, line.account_id) == ("draft.erased", OWNER)
        assert (line.before_sha256, line.after_sha256) == (None, None)

    async def test_forgets_the_error_of_one_that_failed(self, api: Api) -> None:
        analysis_id, job_id = await _submit(api)
        attempt = await claim_analysis(api.runtime, job_id, alone=False)
        assert attempt is not None
        await fail_try(api.runtime, job_id, attempt.number, PageTooLarge("It is too large."))
        assert (await _erase(api, analysis_id))["error"] is None

    async def test_twice_changes_nothing_more(self, api: Api) -> None:
        analysis_id, _ = await _submit(api)
        assert await _erase(api, analysis_id) == await _erase(api, analysis_id)
        assert len(await api.rows("SELECT number FROM audit_log WHERE action = 'draft.erased'")) == 1

    async def test_gives_back_the_place_among_the_open_ones(self, api: Api) -> None:
        analysis_id, job_id = await _submit(api)
        await _erase(api, analysis_id)
        assert await claim_analysis(api.runtime, job_id, alone=False) is None


class TestARunningAnalysis:
    async def test_publishes_nothing(self, api: Api) -> None:
        analysis_id, job_id = await _submit(api)
        attempt = await claim_analysis(api.runtime, job_id, alone=False)
        assert attempt is not None
        await _erase(api, analysis_id)
        assert not await publish_draft(api.runtime, job_id, attempt.number, _verdict(api))
        (job,) = await api.rows("SELECT status, draft, draft_result FROM analysis_jobs")
        assert (job["status"], job["draft"], job["draft_result"]) == ("erased", None, None)

    async def test_ends_with_one_event_that_its_owner_alone_sees(self, api: Api) -> None:
        analysis_id, job_id = await _submit(api)
        await claim_analysis(api.runtime, job_id, alone=False)
        await _erase(api, analysis_id)
        await _erase(api, analysis_id)
        async with api.runtime.pool.connection() as connection:
            (event,) = await list_events(connection, after=0, account_id=OWNER, limit=10)
            assert await list_events(connection, after=0, account_id=None, limit=10) == []
        assert event.type == "analysis.cancelled"
        assert event.data == {"analysis_id": analysis_id, "url": None, "reason": "erased"}
        assert TITLE not in json.dumps(event.data)
