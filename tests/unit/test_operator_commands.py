"""`unspun stories`, `sources`, `appeals` and `drafts` on a real database."""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from click.testing import CliRunner, Result

from api.cli import main
from api.operations.analyses.open_analysis import open_analysis
from api.operations.appeals.submit_appeal import submit_appeal
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.keys.accounts import insert_account
from api.storage.keys.keys import KeyHolder
from api.storage.log.audit_log import Actor
from schemas.analyses import AnalysisSubmission
from schemas.appeals import AppealSubmission
from tests.kit.servers.runtimes import running_runtime
from tests.kit.texts.factories import make_article, make_edition, publish
from tests.kit.texts.stored_verdicts import STORED_VERDICTS, publish_stored

NOWHERE = {"sty": "sty_" + "0" * 26, "apl": "apl_" + "0" * 26, "ana": "ana_" + "0" * 26}
RETRACT = ("--reason", "error", "--statement", "A test page.")


@pytest.fixture
def unspun(database_url: str) -> Callable[..., Result]:
    environment = {name: None for name in os.environ if name.startswith("UNSPUN_")}
    variables = environment | {"UNSPUN_DATABASE_URL": database_url}
    return lambda *arguments: CliRunner().invoke(main, arguments, env=variables)


@pytest.fixture
def within(database_url: str) -> Callable[[Callable[[Runtime, Connection], Awaitable[Any]]], Any]:
    """Runs a function in a transaction on the same database."""

    def run(act: Callable[[Runtime, Connection], Awaitable[Any]]) -> Any:
        async def inner() -> Any:
            async with (
                running_runtime(UNSPUN_DATABASE_URL=database_url) as runtime,
                runtime.pool.transaction() as connection,
            ):
                await insert_account(connection, DEFAULT_ACCOUNT, "default", runtime.clock.now())
                return await act(runtime, connection)

        return asyncio.run(inner())

    return run


@pytest.fixture
def story_id(within: Callable[..., Any]) -> str:
    async def act(runtime: Runtime, _: Connection) -> str:
        return (await publish(runtime, make_edition(make_article()))).story_id

    return within(act)


@pytest.fixture
def appeal_id(within: Callable[..., Any], story_id: str) -> str:
    """An open appeal against its verdict."""

    async def act(runtime: Runtime, connection: Connection) -> str:
        verdict_id = await connection.fetchval("SELECT verdict_id FROM stories WHERE id = $1", story_id)
        submission = AppealSubmission(findings=["f1"], statement="A name.\nReally.", reply="A name.")
        return (await submit_appeal(connection, runtime, verdict_id, submission, DEFAULT_ACCOUNT)).id

    return within(act)


def _audit(within: Callable[..., Any]) -> list[tuple[str, str, str]]:
    async def act(_: Runtime, connection: Connection) -> Any:
        rows = await connection.fetch("SELECT actor, action, object_id FROM audit_log ORDER BY number")
        return [tuple(row) for row in rows]

    return within(act)


class TestCommands:
    @pytest.mark.parametrize(
        ("arguments", "code", "said"),
        [
            (("stories", "retract", NOWHERE["sty"], *RETRACT), 1, "no such story"),
            (("stories", "retract", "x", "--reason", "error"), 2, "--statement"),
            (("stories", "retract", "x", "--reason", "mood", "--statement", "s"), 2, "mood"),
            (("stories", "retract", "x", "--reason", "error", "--statement", "a\x1bb"), 2, "statement"),
            (("stories", "rescore", "no-such-slug"), 1, "no such story"),
            (("rescore",), 2, "--missing"),
            (("rescore", "--missing", "mood"), 2, "mood"),
            (("sources", "correct", "x"), 2, "Give at least one option"),
            (("sources", "correct", "x", "--name", "n"), 1, "no such source"),
            (("sources", "correct", "x", "--domain", "X.example"), 2, "domains"),
            (("appeals", "decide", NOWHERE["apl"], "upheld", "--explanation", "e"), 1, "no such appeal"),
            (("appeals", "decide", "x", "open", "--explanation", "e"), 2, "open"),
            (("appeals", "decide", "x", "upheld"), 2, "--explanation"),
            (("drafts", "erase", NOWHERE["ana"]), 1, "no such analysis"),
        ],
    )
    def test_print_the_error(
        self, unspun: Callable[..., Result], arguments: tuple[str, ...], code: int, said: str
    ) -> None:
        refused = unspun(*arguments)
        assert refused.exit_code == code, refused.output
        assert said in refused.output


