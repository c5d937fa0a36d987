"""A server and its model, as the operator configures them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from api.llm.dialects import Dialect
from api.llm.strict_schema import Bounds

# `extra_body` must not contain these: the client is not built for other values, or a budget relies on them.
_RESERVED: Final = frozenset(
    {"model", "messages", "stream", "n", "max_tokens", "max_completion_tokens", "response_format", "tools"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """Where and how to ask; times in seconds, sizes in bytes.

    `base_url` ends before `/chat/completions`, as in `https://api.example.org/v1`. It may be on a private
    network, because only the operator sets it. `key_file` contains the key, and is read before each request, so
    a key can be replaced while the service runs. `ca_file` has the certificates (PEM) of the authorities to trust
    instead of the public ones. `total_seconds` limits the wait for a free slot, all requests
    of the negotiation and the last byte of the answer together. `concurrency` is the number of calls at a time
    in this process. `dialect` pins the dialect: nothing is negotiated. `extra_body` adds fields to each request.
    `bounds` are sent with the JSON Schema: local grammars need them to end, and some hosted servers refuse them.
    `context_tokens` is the model's context, prompt and answer together: a longer request is not sent.
    `reasoning_tokens` is added to each request's limit of output tokens, for models that count their reasoning
    as output.

    Raises ValueError for a `base_url` that is not plain http or https, for a field in `extra_body` that the
    client sets itself, and for limits below their minimum.
    """

    base_url: str
    model: str
    key_file: Path | None = None
    ca_file: Path | None = None
    total_seconds: float = 120.0
    connect_seconds: float = 5.0
    max_body_bytes: int = 1_048_576
    concurrency: int = 2
    dialect: Dialect | None = None
    extra_body: Mapping[str, Any] = field(default_factory=dict)
    bounds: Bounds | None = None
    context_tokens: int | None = None
    reasoning_tokens: int = 0

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("The base URL of the model's server must begin with http:// or https://.")
        if parts.username is not None or parts.query or parts.fragment:
            raise ValueError("The base URL must not contain a user, a query or a fragment.")
        _ = parts.port  # raises ValueError for one that is no number
        if not self.model:
            raise ValueError("The model's name is missing.")
        if reserved := sorted(_RESERVED & self.extra_body.keys()):
            raise ValueError(f"Extra fields of the body must not contain {', '.join(reserved)}.")
        if (
            min(self.total_seconds, self.connect_seconds) <= 0
            or min(self.max_body_bytes, self.concurrency) < 1
        ):
            raise ValueError("Time limits must be above zero, size limit and concurrency at least one.")
        if self.reasoning_tokens < 0:
            raise ValueError("The tokens for reasoning must not be negative.")

    @property
    def url(self) -> str:
        """The URL of chat completions."""
        return f"{self.base_url.rstrip('/')}/chat/completions"

    @property
    def identity(self) -> tuple[str, str]:
        """Base URL and model: what a dialect is remembered by."""
        return self.base_url.rstrip("/"), self.model
