"""Idempotency-Key: a repeated POST has no second effect and returns the first response.

Every POST route runs its effect through `once`; a test checks all routes.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

import msgspec
from msgspec import Struct

from api.errors import InvalidRequest, Unavailable
from api.operations.keys.idempotent_call import perform_once
from api.routes.http.admission.authentication import holder_of
from api.routes.http.admission.limits import REPLAYED
from api.routes.http.request.headers import header
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import Answer, LateAnswer, runtime_of
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.keys.idempotency import RequestIdentity, StoredAnswer, update_record
from schemas.problems import FieldError

T = TypeVar("T")

MAX_LENGTH: Final = 255
# A structured-field string (RFC 8941 section 3.3.3), as in the draft, or the same characters without quotes.
_QUOTED: Final = re.compile(r'"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])+)"')
_ESCAPED: Final = re.compile(r"\\(.)")
_BARE: Final = re.compile(r"[\x21\x23-\x2b\x2d-\x5b\x5d-\x7e]+")  # no space, quote, comma or backslash
# Both, for the OpenAPI document.
KEY_PATTERN: Final = r'^(?:"(?:[ !#-\[\]-~]|\\["\\]){1,255}"|[!#-+\--\[\]-~]{1,255})$'
_encode = msgspec.json.Encoder(order="deterministic").encode


@dataclass(frozen=True, kw_only=True)
class Done(Generic[T]):
    """`value` is the result of the effect; None if an earlier request had it."""

    value: T | None
    answer: Answer
    runtime: Runtime
    identity: RequestIdentity | None

    async def settle(self, answer: Answer) -> Answer:
        """Stores `answer` for repeated requests. If that fails, they get the first one."""
        if self.identity is not None:
            with suppress(Unavailable):
                async with self.runtime.pool.connection() as connection:
                    await update_record(connection, self.identity.digest, _stored(answer))
        return answer


async def once(
    request: HttpRequest,
    body: Struct | None,
    act: Callable[[Connection], Awaitable[T]],
    show: Callable[[T], Answer],
    *,
    repeat: Callable[[T], Answer] | None = None,
) -> Done[T]:
    """Runs `act` in a transaction and `show`s its result, or returns the response to the first such request.

    The route needs a scope, because keys are unique per account. `repeat` shows what repeated requests may see,
    if less. Raises the errors of `act` and `perform_once`; InvalidRequest for a malformed key.
    """
    runtime, identity = runtime_of(request), _identity(request, body)
    outcome = await perform_once(runtime, identity, act, lambda value: _stored((repeat or show)(value)))
    if isinstance(outcome, StoredAnswer):
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in outcome.headers]
        answer = LateAnswer(outcome.status, [*headers, REPLAYED], outcome.body)
        return Done(value=None, answer=answer, runtime=runtime, identity=None)
    return Done(value=outcome, answer=show(outcome), runtime=runtime, identity=identity)


def read_key(value: str | None) -> str | None:
    """The key in the header's value, quoted or bare. Raises InvalidRequest if it is malformed."""
    if value is None:
        return None
    value = value.strip()
    quoted = _QUOTED.fullmatch(value)
    key = _ESCAPED.sub(r"\1", quoted[1]) if quoted else value if _BARE.fullmatch(value) else ""
    if not 0 < len(key) <= MAX_LENGTH:
        detail = f"Use 1 to {MAX_LENGTH} printable ASCII characters, preferably in double quotes."
        error = FieldError(pointer=None, parameter="Idempotency-Key", code="malformed", detail=detail)
        raise InvalidRequest(f"Idempotency-Key: {detail}", errors=[error])
    return key


def _identity(request: HttpRequest, body: Struct | None) -> RequestIdentity | None:
    key = read_key(header(request.scope, b"idempotency-key"))
    if key is None:
        return None
    account_id = holder_of(request).account_id
    named = _encode([account_id, request.method, request.scope["path"].rstrip("/"), key])
    return RequestIdentity(
        account_id=account_id,
        digest=hashlib.sha256(named).digest(),
        fingerprint=hashlib.sha256(_encode(body)).digest(),
    )


def _stored(answer: Answer) -> StoredAnswer:
    headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers]
    return StoredAnswer(status=answer.status, headers=headers, body=answer.body)
