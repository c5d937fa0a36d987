"""Chat completions over HTTP, each with a defined outcome.

httpx2 is used instead of the guarded client: the operator sets the address, which may be private. Instead of the
`openai` package, because most of what that does must not happen here: retries that exceed the time limit,
redirects, settings and proxies from the environment.
"""

import asyncio
import re
import ssl
from pathlib import Path
from types import TracebackType
from typing import Final

import certifi
import httpx2
import msgspec
from msgspec.structs import replace

from api.llm.answers import read_answer
from api.llm.completion_request import (
    CompletionRequest,
    messages_in,
    output_token_limit,
    request_body,
    schema_of,
)
from api.llm.dialects import Dialect, DialectMemory, Negotiation, lower_format
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
from api.llm.prompt_length import expected_prompt_tokens
from api.llm.refusals import final_refusal, read_error, refusal

# Statuses that may be about the dialect.
_NEGOTIABLE: Final = frozenset({400, 422})
# Every step down at once: seed, temperature, tokens field, two formats; and the first request.
MAX_REQUESTS: Final = 6
_MAX_KEY_BYTES: Final = 4_096
_KEY: Final = re.compile(rb"[!-~]+")


class _Response(msgspec.Struct, frozen=True):
    """`headers` have lower-case names. `body` is None if it exceeds the server's limit."""

    status: int
    headers: dict[str, str]
    body: bytes | None


class _KeyUnreadable(Exception):
    pass


class ModelClient:
    """A client of one server and model, for one event loop; open it with `async with`.

    `memory` is shared by the clients of a process. Raises ValueError if the server's `ca_file` cannot be used.
    """

    def __init__(self, server: ModelServer, memory: DialectMemory) -> None:
        self._server = server
        self._memory = memory
        self._slots = asyncio.Semaphore(server.concurrency)
        self._http = httpx2.AsyncClient(
            verify=_authorities(server.ca_file),
            trust_env=False,
            follow_redirects=False,
            timeout=httpx2.Timeout(None, connect=server.connect_seconds),
            limits=httpx2.Limits(max_connections=server.concurrency),
            headers={"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": "unspun"},
        )

    async def __aenter__(self) -> "ModelClient":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def complete(self, request: CompletionRequest, *, total_seconds: float | None = None) -> Outcome:
        """Ask once, in as many requests as the negotiation takes; never retries.

        A request that is expected to exceed the model's context is not sent: some servers would cut it.
        `total_seconds` is the time limit if it is shorter than the server's. Raises UnsupportedType for an
        `output` that has no schema, and nothing else.
        """
        if self._exceeds_context(request):
            return Rejected(
                reason=RejectReason.PROMPT_TOO_LONG,
                dialect=self._first_dialect(),
                charged=False,
                detail="The request was not sent.",
            )
        limit = self._server.total_seconds
        limit = limit if total_seconds is None else min(total_seconds, limit)
        sending = False
        try:
            async with asyncio.timeout(limit), self._slots:
                key = _read_key(self._server.key_file)
                sending = True
                return await self._negotiate(request, key)
        except TimeoutError:
            reason = UnavailableReason.TIMEOUT if sending else UnavailableReason.BUSY
            return Unavailable(reason=reason, charged=sending, detail="The time limit passed.")
        except _KeyUnreadable as error:
            return Misconfigured(reason=MisconfiguredReason.KEY_UNREADABLE, detail=str(error))
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            return Unavailable(
                reason=UnavailableReason.UNREACHABLE, charged=False, detail=type(error).__name__
            )
        except httpx2.HTTPError as error:
            return Unavailable(
                reason=UnavailableReason.CONNECTION_LOST, charged=True, detail=type(error).__name__
            )

    def _exceeds_context(self, request: CompletionRequest) -> bool:
        context = self._server.context_tokens
        if context is None:
            return False
        answer = output_token_limit(request, self._server)
        return expected_prompt_tokens(request, self._server) + answer > context

    def _first_dialect(self) -> Dialect:
        return self._server.dialect or self._memory.first(self._server.identity)

    async def _negotiate(self, request: CompletionRequest, key: str | None) -> Outcome:
        pinned = self._server.dialect
        negotiation = Negotiation(self._first_dialect())
        schema = schema_of(request, self._server)
        for number in range(1, MAX_REQUESTS + 1):
            dialect = negotiation.dialect
            messages = messages_in(request, dialect, schema)
            response = await self._send(request_body(request, self._server, dialect, messages, schema), key)
            if response.status == 200:
                break
            error = read_error(response.body or b"")
            if response.status in _NEGOTIABLE:
                if (final := final_refusal(response.status, error, dialect)) is not None:
                    return final
                if pinned is None and number < MAX_REQUESTS and negotiation.step_down(error.complaint):
                    continue
            return refusal(response.status, response.headers, error, dialect)
        if response.body is None:
            return Rejected(reason=RejectReason.TOO_LARGE, dialect=dialect, charged=True)
        characters = sum(len(message.content) for message in messages)
        outcome = read_answer(response.body, response.headers, request, dialect, schema, characters)
        return self._remembered(outcome, dialect)

    def _remembered(self, outcome: Outcome, dialect: Dialect) -> Outcome:
        """Keep the dialect of an answer; after an ignored schema, the next weaker one."""
        if self._server.dialect is not None or not isinstance(outcome, Answer | Rejected):
            return outcome
        if isinstance(outcome, Rejected) and outcome.reason is RejectReason.SCHEMA_IGNORED:
            weaker = lower_format(dialect)
            outcome = replace(outcome, next_dialect=weaker)
            dialect = weaker or dialect
        self._memory.remember(self._server.identity, dialect)
        return outcome

    async def _send(self, body: bytes, key: str | None) -> _Response:
        headers = {"Content-Type": "application/json"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        async with self._http.stream("POST", self._server.url, content=body, headers=headers) as response:
            received = bytearray()
            async for chunk in response.aiter_raw():
                received += chunk
                if len(received) > self._server.max_body_bytes:
                    return _Response(response.status_code, dict(response.headers), None)
            return _Response(response.status_code, dict(response.headers), bytes(received))


def _authorities(file: Path | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=file or certifi.where())
    except OSError as error:  # SSLError is one
        raise ValueError(f"The authorities in {file} cannot be read: {error.strerror or error}.") from None


def _read_key(file: Path | None) -> str | None:
    """The key in the file, None without a file. Raises _KeyUnreadable, which never contains the key."""
    if file is None:
        return None
    try:
        with file.open("rb") as opened:
            content = opened.read(_MAX_KEY_BYTES + 1)
    except OSError as error:
        raise _KeyUnreadable(f"The key file {file} cannot be read: {error.strerror}.") from None
    key = content.strip()
    if not _KEY.fullmatch(key) or len(content) > _MAX_KEY_BYTES:
        raise _KeyUnreadable(f"The key file {file} must contain one key of visible ASCII characters.")
    return key.decode("ascii")
