"""The outcomes of a call. Each call ends in exactly one of them; none is raised.

`detail` consists of our words, a status and the server's error code: a server's messages may repeat the prompt
or part of the key, and must not reach a log.
"""

from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from api.llm.dialects import Dialect


class Usage(Struct, frozen=True, kw_only=True):
    """Tokens as the server counts them. `cached` is a part of `prompt`, `reasoning` a part of `completion`."""

    prompt: int
    completion: int
    cached: int | None = None
    reasoning: int | None = None


class RejectReason(StrEnum):
    """Why an answer is unusable."""

    REFUSED = "refused"  # by the model, or by the server's content filter
    TRUNCATED = "truncated"  # ended at the limit of output tokens
    WHITESPACE_RUNAWAY = "whitespace_runaway"
    NULL_CONTENT = "null_content"
    PROMPT_CUT = "prompt_cut"  # the server read less than was sent
    PROMPT_TOO_LONG = "prompt_too_long"
    SCHEMA_IGNORED = "schema_ignored"  # the server accepted the JSON Schema, and did not enforce it
    OUT_OF_BOUNDS = "out_of_bounds"  # as the sent schema demands, but longer than the type allows
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"  # JSON of another shape than the type, where no schema was enforced
    TOO_LARGE = "too_large"  # more bytes than the server's limit


class UnavailableReason(StrEnum):
    """Why there is no answer now."""

    BUSY = "busy"  # no free slot within the time limit
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    CONNECTION_LOST = "connection_lost"
    RATE_LIMITED = "rate_limited"
    SERVER_ERROR = "server_error"
    ERROR_IN_ANSWER = "error_in_answer"  # an error in a response with status 200
    MALFORMED = "malformed"  # a body that is no chat completion


class MisconfiguredReason(StrEnum):
    """What the operator must change."""

    KEY_UNREADABLE = "key_unreadable"
    KEY_REFUSED = "key_refused"
    NO_CREDIT = "no_credit"
    NOT_FOUND = "not_found"  # no such model, or no such path
    REDIRECTED = "redirected"
    REQUEST_REFUSED = "request_refused"  # in every dialect, or in the pinned one


class Answer(Struct, frozen=True, kw_only=True):
    """JSON of the requested type.

    `content` decodes as the request's `output`, or is what its `accepts` took. `raw` is the message as the server
    sent it. `usage` is None if the server does not count. `model` is the server's name for the model, which may
    differ from the configured one.
    """

    content: bytes
    raw: str
    dialect: Dialect
    usage: Usage | None
    model: str | None


class Rejected(Struct, frozen=True, kw_only=True):
    """An unusable answer, or a request that no dialect makes acceptable. The same request would fail again.

    `charged`: the server may have charged for it; `usage` tells how much, if it counts. `raw` is the message as
    the server sent it. `next_dialect` is set if the next call will use another dialect: one more try is
    reasonable.
    """

    reason: RejectReason
    dialect: Dialect
    charged: bool
    detail: str = ""
    raw: str | None = None
    usage: Usage | None = None
    next_dialect: Dialect | None = None


class Unavailable(Struct, frozen=True, kw_only=True):
    """No answer now; a later try may succeed.

    `retry_after` is the server's delay in seconds. `charged`: the server may have charged for it, because it
    received the request and did not refuse it.
    """

    reason: UnavailableReason
    charged: bool
    status: int | None = None
    retry_after: float | None = None
    detail: str = ""


class Misconfigured(Struct, frozen=True, kw_only=True):
    """No answer until the operator changes a setting or the server. Not charged."""

    reason: MisconfiguredReason
    status: int | None = None
    detail: str = ""


Outcome: TypeAlias = Answer | Rejected | Unavailable | Misconfigured
