"""API keys: what an administrator asks for, and what an account may know of its keys."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from schemas.ids import AccountId

# For scanners of leaked secrets. The last six digits are the CRC-32 of the thirty before them, in base 62.
KEY_PATTERN: Final = "unspun_live_[0-9a-z]{8}_[0-9A-Za-z]{36}"
MAX_OVERLAP_S: Final = 7 * 24 * 3600

Name = Annotated[str, Meta(min_length=1, max_length=100)]
# An address in digits with the length of its prefix: 192.0.2.0/24, 2001:db8::/32.
Network = Annotated[str, Meta(min_length=1, max_length=43)]
Time = Annotated[datetime, Meta(tz=True)]


class Scope(StrEnum):
    """What a key may do. `admin` may do everything, for every account."""

    ADMIN = "admin"
    WRITE_ANALYSES = "analyses:write"
    WRITE_APPEALS = "appeals:write"
    FRESH_ANALYSES = "analyses:fresh"
    READ_STORIES = "stories:read"
    MANAGE_WEBHOOKS = "webhooks:manage"


class KeyCreation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A key to be made, for the caller's account unless another is named.

    `account_id` names an account that exists, `account_name` makes a new one; at most one of them may be given.
    Without `expires_at` the key is valid until it is revoked. With `networks` (as 192.0.2.0/24) it is valid for
    requests from these alone.
    """

    name: Name
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=10)]
    account_id: AccountId | None = None
    account_name: Name | None = None
    expires_at: Time | None = None
    networks: Annotated[list[Network], Meta(max_length=50)] = []


class KeyRotation(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How a key is replaced: the old one works for `overlap_s` seconds more, a day unless said otherwise.

    The new one has the old one's name, scopes, networks and end; only an administrator may set another end.
    """

    overlap_s: Annotated[int, Meta(ge=0, le=MAX_OVERLAP_S)] = 24 * 3600
    expires_at: Time | None = None


class Key(Struct, kw_only=True, frozen=True):
    """A key without its secret. `prefix` and `last_four` tell which one it is; log lines keep the prefix.

    `replaces` is the id of the key that it was made from. `last_used_at` is true to about a minute.
    `networks` are those from which it may be used; empty: from anywhere.
    """

    object: Literal["key"] = "key"
    id: str
    account_id: str
    name: str
    prefix: str | None
    last_four: str
    scopes: list[Scope]
    networks: list[str]
    replaces: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None
    revoked_at: datetime | None


class NewKey(Key, kw_only=True, frozen=True):
    """A key that was just made. `secret` is what to send; it is shown this once and stored nowhere.

    It is null in the answer to a repeated request (`Idempotency-Replayed: true`).
    """

    secret: str | None
