"""Each outcome of a call without an answer, against a scripted server."""

import asyncio
import gzip
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.llm.dialects import START, DialectMemory, ResponseFormat
from api.llm.outcomes import (
    Answer,
    Misconfigured,
    MisconfiguredReason,
    Rejected,
    RejectReason,
    Unavailable,
    UnavailableReason,
    Usage,
)
from api.llm.strict_schema import Bounds
from tests.kit.polling import until
from tests.kit.servers.scripted_model import Reply, ScriptedModel, completion, failure
from tests.kit.tables import each
from tests.unit.llm.conftest import ARTICLE, GOOD, Clients, asking

KEY = "sk-Secret-0123456789abcdef"
SPACES = " \n" * 400


class TestRejected:
    @each(
        ("name", "reply", "reason"),
        [
            ("refusal", completion(None, message={"refusal": "I can't."}), RejectReason.REFUSED),
            ("filtered", completion('{"quote":"sa', finish="content_filter"), RejectReason.REFUSED),
            ("declined", completion("I'm sorry, but I can't help with that."), RejectReason.REFUSED),
            ("truncated", completion('{"quote":"said on', finish="length"), RejectReason.TRUNCATED),
            ("only reasoning", completion(None, finish="length"), RejectReason.TRUNCATED),
            ("closed, but at the limit", completion(GOOD, finish="length"), RejectReason.TRUNCATED),
            (
                "runaway",
                completion('{"quote":' + SPACES, finish="length"),
                RejectReason.WHITESPACE_RUNAWAY,
            ),
            ("nothing but space", completion(SPACES), RejectReason.WHITESPACE_RUNAWAY),
            ("null", completion(None), RejectReason.NULL_CONTENT),
            ("empty", completion(""), RejectReason.NULL_CONTENT),
            ("no text", completion([{"type": "thinking", "thinking": "x"}]), RejectReason.NULL_CONTENT),
            ("prose", completion("The story is fair."), RejectReason.SCHEMA_IGNORED),
            ("other fields", completion('{"verdict":"fair"}'), RejectReason.SCHEMA_IGNORED),
            ("other value", completion('{"quote":"a","type":"x","weight":0}'), RejectReason.SCHEMA_IGNORED),
            (
                "too long a quote",
                completion('{"quote":"%s","type":"none","weight":0}' % ("a" * 21)),
                RejectReason.OUT_OF_BOUNDS,
            ),
        ],
    )
    async def test_has_a_reason(
        self, clients: Clients, model: ScriptedModel, name: str, reply: Reply, reason: RejectReason
    ) -> None:
        model.script = reply
        outcome = await clients(dialect=START).complete(asking())
        assert isinstance(outcome, Rejected)
        assert (outcome.reason, outcome.charged) == (reason, True)
        assert outcome.usage == Usage(prompt=100, completion=20)

    async def test_is_a_long_quote_if_the_bound_was_sent(
        self, clients: Clients, model: ScriptedModel
    ) -> None:
        model.script = completion('{"quote":"%s","type":"none","weight":0}' % ("a" * 21))
        outcome = await clients(bounds=Bounds()).complete(asking())
        assert isinstance(outcome, Rejected)
        assert outcome.reason is RejectReason.SCHEMA_IGNORED

    @each(
        ("content", "reason"),
        [("The story is fair.", RejectReason.NOT_JSON), ('{"verdict":1}', RejectReason.WRONG_SHAPE)],
    )
    async def test_blames_no_schema_that_was_not_enforced(
        self, clients: Clients, model: ScriptedModel, content: str, reason: RejectReason
    ) -> None:
        model.script = completion(content)
        pinned = msgspec.structs.replace(START, response_format=ResponseFormat.NONE)
        outcome = await clients(dialect=pinned).complete(asking())
        assert isinstance(outcome, Rejected)
        assert (outcome.reason, outcome.raw) == (reason, content)

    @each(
        ("response_format", "content", "reason"),
        [
            (ResponseFormat.JSON_SCHEMA, '{"quote":1}', RejectReason.SCHEMA_IGNORED),
            (ResponseFormat.NONE, '{"quote":1}', RejectReason.WRONG_SHAPE),
            (ResponseFormat.NONE, "quote", RejectReason.NOT_JSON),
        ],
    )
    async def test_is_what_the_caller_does_not_accept(
        self,
        clients: Clients,
        model: ScriptedModel,
        response_format: ResponseFormat,
        content: str,
        reason: RejectReason,
    ) -> None:
        model.script = completion(content)
        pinned = msgspec.structs.replace(START, response_format=response_format)
        outcome = await clients(dialect=pinned).complete(asking(accepts=lambda _: False))
        assert isinstance(outcome, Rejected)
        assert outcome.reason is reason

    @each(
        ("tokens", "characters", "cut"),
        [
            (2_050, 14_000, True),  # half of Ollama's context
            (4_096, 19_500, True),  # all of it
            (4_097, 19_500, False),
            (4_096, 16_000, False),
            (1_000, 4_500, False),
            (0, 50_000, False),  # not counted
        ],
    )
    async def test_is_a_prompt_that_the_server_cut(
        self, clients: Clients, model: ScriptedModel, tokens: int, characters: int, cut: bool
    ) -> None:
        model.script = completion(GOOD, prompt_tokens=tokens)
        outcome = await clients().complete(asking("a" * characters))
        assert isinstance(outcome, Rejected) is cut
        assert not cut or (isinstance(outcome, Rejected) and outcome.reason is RejectReason.PROMPT_CUT)

    @each(
        ("status", "error", "reason"),
        [
            (
                400,
                {"error": {"code": "context_length_exceeded", "message": "x"}},
                RejectReason.PROMPT_TOO_LONG,
            ),
            (
                400,
                {"error": {"type": "exceed_context_size_error", "n_ctx": 4096}},
                RejectReason.PROMPT_TOO_LONG,
            ),
            (413, {"message": "Request entity too large"}, RejectReason.PROMPT_TOO_LONG),
            (400, {"error": {"code": "content_filter", "message": "x"}}, RejectReason.REFUSED),
        ],
    )
    async def test_is_a_prompt_that_no_dialect_makes_acceptable(
        self, clients: Clients, model: ScriptedModel, status: int, error: Any, reason: RejectReason
    ) -> None:
        model.asked.clear()
        model.script = failure(status, error)
        outcome = await clients().complete(asking())
        assert isinstance(outcome, Rejected)
        assert (outcome.reason, outcome.charged) == (reason, False)
        assert len(model.asked) == 1

    async def test_is_a_body_without_end(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = Reply(endless=True)
        outcome = await clients(max_body_bytes=100_000).complete(asking())
        assert isinstance(outcome, Rejected)
        assert outcome.reason is RejectReason.TOO_LARGE


class TestAnAnswer:
    @each(
        ("prompt", "answer", "counted"),
        [(0, 20, False), (0, 0, False), (100, 0, False), (100, 20, True)],
    )
    async def test_is_paid_as_reserved_if_the_server_counts_nothing(
        self, clients: Clients, model: ScriptedModel, prompt: int, answer: int, counted: bool
    ) -> None:
        """Else a server that answers 0 would never use up the budget of a day."""
        model.script = completion(GOOD, usage={"prompt_tokens": prompt, "completion_tokens": answer})
        outcome = await clients().complete(asking())
        assert isinstance(outcome, Answer)
        assert (outcome.usage is not None) is counted


class TestUnavailable:
    @each(
        ("name", "reply", "reason", "charged", "status", "after"),
        [
            ("429", failure(429, {"error": {}}, Retry_After="17"), "rate_limited", False, 429, 17.0),
            ("429, array", failure(429, [{"error": {"status": "X"}}]), "rate_limited", False, 429, None),
            ("500", failure(500, {"error": {}}), "server_error", True, 500, None),
            ("503", Reply(b"<html>", 503, {"Retry-After": "2"}), "server_error", True, 503, 2.0),
            ("529", failure(529, {"type": "error"}), "server_error", True, 529, None),
            ("408", failure(408), "server_error", False, 408, None),
            (
                "error in a 200",
                failure(200, {"error": {"code": 502, "message": "upstream"}}),
                "error_in_answer",
                True,
                502,
                None,
            ),
            ("array in a 200", failure(200, [{"error": {"code": 429}}]), "error_in_answer", True, 429, None),
            (
                "error of the choice",
                failure(200, {"choices": [{"error": {"code": 500}, "message": {"content": GOOD}}]}),
                "error_in_answer",
                True,
                500,
                None,
            ),
            ("HTML in a 200", Reply(b"<html>sign in</html>"), "malformed", True, 200, None),
            (
                "a coding that was not asked for",
                Reply(gzip.compress(b'{"choices":[]}'), headers={"Content-Encoding": "gzip"}),
                "malformed",
                True,
                200,
                None,
            ),
            (
                "half a surrogate",
                Reply(rb'{"choices":[{"message":{"content":"\ud800"}}]}'),
                "malformed",
                True,
                200,
                None,
            ),
            ("deep nesting", Reply(b"[" * 100_000), "malformed", True, 200, None),
            ("no choice", failure(200, {"choices": []}), "malformed", True, 200, None),
            ("no message", failure(200, {"choices": [{}]}), "malformed", True, 200, None),
            ("a list", failure(200, [1]), "malformed", True, 200, None),
            ("204", Reply(b"", 204), "malformed", True, 204, None),
        ],
    )
    async def test_has_a_reason(
        self,
        clients: Clients,
        model: ScriptedModel,
        memory: DialectMemory,
        name: str,
        reply: Reply,
        reason: str,
        charged: bool,
        status: int,
        after: float | None,
    ) -> None:
        model.script = reply
        outcome = await clients().complete(asking())
        assert isinstance(outcome, Unavailable)
        assert (outcome.reason, outcome.charged, outcome.status) == (reason, charged, status)
        assert outcome.retry_after == after
        assert memory.accepted() == {}

    @each("reply", [Reply(hang=True), Reply(drip=True), Reply(b'{"choices":', drip=True)])
    async def test_is_the_end_of_the_time_limit(
        self, clients: Clients, model: ScriptedModel, reply: Reply
    ) -> None:
        model.script = reply
        outcome = await clients(total_seconds=0.2).complete(asking())
        assert isinstance(outcome, Unavailable)
        assert (outcome.reason, outcome.charged) == (UnavailableReason.TIMEOUT, True)

    async def test_is_a_connection_that_ends_early(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = Reply(b'{"choices":', broken=True)
        outcome = await clients().complete(asking())
        assert isinstance(outcome, Unavailable)
        assert (outcome.reason, outcome.charged) == (UnavailableReason.CONNECTION_LOST, True)

    async def test_is_a_closed_port(self, clients: Clients) -> None:
        listening = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        listening.close()
        await listening.wait_closed()
        outcome = await clients(base_url=f"http://127.0.0.1:{port}/v1").complete(asking())
        assert isinstance(outcome, Unavailable)
        assert (outcome.reason, outcome.charged) == (UnavailableReason.UNREACHABLE, False)

    async def test_is_a_wait_for_a_slot_and_costs_nothing(
        self, clients: Clients, model: ScriptedModel
    ) -> None:
        model.script = Reply(hang=True)
        client = clients(concurrency=1)
        first = asyncio.create_task(client.complete(asking()))
        await until(lambda: len(model.asked) == 1)
        outcome = await client.complete(asking(), total_seconds=0.1)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        assert isinstance(outcome, Unavailable)
        assert (outcome.reason, outcome.charged) == (UnavailableReason.BUSY, False)
        assert len(model.asked) == 1


class TestMisconfigured:
    @each(
        ("status", "error", "reason"),
        [
            (401, {"error": {"code": "invalid_api_key"}}, MisconfiguredReason.KEY_REFUSED),
            (403, {"error": "forbidden"}, MisconfiguredReason.KEY_REFUSED),
            (402, {"error": {"message": "Insufficient Balance"}}, MisconfiguredReason.NO_CREDIT),
            (429, {"error": {"code": "insufficient_quota"}}, MisconfiguredReason.NO_CREDIT),
            (404, {"error": {"message": "model 'm-1' not found"}}, MisconfiguredReason.NOT_FOUND),
            (404, None, MisconfiguredReason.NOT_FOUND),
            (400, {"error": {"message": "m-1 is not a valid model ID"}}, MisconfiguredReason.NOT_FOUND),
            (405, None, MisconfiguredReason.REQUEST_REFUSED),
        ],
    )
    async def test_has_a_reason(
        self, clients: Clients, model: ScriptedModel, status: int, error: Any, reason: MisconfiguredReason
    ) -> None:
        model.asked.clear()
        model.script = failure(status, error)
        outcome = await clients().complete(asking())
        assert isinstance(outcome, Misconfigured)
        assert (outcome.reason, outcome.status) == (reason, status)
        assert len(model.asked) == 1

    async def test_never_follows_a_redirect(self, clients: Clients, model: ScriptedModel) -> None:
        model.script = Reply(status=307, headers={"Location": f"{model.base_url}/elsewhere"})
        outcome = await clients().complete(asking())
        assert outcome == Misconfigured(
            reason=MisconfiguredReason.REDIRECTED, status=307, detail="The server answered 307."
        )
        assert [asked.path for asked in model.asked] == ["/v1/chat/completions"]

    @each("content", [None, b"", b"two words", "schlüssel".encode(), b"k" * 5_000, b"a\r\nX-Injected: b"])
    async def test_is_a_key_file_without_a_key(
        self, clients: Clients, model: ScriptedModel, tmp_path: Path, content: bytes | None
    ) -> None:
        file = tmp_path / "key"
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content)
        outcome = await clients(key_file=file).complete(asking())
        assert isinstance(outcome, Misconfigured)
        assert outcome.reason is MisconfiguredReason.KEY_UNREADABLE
        assert model.asked == []
        assert content is None or len(content) < 6 or content.decode() not in outcome.detail

    async def test_repeats_neither_key_nor_article(
        self,
        clients: Clients,
        model: ScriptedModel,
        tmp_path: Path,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        file = tmp_path / "key"
        file.write_text(KEY)
        caplog.set_level("DEBUG")
        told = f"Incorrect API key provided: {KEY}. Prompt: {ARTICLE}"
        for status in (400, 401, 404, 429, 500):
            model.script = failure(status, {"error": {"message": told, "code": KEY, "type": ARTICLE}})
            outcome = await clients(key_file=file).complete(asking())
            assert KEY not in repr(outcome)
            assert ARTICLE not in repr(outcome)
        assert KEY not in caplog.text
        assert ARTICLE not in caplog.text
