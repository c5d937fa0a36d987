"""What a key has used of its quotas, and its account of its caps."""

from typing import Literal

from msgspec import Struct


class QuotaUsage(Struct, kw_only=True, frozen=True):
    """One policy: at most `quota` units in about `window_s` seconds. `refill_s` is when `remaining` rises next.

    `remaining` and `refill_s` are null while quotas cannot be counted for all processes together.
    """

    policy: str
    quota: int
    window_s: int
    remaining: int | None
    refill_s: int | None


class Costs(Struct, kw_only=True, frozen=True):
    """What calls cost, in units. A 304 costs nothing, nor does an analysis whose page cannot be fetched."""

    read: int
    analysis: int


class Cap(Struct, kw_only=True, frozen=True):
    """How many an account has of the `limit` that it may have."""

    used: int
    limit: int


class Usage(Struct, kw_only=True, frozen=True):
    """The quotas of the key of this call, and the caps of its account.

    `max_urls_per_host` is how many URLs of one host the account may submit in a minute.
    """

    object: Literal["usage"] = "usage"
    key_id: str
    account_id: str
    quotas: list[QuotaUsage]
    costs: Costs
    open_analyses: Cap
    max_urls_per_host: int
