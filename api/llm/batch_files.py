"""The files of the OpenAI Batch format: requests, and their answers in any order, a JSON object a line.

vLLM's `run-batch`, Mistral, Groq, Together and others read and write the same lines.
"""

from typing import Any, Final, TypeAlias

import msgspec
from msgspec import Raw, Struct

from api.llm.answers import read_answer
from api.llm.completion_request import CompletionRequest, messages_in, request_body, schema_of
from api.llm.dialects import START
from api.llm.model_server import ModelServer
from api.llm.outcomes import Outcome, Usage
from api.llm.refusals import ErrorBody, error_in_answer, final_refusal, read_error, refusal

URL: Final = "/v1/chat/completions"


class BatchAnswer(Struct, kw_only=True, frozen=True):
    """An answer to the request `custom_id`: status and body of a response, or an error without one."""

    custom_id: str
    status: int | None
    body: bytes


class _Response(Struct, frozen=True):
    status_code: int
    body: Raw


class _Line(Struct, frozen=True):
    custom_id: str
    response: _Response | None = None
    error: Raw = Raw(b"null")


_Request: TypeAlias = dict[str, str | Raw]


def request_line(custom_id: str, request: CompletionRequest, server: ModelServer) -> bytes:
    """A request as a line. A batch negotiates nothing: it has the pinned dialect, or the strictest."""
    dialect, schema = server.dialect or START, schema_of(request, server)
    body = request_body(request, server, dialect, messages_in(request, dialect, schema), schema)
    line: _Request = {"custom_id": custom_id, "method": "POST", "url": URL, "body": Raw(body)}
    return msgspec.json.encode(line) + b"\n"


def read_answer_line(line: bytes) -> BatchAnswer:
    """Raises ValueError if the line is no answer."""
    try:
        found = msgspec.json.decode(line, type=_Line)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise ValueError("This is no answer in the Batch format.") from error
    if bytes(found.error) != b"null":
        return BatchAnswer(
            custom_id=found.custom_id, status=None, body=b'{"error":' + bytes(found.error) + b"}"
        )
    if found.response is None:
        raise ValueError("The line has neither a response nor an error.")
    response = found.response
    return BatchAnswer(custom_id=found.custom_id, status=response.status_code, body=bytes(response.body))


def answer_line(custom_id: str, content: str, usage: Usage | None) -> bytes:
    """A message as the server sent it, as a line."""
    counted = usage and {"prompt_tokens": usage.prompt, "completion_tokens": usage.completion}
    body = _completion(content) | {"usage": counted}
    response = {"status_code": 200, "body": body}
    return msgspec.json.encode({"custom_id": custom_id, "response": response, "error": None}) + b"\n"


def plain_answer(custom_id: str, content: str) -> BatchAnswer:
    """The answer of a message without a server's response."""
    return BatchAnswer(custom_id=custom_id, status=200, body=msgspec.json.encode(_completion(content)))


def outcome_of(answer: BatchAnswer, request: CompletionRequest, server: ModelServer) -> Outcome:
    """The outcome of the request, as if the client had asked."""
    dialect, schema = server.dialect or START, schema_of(request, server)
    if answer.status is None:
        return error_in_answer(msgspec.json.decode(answer.body), {})
    if answer.status == 200:
        characters = sum(len(message.content) for message in messages_in(request, dialect, schema))
        return read_answer(answer.body, {}, request, dialect, schema, characters)
    error: ErrorBody = read_error(answer.body)
    final = final_refusal(answer.status, error, dialect)
    return final or refusal(answer.status, {}, error, dialect)


def _completion(content: str) -> dict[str, Any]:
    return {"choices": [{"message": {"content": content}, "finish_reason": "stop"}]}
