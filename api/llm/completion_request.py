"""A request for JSON of a type, and its body in a dialect."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct

from api.llm.dialects import Dialect, ResponseFormat
from api.llm.model_server import ModelServer
from api.llm.strict_schema import Schema, strict_schema

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")  # names of schemas, as OpenAI allows them

_INSTRUCTION: Final = (
    "Answer with one JSON object that matches the JSON Schema below. Write nothing before or after it.\n"
)


class Message(Struct, frozen=True):
    """One message of the prompt."""

    role: Literal["system", "user", "assistant"]
    content: str


class CompletionRequest(Struct, frozen=True, kw_only=True):
    """A prompt and the type of its answer.

    `name` is the schema's name, of letters, digits, `_` and `-`. `output` is a struct that `strict_schema`
    accepts; it gives the schema. `accepts` tells whether the JSON of an answer is usable, for callers that drop
    bad items one by one; without it an answer must decode as `output`. `max_output_tokens` is for the answer; a
    server's tokens for reasoning are added.

    Raises ValueError for other names, for no messages and for a limit below one.
    """

    name: str
    messages: tuple[Message, ...]
    output: type[Struct]
    max_output_tokens: int
    seed: int = 0
    accepts: Callable[[bytes], bool] | None = None

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name):
            raise ValueError("The name of a schema has 1 to 64 letters, digits, _ and -.")
        if not self.messages or self.max_output_tokens < 1:
            raise ValueError("A request needs a message and a limit of at least one token.")


def output_token_limit(request: CompletionRequest, server: ModelServer) -> int:
    """The limit of output tokens that is sent: the most that a call can be charged for its answer."""
    return request.max_output_tokens + server.reasoning_tokens


def messages_in(request: CompletionRequest, dialect: Dialect, schema: Schema) -> tuple[Message, ...]:
    """The messages as sent: with the schema, if the dialect does not make the server enforce it.

    The schema is added to the first message if that is the system's, because some servers accept only one.
    """
    if dialect.response_format is ResponseFormat.JSON_SCHEMA:
        return request.messages
    instruction = _INSTRUCTION + msgspec.json.encode(schema).decode()
    first, *others = request.messages
    if first.role == "system":
        return (Message("system", f"{first.content}\n\n{instruction}"), *others)
    return (Message("system", instruction), *request.messages)


def request_body(
    request: CompletionRequest,
    server: ModelServer,
    dialect: Dialect,
    messages: tuple[Message, ...],
    schema: Schema,
) -> bytes:
    """The body as JSON. Equal arguments give equal bytes."""
    body: dict[str, Any] = {
        "model": server.model,
        "messages": messages,
        "stream": False,
        dialect.tokens_field: output_token_limit(request, server),
    }
    if dialect.temperature:
        body["temperature"] = 0
    if dialect.seed:
        body["seed"] = request.seed
    if (wanted := _response_format(request.name, dialect.response_format, schema)) is not None:
        body["response_format"] = wanted
    return msgspec.json.encode(body | dict(server.extra_body))


def schema_of(request: CompletionRequest, server: ModelServer) -> Schema:
    """The schema of the answer, with bounds if the server needs them."""
    return strict_schema(request.output, bounds=server.bounds)


def _response_format(name: str, wanted: ResponseFormat, schema: Schema) -> Mapping[str, Any] | None:
    match wanted:
        case ResponseFormat.JSON_SCHEMA:
            return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}
        case ResponseFormat.JSON_OBJECT_SCHEMA:
            return {"type": "json_object", "schema": schema}
        case ResponseFormat.JSON_OBJECT:
            return {"type": "json_object"}
        case ResponseFormat.NONE:
            return None
