"""Appeals over HTTP: validated, decided once, partly public."""

# Long because submission, decision and display use the same appeals.

import asyncio
from typing import Any, Final

import msgspec
import pytest

from api.analysis.text.rulings import Ruling
from api.operations.stories.publish_story import StaleEdition
from api.rendering.forms import OBJECT_FORMS, Form
from api.storage.log.events import list_events
from api.storage.stories.rulings import list_rulings
from schemas.appeals import Appeal
from schemas.keys import Scope
from schemas.stories import Story
from tests.kit.audit_lines import list_audit
from tests.kit.clients.api_client import BASE_URL, Api, Start, bearer
from tests.kit.texts.factories import (
    HYPED,
    make_article,
    make_assessment,
    make_edition,
    make_refusal,
    publish,
)
from tests.kit.texts.problems import check_invalid, check_problem

APPELLANT: Final = "acc_" + "1" * 26
STATEMENT: Final = "The word is the maker's name; write to Ada Quillfeather about it."
REPLY: Final = "The turbine's maker is called Breakthrough.\n<b>Ask</b> them & see."
TEXT: Final = make_article().text
AT: Final = TEXT.index(HYPED)
SPAN: Final = {"start": AT, "end": AT + len(HYPED), "quote": HYPED}
APPEAL: Final = {"spans": [SPAN], "statement": STATEMENT, "reply": REPLY, "reply_by": "Brightwater"}
REJECTED: Final = {"outcome": "rejected", "explanation": "It is no name there."}
UPHELD: Final = {"outcome": "upheld", "explanation": "It is a name there."}


async def _story(api: Api, **article: Any) -> dict[str, Any]:
    return (await api.client.get(f"/v1/stories/{await api.publish_story(**article)}")).json()


async def _appellant(api: Api, account_id: str = APPELLANT) -> dict[str, str]:
    return bearer(await api.make_key(Scope.WRITE_APPEALS, account_id=account_id))


