"""The language model as the settings name it: its client, its requests, and the secret that marks its prompts."""

import hmac
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from msgspec import Struct, convert

from api.llm.completion_request import CompletionRequest, Message
from api.llm.dialects import DialectMemory, parse_dialect
from api.llm.model_server import ModelServer
from api.llm.strict_schema import Bounds
from api.proposals.answers import Judgement, Prose, Review
from api.proposals.decoding import MalformedAnswer, decode_answer
from api.proposals.requests import Call, ModelRequest
from api.settings import Settings, SettingsError

if TYPE_CHECKING:
    from api.llm.model_client import ModelClient

_NOWHERE: Final = "https://model.invalid/v1"  # RFC 2606
_MARK_LABEL: Final = b"unspun marks of sentences"
_OUTPUTS: Final[Mapping[Call, type[Struct]]] = {
    Call.JUDGEMENT: Judgement,
    Call.PROSE: Prose,
    Call.REVIEW: Review,
}


def model_server(settings: Settings) -> ModelServer | None:
    """The configured server, None if there is none. Raises SettingsError.

    A local one gets bounds for strings and lists: its grammar needs them, and hosted servers may refuse them.
    """
    if not settings.llm_url:
        return None
    try:
        return ModelServer(
            base_url=settings.llm_url,
            model=settings.llm_model,
            key_file=settings.llm_key_file,
            ca_file=settings.llm_ca_file,
            total_seconds=settings.llm_timeout_s,
            concurrency=settings.llm_concurrency,
            dialect=parse_dialect(settings.llm_dialect) if settings.llm_dialect else None,
            extra_body=settings.extra_body(),
            bounds=Bounds() if settings.llm_local else None,
            context_tokens=settings.llm_context_tokens,
        )
    except ValueError as problem:
        raise SettingsError(f"The language model's settings are wrong: {problem}") from None


def batch_server(settings: Settings, model: str) -> ModelServer:
    """The server of a batch with a model: as configured, else one that only gives requests their form.

    Raises SettingsError.
    """
    configured = model_server(settings)
    if configured is not None:
        return replace(configured, model=model)
    dialect = parse_dialect(settings.llm_dialect) if settings.llm_dialect else None
    return ModelServer(base_url=_NOWHERE, model=model, dialect=dialect, extra_body=settings.extra_body())


def model_client(settings: Settings, memory: DialectMemory | None = None) -> "ModelClient | None":
    """A client of the configured model, to be opened with `async with`; None if there is none.

    `memory` keeps the dialects that servers accept. Raises SettingsError.
    """
    server = model_server(settings)
    if server is None:
        return None
    from api.llm.model_client import (
        ModelClient,  # a third of a second, and memory, which others need not spend
    )

    try:
        return ModelClient(server, memory or DialectMemory())
    except ValueError as problem:
        raise SettingsError(f"The language model's settings are wrong: {problem}") from None


def completion_request(request: ModelRequest, settings: Settings) -> CompletionRequest:
    """What the client sends for a request of the second judge. Any answer is taken that the judge can decode."""
    output, most = _OUTPUTS[request.call], settings.llm_max_output_tokens
    if request.call is Call.REVIEW:
        most = min(most, settings.llm_review_tokens)

    def accepts(content: bytes) -> bool:
        try:
            decode_answer(content, output)
        except MalformedAnswer:
            return False
        return True

    return CompletionRequest(
        name=request.call.value,
        messages=convert(request.messages, tuple[Message, ...], from_attributes=True),
        output=output,
        max_output_tokens=most,
        accepts=accepts,
    )


def mark_secret(settings: Settings) -> bytes:
    """The secret of `numbered_parts`: 32 bytes, the same in all processes of an installation.

    Without a setting it is derived from the public base URL, as the keys of list cursors are. The mark still
    depends on the whole article, so a page that contains its own mark takes 2^48 attempts.
    """
    secret = settings.llm_mark_secret
    key = settings.base_url if secret is None else secret.reveal()
    return hmac.digest(key.encode(), _MARK_LABEL, "sha256")