class TestStories:
    def test_are_retracted(
        self, unspun: Callable[..., Result], within: Callable[..., Any], story_id: str
    ) -> None:
        done = unspun("stories", "retract", story_id, *RETRACT)
        assert done.exit_code == 0, done.output
        assert f"{story_id} was retracted at" in done.output
        again = json.loads(unspun("stories", "retract", story_id, *RETRACT, "--json").output)
        assert again["statement"] == "A test page."
        assert _audit(within) == [(Actor.COMMAND_LINE, "story.retracted", story_id)]

    def test_are_queued_to_be_judged_again(
        self, unspun: Callable[..., Result], within: Callable[..., Any], story_id: str
    ) -> None:
        queued = json.loads(unspun("stories", "rescore", story_id, "--json").output)
        assert (queued["kind"], queued["status"]) == ("stored", "queued")
        assert _audit(within) == [(Actor.COMMAND_LINE, "story.rescored", story_id)]
        assert "queued: http" in unspun("stories", "rescore", story_id).output

    def test_without_a_field_are_queued_once(
        self, unspun: Callable[..., Result], within: Callable[..., Any], owner_url: str, story_id: str
    ) -> None:
        command = ("rescore", "--missing", "happening")
        assert unspun(*command).output == "queued: 0\n"

        async def act(runtime: Runtime, _: Connection) -> str:
            return (await publish_stored(runtime, owner_url, STORED_VERDICTS["0.8.0 sincere"])).story_id

        older = within(act)
        assert older != story_id
        assert [unspun(*command).output for _ in range(2)] == ["queued: 1\n", "queued: 0\n"]
        assert _audit(within) == [(Actor.COMMAND_LINE, "story.rescored", older)]


class TestSources:
    def test_are_corrected(self, unspun: Callable[..., Result], story_id: str) -> None:
        assert story_id
        command = ("sources", "correct", "news-brightwater-example", "--json")
        given = ("--type", "press_release", "--ownership", "Brightwater Holding", "--domain", "b.example")
        first = json.loads(unspun(*command, *given).output)
        assert (first["type"], first["domains"], first["known"]) == ("press_release", ["b.example"], True)
        second = json.loads(unspun(*command, "--ownership", "").output)
        assert second == first | {
            "ownership": None,
            "corrected_at": second["corrected_at"],
            "updated_at": second["updated_at"],
        }

    def test_are_kept_from_language_models(self, unspun: Callable[..., Result], story_id: str) -> None:
        assert story_id
        command = ("sources", "correct", "news-brightwater-example")
        assert unspun(*command, "--model-use", "sometimes").exit_code == 2
        assert "language models: never" in unspun(*command, "--model-use", "never").output
        assert json.loads(unspun(*command, "--name", "B", "--json").output)["model_use"] == "never"
        assert json.loads(unspun(*command, "--model-use", "default", "--json").output)["model_use"] is None


class TestAppeals:
    def test_are_listed_until_they_are_decided(
        self, unspun: Callable[..., Result], within: Callable[..., Any], appeal_id: str
    ) -> None:
        shown = unspun("appeals", "list").output
        assert appeal_id in shown
        assert "A name. Really." in shown
        decided = unspun("appeals", "decide", appeal_id, "upheld", "--explanation", "So it is.")
        assert decided.exit_code == 0, decided.output
        assert "dismissed: hyped at" in decided.output
        assert unspun("appeals", "list").output == ""
        case = json.loads(unspun("appeals", "list", "--status", "upheld", "--json").output)
        assert (case["id"], case["reply"]["text"]) == (appeal_id, "A name.")
        assert _audit(within) == [(Actor.COMMAND_LINE, "appeal.decided", appeal_id)]
        again = unspun("appeals", "decide", appeal_id, "rejected", "--explanation", "No.")
        assert again.exit_code == 1
        assert "final" in again.output

    def test_are_rejected_without_a_reply_where_it_may_not_be_shown(
        self, unspun: Callable[..., Result], appeal_id: str
    ) -> None:
        command = (
            "appeals",
            "decide",
            appeal_id,
            "rejected",
            "--explanation",
            "No.",
            "--hide-reply",
            "--json",
        )
        case = json.loads(unspun(*command).output)
        assert (case["status"], case["reply"], case["dismissed"]) == ("rejected", None, [])


class TestDrafts:
    def test_are_erased(self, unspun: Callable[..., Result], within: Callable[..., Any]) -> None:
        async def act(runtime: Runtime, connection: Connection) -> str:
            holder = KeyHolder(
                key_id="key_x", account_id=DEFAULT_ACCOUNT, scopes=frozenset(), expires_at=None
            )
            submission = AnalysisSubmission(text="Forty roles are impacted.")
            return await open_analysis(connection, runtime.clock, submission, holder, charged=0)

        analysis_id = within(act)
        assert unspun("drafts", "erase", analysis_id).output == f"{analysis_id} has been erased\n"
        again = json.loads(unspun("drafts", "erase", analysis_id, "--json").output)
        assert (again["status"], again["result"]) == ("erased", None)
        assert _audit(within) == [(Actor.COMMAND_LINE, "draft.erased", analysis_id)]
