"""Requests and answers as lines of the Batch format."""

from typing import Any

import msgspec
import pytest

from api.llm.batch_files import BatchAnswer, outcome_of, plain_answer, read_answer_line, request_line
from api.llm.dialects import parse_dialect
from api.llm.model_server import ModelServer
from api.llm.outcomes import (
    Answer,
    Misconfigured,
    MisconfiguredReason,
    Outcome,
    Rejected,
    RejectReason,
    Unavailable,
    UnavailableReason,
)
from tests.unit.llm.conftest import ARTICLE, GOOD, asking

SERVER = ModelServer(base_url="https://model.invalid/v1", model="m-1")


def line(response: Any = None, **fields: Any) -> bytes:
    return msgspec.json.encode({"custom_id": "a-1", "response": response, "error": None} | fields)


def answered(content: Any, status: int = 200, **body: Any) -> Outcome:
    whole = {"choices": [{"message": {"content": content}, "finish_reason": "stop"}]} | body
    response = {"status_code": status, "request_id": "r", "body": whole}
    return outcome_of(read_answer_line(line(response)), asking(), SERVER)


class TestALineIsRefused:
    @pytest.mark.parametrize(
        "given",
        [
            b"",
            b"not JSON",
            b"[]",
            b'{"response":{"status_code":200,"body":{}}}',
            b'{"custom_id":7,"response":{"status_code":200,"body":{}}}',
            b'{"custom_id":"a","response":{"body":{}}}',
            b'{"custom_id":"a","response":"none"}',
            b'{"custom_id":"a"}',
            b"[" * 100_000,
            b'{"custom_id":"\xff"}',
        ],
    )
    def test_if_it_is_no_answer(self, given: bytes) -> None:
        with pytest.raises(ValueError, match=r"Batch format|neither"):
            read_answer_line(given)


class TestAnAnswerIsUnusable:
    def test_if_the_batch_failed(self) -> None:
        error = {"code": "batch_expired", "message": "This request could not be executed."}
        outcome = outcome_of(read_answer_line(line(error=error)), asking(), SERVER)
        assert isinstance(outcome, Unavailable)
        assert outcome.reason is UnavailableReason.ERROR_IN_ANSWER
        assert outcome.detail == "The server answered 200 (batch_expired)."

    def test_if_the_response_is_an_error(self) -> None:
        assert isinstance(answered(None, 500), Unavailable)
        refused = answered(None, 401)
        assert isinstance(refused, Misconfigured)
        assert refused.reason is MisconfiguredReason.KEY_REFUSED
        too_long = answered(None, 400, error={"message": "context_length_exceeded"})
        assert isinstance(too_long, Rejected)
        assert too_long.reason is RejectReason.PROMPT_TOO_LONG

    def test_if_it_would_be_in_a_response_to_the_client(self) -> None:
        for content, reason in (
            (None, RejectReason.NULL_CONTENT),
            ("I'm sorry, but I can't help with that.", RejectReason.REFUSED),
            ('{"quote":1}', RejectReason.SCHEMA_IGNORED),
        ):
            outcome = answered(content)
            assert isinstance(outcome, Rejected)
            assert outcome.reason is reason
        cut = answered(GOOD, usage={"prompt_tokens": 4, "completion_tokens": 2})
        assert isinstance(cut, Rejected)
        assert cut.reason is RejectReason.PROMPT_CUT

    @pytest.mark.parametrize(
        ("status", "reason"), [(200, UnavailableReason.MALFORMED), (500, UnavailableReason.SERVER_ERROR)]
    )
    def test_if_its_body_is_not_utf_8(self, status: int, reason: UnavailableReason) -> None:
        broken = BatchAnswer(custom_id="a-1", status=status, body=b'{"error":"\xff","choices":["\xff"]}')
        outcome = outcome_of(broken, asking(), SERVER)
        assert isinstance(outcome, Unavailable)
        assert outcome.reason is reason


class TestAnAnswer:
    def test_is_that_of_the_response(self) -> None:
        outcome = answered(f"```json\n{GOOD}\n```", usage={"prompt_tokens": 12, "completion_tokens": 9})
        assert isinstance(outcome, Answer)
        assert outcome.content.decode() == GOOD
        assert outcome.usage is not None
        assert (outcome.usage.prompt, outcome.usage.completion) == (12, 9)

    def test_of_a_reader_is_its_text(self) -> None:
        outcome = outcome_of(plain_answer("a-1", GOOD), asking(), SERVER)
        assert isinstance(outcome, Answer)
        assert outcome.usage is None


class TestARequest:
    def test_is_a_line_with_the_body_of_a_call(self) -> None:
        written = request_line("a-1", asking(), SERVER)
        assert written == request_line("a-1", asking(), SERVER)
        assert written.count(b"\n") == 1
        assert written.endswith(b"\n")
        found = msgspec.json.decode(written)
        assert list(found) == ["custom_id", "method", "url", "body"]
        assert (found["custom_id"], found["method"]) == ("a-1", "POST")
        assert found["url"] == "/v1/chat/completions"
        assert (found["body"]["model"], found["body"]["max_tokens"]) == ("m-1", 300)
        assert found["body"]["messages"][1] == {"role": "user", "content": ARTICLE}
        assert found["body"]["response_format"]["json_schema"]["strict"] is True

    def test_has_the_pinned_dialect(self) -> None:
        pinned = ModelServer(
            base_url="https://model.invalid/v1",
            model="m-1",
            dialect=parse_dialect("json_object max_completion_tokens"),
        )
        body = msgspec.json.decode(request_line("a-1", asking(), pinned))["body"]
        assert body["response_format"] == {"type": "json_object"}
        assert "max_completion_tokens" in body
        assert not {"temperature", "seed", "max_tokens"} & set(body)
        assert "JSON Schema" in body["messages"][0]["content"]