async def _appeal(api: Api, verdict_id: str, body: dict[str, Any] = APPEAL) -> dict[str, Any]:
    answer = await api.client.post(
        f"/v1/verdicts/{verdict_id}/appeals", json=body, headers=await _appellant(api)
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


async def _decide(api: Api, appeal_id: str, decision: dict[str, Any]) -> dict[str, Any]:
    answer = await api.holder.post(f"/v1/appeals/{appeal_id}/decide", json=decision)
    assert answer.status_code == 200, answer.text
    return answer.json()


class TestAppealing:
    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"spans": []}, "#", "missing"),
            ({"statement": ""}, "#/statement", "too_short"),
            ({"statement": "x" * 4_001}, "#/statement", "too_long"),
            ({"statement": "a\u202eb"}, "#/statement", "malformed"),
            ({"reply": "x" * 1_001}, "#/reply", "too_long"),
            ({"reply": "a\x1b[31m"}, "#/reply", "malformed"),
            ({"reply": None}, "#/reply_by", "without_reply"),
            ({"reply_by": "x" * 101}, "#/reply_by", "too_long"),
            ({"reply_by": "two\nlines"}, "#/reply_by", "malformed"),
            ({"spans": [SPAN | {"start": -1}]}, "#/spans/0/start", "too_small"),
            ({"spans": [SPAN | {"quote": ""}]}, "#/spans/0/quote", "too_short"),
            ({"spans": [SPAN] * 21}, "#/spans", "too_long"),
            ({"findings": ["f0"]}, "#/findings/0", "malformed"),
            ({"findings": ["f1\n"]}, "#/findings/0", "malformed"),
            ({"status": "upheld"}, "#/status", "unknown"),
            ({"account_id": APPELLANT}, "#/account_id", "unknown"),
        ],
    )
    async def test_refuses_what_is_not_of_the_form(
        self, quiet_api: Api, change: dict[str, Any], pointer: str, code: str
    ) -> None:
        answer = await quiet_api.holder.post(
            "/v1/verdicts/vrd_" + "0" * 26 + "/appeals", json=APPEAL | change
        )
        check_invalid(answer, pointer=pointer, code=code)

    @pytest.mark.parametrize(
        ("citation", "pointer", "code"),
        [
            ({"spans": [SPAN | {"quote": "breakthroughs"}]}, "#/spans/0/quote", "not_the_text"),
            ({"spans": [SPAN | {"quote": HYPED.upper()}]}, "#/spans/0/quote", "not_the_text"),
            ({"spans": [SPAN, SPAN | {"start": AT + 1}]}, "#/spans/1/quote", "not_the_text"),
            ({"spans": [SPAN | {"end": AT}]}, "#/spans/0", "out_of_range"),
            ({"spans": [SPAN | {"end": len(TEXT) + 1}]}, "#/spans/0", "out_of_range"),
            ({"spans": [], "findings": ["f1", "f9"]}, "#/findings/1", "unknown"),
        ],
    )
    async def test_refuses_a_wrong_quote_without_disclosing_the_text(
        self, api: Api, citation: dict[str, Any], pointer: str, code: str
    ) -> None:
        story = await _story(api)
        answer = await api.holder.post(
            f"/v1/verdicts/{story['verdict']['id']}/appeals", json=APPEAL | citation
        )
        (error,) = check_problem(answer, 422, "citation-mismatch")["errors"]
        assert (error["pointer"], error["code"]) == (pointer, code)
        assert HYPED not in answer.text
        assert await api.rows("SELECT id FROM appeals") == []

    async def test_is_404_for_a_verdict_that_is_not_there(self, quiet_api: Api) -> None:
        for verdict in ("vrd_" + "0" * 26, "x"):
            check_problem(
                await quiet_api.holder.post(f"/v1/verdicts/{verdict}/appeals", json=APPEAL), 404, "not-found"
            )

    async def test_refuses_an_older_version_and_names_the_current_one(self, api: Api) -> None:
        article = make_article()
        first = await publish(api.runtime, make_edition(article))
        second = await publish(api.runtime, make_edition(article, make_assessment(article, score=45)))
        answer = await api.holder.post(f"/v1/verdicts/{first.verdict_id}/appeals", json=APPEAL)
        assert second.verdict_id in check_problem(answer, 409, "conflict")["detail"]

    async def test_refuses_a_verdict_that_judges_nothing(self, api: Api) -> None:
        article = make_article()
        published = await publish(api.runtime, make_edition(article, make_refusal(article)))
        answer = await api.holder.post(f"/v1/verdicts/{published.verdict_id}/appeals", json=APPEAL)
        check_problem(answer, 409, "conflict")

    async def test_is_limited_to_some_undecided_ones_an_account(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_OPEN_APPEALS="3") as api:
            story = await _story(api)
            path = f"/v1/verdicts/{story['verdict']['id']}/appeals"
            headers = await _appellant(api)
            answers = await asyncio.gather(
                *(api.client.post(path, json=APPEAL, headers=headers) for _ in range(8))
            )
            created = [answer.json()["id"] for answer in answers if answer.status_code == 201]
            assert len(created) == 3
            refused = [answer for answer in answers if answer.status_code == 429]
            assert len(refused) == 5
            check_problem(refused[0], 429, "quota-exceeded")
            assert int(refused[0].headers["retry-after"]) > 0
            other = await api.client.post(path, json=APPEAL, headers=await _appellant(api, "acc_" + "2" * 26))
            assert other.status_code == 201
            await _decide(api, created[0], REJECTED)
            assert (await api.client.post(path, json=APPEAL, headers=headers)).status_code == 201

    async def test_is_answered_with_the_open_case(self, api: Api) -> None:
        story = await _story(api)
        answer = await api.client.post(
            f"/v1/verdicts/{story['verdict']['id']}/appeals", json=APPEAL, headers=await _appellant(api)
        )
        case = answer.json()
        assert answer.headers["location"] == f"{BASE_URL}/v1/appeals/{case['id']}"
        assert answer.headers["cache-control"] == "private, no-store"
        assert case == {
            "object": "appeal",
            "id": case["id"],
            "story_id": story["id"],
            "verdict_id": story["verdict"]["id"],
            "status": "open",
            "passages": [{"start": AT, "end": AT + len(HYPED)}],
            "findings": [],
            "dismissed": [],
            "explanation": None,
            "reply": None,
            "created_at": case["created_at"],
            "decided_at": None,
            "account_id": APPELLANT,
            "statement": STATEMENT,
            "proposed_reply": REPLY,
            "proposed_reply_by": "Brightwater",
        }


