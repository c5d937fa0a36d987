"""Bodies of webhooks: the event, with its verdict in full payloads."""

from contextlib import suppress
from typing import Any, Final

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from schemas.events import Event
from schemas.wire import encode_json

MAX_BYTES: Final = 20_000  # as Standard Webhooks recommends
WITH_VERDICT: Final = ("story.published", "verdict.revised")


class _Claim(Struct):
    text: Any
    kind: Any
    support: Any
    verification: Any
    risk: Any


class _Brief(Struct):
    """The included parts of a verdict."""

    deck: Any
    summary: Any
    tldr: Any
    keywords: Any
    integrity: Any
    claims: list[_Claim]


def thin_body(event: Event) -> bytes:
    return encode_json(event)


def full_body(event: Event, verdict: bytes | str | None) -> bytes:
    """`verdict` is its JSON. If it is too large or in an older format, the body has `truncated` instead."""
    if verdict is None:
        return thin_body(event)
    with suppress(msgspec.ValidationError):
        brief = msgspec.to_builtins(msgspec.json.decode(verdict, type=_Brief))
        whole = encode_json(replace(event, data=event.data | {"verdict": brief}))
        if len(whole) <= MAX_BYTES:
            return whole
    return encode_json(replace(event, data=event.data | {"verdict": None, "truncated": True}))