class TestPublicAppeals:
    async def test_is_404_for_an_appeal_that_is_not_there(self, quiet_api: Api) -> None:
        for path in ("/v1/appeals/apl_" + "0" * 26, "/v1/appeals/x", "/v1/verdicts/x/appeals"):
            check_problem(await quiet_api.client.get(path), 404, "not-found")

    async def test_holds_nothing_that_is_the_appellants_own(self, api: Api) -> None:
        story = await _story(api)
        verdict_id = story["verdict"]["id"]
        case = await _appeal(api, verdict_id)
        paths = [
            f"/v1/appeals/{case['id']}",
            story["links"]["appeals"],
            f"/v1/verdicts/{verdict_id}/appeals",
            f"/v1/stories/{story['id']}",
        ]
        for decided in (False, True):
            if decided:
                await _decide(api, case["id"], REJECTED | {"show_reply": False})
            for path in paths:
                answer = await api.client.get(path)
                assert answer.status_code == 200
                for private in (APPELLANT, STATEMENT, "Quillfeather about", "maker is called", HYPED):
                    if private != HYPED or path != paths[-1]:
                        assert private not in answer.text, path
        shown = (await api.client.get(paths[0])).json()
        assert set(shown) == {"object", *Appeal.__struct_fields__} - set()
        for path in paths[1:3]:
            assert (await api.client.get(path)).json()["data"] == [shown]

    async def test_is_the_whole_case_for_the_appellant_and_administrators_alone(self, api: Api) -> None:
        story = await _story(api)
        own = await _appellant(api)
        created = await api.client.post(
            f"/v1/verdicts/{story['verdict']['id']}/appeals", json=APPEAL, headers=own
        )
        path = created.headers["location"]
        public = await api.client.get(path)
        same_account = await api.make_key(Scope.READ_STORIES, account_id=APPELLANT)
        for others in (
            await _appellant(api, "acc_" + "2" * 26),
            bearer(same_account),
            bearer("unspun_live_no"),
        ):
            answer = await api.client.get(path, headers=others)
            assert answer.content == public.content or answer.status_code == 401
            assert STATEMENT not in answer.text
        for reader in (own, dict(api.holder.headers)):
            read = await api.client.get(path, headers=reader)
            assert read.json() == created.json()
            assert read.headers["cache-control"] == "private, no-store"
            assert "content-signal" not in read.headers
            for condition in (
                {"If-None-Match": public.headers["etag"]},
                {"If-Modified-Since": public.headers["last-modified"]},
            ):
                assert (await api.client.get(path, headers=reader | condition)).json() == created.json()
            again = await api.client.get(path, headers=reader | {"If-None-Match": read.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")
        for answer in (public, read):
            assert answer.headers["vary"] == "Accept-Encoding, Authorization"
        assert (await api.client.get(path)).content == public.content

    async def test_is_paged_newest_first(self, api: Api) -> None:
        story = await _story(api)
        created = [(await _appeal(api, story["verdict"]["id"]))["id"] for _ in range(3)]
        seen: list[str] = []
        path = f"/v1/stories/{story['slug']}/appeals?limit=2"
        while path:
            page = (await api.client.get(path)).json()
            seen += [appeal["id"] for appeal in page["data"]]
            path = page["has_more"] and f"{page['url']}?limit=2&cursor={page['next_cursor']}"
        assert seen == created[::-1]


class TestTheCases:
    async def test_are_the_accounts_own_and_an_administrators(self, api: Api) -> None:
        case = await _appeal(api, (await _story(api))["verdict"]["id"])
        other = await _appellant(api, "acc_" + "2" * 26)
        assert (await api.client.get("/v1/appeals", headers=other)).json()["data"] == []
        own = await api.client.get("/v1/appeals", headers=await _appellant(api))
        assert own.json()["data"] == [case]
        assert own.headers["cache-control"] == "private, no-store"
        for status, found in (("open", [case]), ("upheld", [])):
            assert (await api.holder.get(f"/v1/appeals?status={status}")).json()["data"] == found


class TestDeciding:
    @pytest.mark.parametrize(
        ("change", "pointer", "code"),
        [
            ({"outcome": "open"}, "#/outcome", "not_allowed"),
            ({"explanation": ""}, "#/explanation", "too_short"),
            ({"dismiss": []}, "#/dismiss", "too_short"),
            ({"dismiss": ["1"]}, "#/dismiss/0", "malformed"),
            ({"score": 3}, "#/score", "unknown"),
        ],
    )
    async def test_refuses_what_is_wrong(
        self, quiet_api: Api, change: dict[str, Any], pointer: str, code: str
    ) -> None:
        answer = await quiet_api.holder.post("/v1/appeals/apl_x/decide", json=REJECTED | change)
        check_invalid(answer, pointer=pointer, code=code)

    async def test_is_404_for_an_appeal_that_is_not_there(self, quiet_api: Api) -> None:
        answer = await quiet_api.holder.post("/v1/appeals/apl_" + "0" * 26 + "/decide", json=REJECTED)
        check_problem(answer, 404, "not-found")

    @pytest.mark.parametrize(
        ("decision", "status", "slug"),
        [
            (REJECTED | {"dismiss": ["f1"]}, 409, "conflict"),
            (UPHELD | {"dismiss": ["f1", "f2"]}, 422, "citation-mismatch"),
        ],
    )
    async def test_dismisses_only_what_counts_and_only_when_it_upholds(
        self, api: Api, decision: dict[str, Any], status: int, slug: str
    ) -> None:
        case = await _appeal(api, (await _story(api))["verdict"]["id"])
        check_problem(await api.holder.post(f"/v1/appeals/{case['id']}/decide", json=decision), status, slug)
        assert (await api.client.get(f"/v1/appeals/{case['id']}")).json()["status"] == "open"
        assert await api.rows("SELECT rule FROM rulings") == []

    async def test_cannot_uphold_what_touches_no_finding_unless_one_is_named(self, api: Api) -> None:
        elsewhere = {"spans": [{"start": 0, "end": 5, "quote": TEXT[:5]}], "statement": "No."}
        case = await _appeal(api, (await _story(api))["verdict"]["id"], elsewhere)
        path = f"/v1/appeals/{case['id']}/decide"
        problem = check_problem(await api.holder.post(path, json=UPHELD), 422, "citation-mismatch")
        assert "f1" in problem["detail"]
        assert (await _decide(api, case["id"], UPHELD | {"dismiss": ["f1"]}))["dismissed"]

    async def test_is_final(self, api: Api) -> None:
        case = await _appeal(api, (await _story(api))["verdict"]["id"])
        path = f"/v1/appeals/{case['id']}/decide"
        answers = await asyncio.gather(
            *(api.holder.post(path, json=decision) for decision in (UPHELD, REJECTED))
        )
        assert sorted(answer.status_code for answer in answers) == [200, 409]
        (first,) = [answer.json() for answer in answers if answer.status_code == 200]
        for decision in (UPHELD, REJECTED):
            check_problem(await api.holder.post(path, json=decision), 409, "conflict")
        shown = (await api.client.get(f"/v1/appeals/{case['id']}")).json()
        assert shown["status"] == first["status"]
        assert shown["decided_at"] == first["decided_at"]

    async def test_emits_an_event_and_writes_the_audit_log(self, api: Api) -> None:
        story = await _story(api)
        case = await _appeal(api, story["verdict"]["id"])
        await _decide(api, case["id"], UPHELD)
        async with api.runtime.pool.connection() as connection:
            event = (await list_events(connection, after=0, account_id=None, limit=10))[-1]
            (line,) = await list_audit(connection, case["id"])
        assert event.type == "appeal.decided"
        assert event.data == {
            "appeal_id": case["id"],
            "story_id": story["id"],
            "verdict_id": story["verdict"]["id"],
            **UPHELD,
        }
        assert line.action == "appeal.decided"

    async def test_rejected_changes_nothing_but_the_appeal(self, api: Api) -> None:
        story = await _story(api)
        case = await _appeal(api, story["verdict"]["id"])
        decided = await _decide(api, case["id"], REJECTED | {"show_reply": False})
        assert decided == case | {
            "status": "rejected",
            "explanation": REJECTED["explanation"],
            "decided_at": decided["decided_at"],
        }
        assert (await api.client.get(f"/v1/stories/{story['id']}")).json() == story
        for table in ("rulings", "analysis_jobs"):
            assert await api.rows(f"SELECT 1 FROM {table}") == []

    async def test_upheld_makes_rulings_and_a_job(self, api: Api) -> None:
        story = await _story(api)
        case = await _appeal(api, story["verdict"]["id"])
        decided = await _decide(api, case["id"], UPHELD)
        place = {"rule": "hyped", "start": AT, "end": AT + len(HYPED)}
        assert (decided["status"], decided["dismissed"]) == ("upheld", [place])
        (job,) = await api.rows("SELECT kind, story_id, status FROM analysis_jobs")
        assert tuple(job) == ("stored", story["id"], "queued")
        async with api.runtime.pool.connection() as connection:
            rulings = await list_rulings(connection, story["verdict"]["text_sha256"])
        assert rulings == [Ruling(text_sha256=story["verdict"]["text_sha256"], note=case["id"], **place)]


class TestAReply:
    async def test_is_shown_with_the_story_whatever_the_outcome(self, api: Api) -> None:
        for number, decision in enumerate((UPHELD, REJECTED)):
            url = f"http://news.brightwater.example/{number}"
            story = await _story(api, url=url, title=f"Brightwater opens {number}")
            path = f"/v1/stories/{story['id']}"
            at = story["verdict"]["findings"][0]["spans"][0]["start"]
            span = SPAN | {"start": at, "end": at + len(HYPED)}
            case = await _appeal(api, story["verdict"]["id"], APPEAL | {"spans": [span]})
            assert (await api.client.get(path)).json()["replies"] == []
            reply = {
                "appeal_id": case["id"],
                "verdict_id": story["verdict"]["id"],
                "text": REPLY,
                "by": "Brightwater",
                "shown_since": (await _decide(api, case["id"], decision))["decided_at"],
            }
            # from Valkey, from the documents table, and newly rendered
            for forget in (False, True):
                if forget:
                    await api.forget_copies()
                answer = await api.client.get(path)
                assert answer.json()["replies"] == [reply]
                assert msgspec.json.decode(answer.content, type=Story).replies[0].text == REPLY
            await api.rows("DELETE FROM documents")
            await api.forget_copies()
            assert (await api.client.get(path)).json()["replies"] == [reply]
            assert (await api.client.get(f"/v1/appeals/{case['id']}")).json()["reply"] == reply

    @pytest.mark.parametrize("form", OBJECT_FORMS)
    async def test_is_in_every_form_as_words_and_nothing_else(self, api: Api, form: Form) -> None:
        story = await _story(api)
        hostile = APPEAL | {
            "reply": "Ours.\n# Head\n</script><script>alert(1)</script> [x](javascript:alert(1)) {{7*7}}",
            "reply_by": "<img src=x onerror=alert(1)>",
        }
        case = await _appeal(api, story["verdict"]["id"], hostile)
        path = f"/v1/stories/{story['id']}.{form}"
        assert "alert(1)" not in (await api.client.get(path)).text
        await _decide(api, case["id"], REJECTED)
        shown = (await api.client.get(path)).text
        assert "Ours." in shown
        assert "alert(1)" in shown
        if form is Form.HTML:
            for live in ("<script>alert", "<img src=x", 'href="javascript:'):
                assert live not in shown
        if form is Form.MARKDOWN:
            assert "\n# Head" not in shown
            assert "[x](" not in shown

    async def test_is_not_shown_where_it_may_not_be(self, api: Api) -> None:
        story = await _story(api)
        case = await _appeal(api, story["verdict"]["id"])
        decided = await _decide(api, case["id"], REJECTED | {"show_reply": False})
        assert (decided["reply"], decided["proposed_reply"]) == (None, REPLY)
        assert (await api.client.get(f"/v1/stories/{story['id']}")).json()["replies"] == []


class TestARuling:
    async def test_stops_a_publication_that_did_not_heed_it(self, api: Api) -> None:
        article = make_article()
        story = await _story(api)
        await _decide(api, (await _appeal(api, story["verdict"]["id"]))["id"], UPHELD)
        heedless = make_edition(article, make_assessment(article, score=45))
        with pytest.raises(StaleEdition):
            await publish(api.runtime, heedless)
        async with api.runtime.pool.connection() as connection:
            rulings = await list_rulings(connection, article.text_sha256)
        heeding = make_edition(article, make_assessment(article, score=12), rulings=rulings)
        published = await publish(api.runtime, heeding)
        verdict = (await api.client.get(f"/v1/verdicts/{published.verdict_id}")).json()
        assert (verdict["version"], verdict["reason"]) == (2, "appeal_upheld")
        assert verdict["provenance"]["human_reviewed"]
        assert not story["verdict"]["provenance"]["human_reviewed"]
        # the next one differs for another reason
        later = make_edition(article, make_assessment(article, score=14), rulings=rulings)
        verdict_id = (await publish(api.runtime, later)).verdict_id
        again = (await api.client.get(f"/v1/verdicts/{verdict_id}")).json()
        assert (again["version"], again["reason"]) == (3, "source_edited")

    async def test_does_not_apply_to_another_text(self, api: Api) -> None:
        await _decide(api, (await _appeal(api, (await _story(api))["verdict"]["id"]))["id"], UPHELD)
        published = await publish(
            api.runtime, make_edition(make_article(paragraphs=(HYPED, *TEXT.split("\n\n")[1:])))
        )
        verdict = (await api.client.get(f"/v1/verdicts/{published.verdict_id}")).json()
        assert (verdict["version"], verdict["reason"]) == (2, "source_edited")
