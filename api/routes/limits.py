"""Whether a request is let in: by the room in this process, by its key, and by the quota that pays for it.

Stands in front of everything, so that what a request costs is known before any work is done for it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from litestar.utils import normalize_path

from api.cache.buckets import Level, Taken
from api.errors import AbnormalUsage, QuotaExceeded, ReducedCapacity
from api.operations.authenticate import Authenticator
from api.operations.charge import READ, Price, Quotas
from api.operations.runtime import Runtime
from api.routes.authentication import identify
from api.routes.caller import Caller, remember_caller
from api.routes.client_addresses import ClientAddresses, customer_of
from api.routes.headers import header
from api.settings.quotas import QuotaPolicy
from api.storage.keys import KeyHolder

REPLAYED: Final = (b"idempotency-replayed", b"true")
_PAUSE_S: Final = 1  # a request takes milliseconds, so in a second there is room again
_READING: Final = ("GET", "HEAD", "OPTIONS")


class Limits:
    """One a process. `prices` are those of routes that do not cost what a read does, by method and path."""

    def __init__(
        self, runtime: Runtime, authenticator: Authenticator, prices: Mapping[tuple[str, str], Price]
    ) -> None:
        settings = runtime.settings
        self._authenticator = authenticator
        self._prices = prices
        self._addresses = ClientAddresses(settings.trusted_proxies)
        self._most = settings.max_in_flight
        self._in_flight = 0
        self._quotas = Quotas(runtime)
        self._key_policy = _policy_field(settings.key_quotas)
        self._address_policy = _policy_field(settings.address_quotas)

    def arrive(self, scope: Any) -> Caller:
        """The request of this scope, counted as being answered until `leave`."""
        method, path = scope["method"], scope["path"]
        # the router takes /v1//analyses/ for /v1/analyses; a read in such a spelling costs what reads cost
        known = path if method in _READING else normalize_path(path)
        caller = Caller(self._addresses.of(scope), self._prices.get((method, known), READ))
        remember_caller(scope, caller)
        self._in_flight += not caller.price.vital
        return caller

    def leave(self, caller: Caller) -> None:
        """The request is over."""
        self._in_flight -= not caller.price.vital

    async def admit(self, scope: Any, caller: Caller) -> None:
        """Find out who calls, and take what the call costs.

        Raises ReducedCapacity where too much is being answered already, AbnormalUsage for a key from an address
        that sent too many bad ones, QuotaExceeded.
        """
        if caller.price.vital:
            self._take_from_address(caller, 0)
            return
        authorization = header(scope, b"authorization")
        if self._in_flight > self._most:
            caller.headers += self._address_policy if authorization is None else self._key_policy
            raise ReducedCapacity(
                f"This process answers {self._most} requests at a time, and has as many.",
                retry_after=_PAUSE_S,
            )
        if authorization is None:
            self._take_from_address(caller, READ.cost)
            return
        locked = await self._identify(caller, authorization)
        if isinstance(caller.identity, KeyHolder):
            await self._take_from_key(caller, caller.identity.key_id)
            return
        self._take_from_address(caller, READ.cost)
        if locked:
            raise AbnormalUsage(
                "This address sent too many keys that are not valid; none is taken from it for a while.",
                retry_after=locked,
            )

    async def settle(self, caller: Caller, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Give back what the answer did not cost: all for 304, and all but a read's for what had no effect."""
        kept = caller.price.cost
        if status == 304:
            kept = 0
        elif status >= 400 or REPLAYED in headers:
            kept = min(kept, READ.cost)
        back = caller.charged - kept
        if back > 0 and isinstance(caller.identity, KeyHolder):
            await self._quotas.give_back(caller.identity.key_id, back)
            caller.charged = kept
            caller.levels = [
                level._replace(remaining=min(level.policy.quota, level.remaining + back))
                for level in caller.levels
            ]
            if caller.counted:
                caller.headers = [*self._key_policy, *_state_field(caller.levels)]

    async def _identify(self, caller: Caller, authorization: str) -> int:
        """Set the caller's identity. The seconds for which no key is taken from the address, mostly 0."""
        customer, bad_keys = customer_of(caller.address), self._quotas.bad_keys
        if customer in bad_keys:
            locked = bad_keys.take(customer, 1, only_look=True)
            if not locked.allowed:
                return max(level.wait_s for level in locked.violated())
        caller.identity, is_bad = await identify(self._authenticator, authorization)
        if is_bad:
            bad_keys.take(customer, 1)
        return 0

    async def _take_from_key(self, caller: Caller, key_id: str) -> None:
        cost = caller.price.cost
        taken = await self._quotas.take_shared(key_id, cost)
        caller.headers += self._key_policy
        if taken is not None:
            caller.charged = cost
            self._conclude(caller, taken)
            return
        # Valkey is away: reads are counted here, analyses in the database, and what is left nobody can say
        if cost > READ.cost:
            caller.counted, caller.charged = False, cost
            return
        alone = self._quotas.take_alone(key_id, cost)
        caller.charged = cost
        self._refuse(caller, alone)

    def _take_from_address(self, caller: Caller, cost: int) -> None:
        taken = self._quotas.addresses.take(customer_of(caller.address), cost)
        caller.headers += self._address_policy
        self._conclude(caller, taken)

    def _conclude(self, caller: Caller, taken: Taken) -> None:
        caller.levels = taken.levels
        caller.headers += _state_field(taken.levels)
        self._refuse(caller, taken)

    def _refuse(self, caller: Caller, taken: Taken) -> None:
        if taken.allowed:
            return
        caller.charged = 0
        violated = taken.violated()
        shown = ", ".join(
            f"{level.policy.name} ({level.policy.quota} units in {level.policy.window_s} s)"
            for level in violated
        )
        raise QuotaExceeded(
            f"The quota is used up: {shown}. The call costs {caller.price.cost}.",
            policies=[level.policy.name for level in violated],
            retry_after=max(level.wait_s for level in violated),
        )


def _policy_field(policies: Sequence[QuotaPolicy]) -> list[tuple[bytes, bytes]]:
    """RateLimit-Policy, a list of strings with parameters (RFC 9651); none without policies."""
    items = [f'"{policy.name}";q={policy.quota};w={policy.window_s}' for policy in policies]
    return [(b"ratelimit-policy", ", ".join(items).encode())] if items else []


def _state_field(levels: Sequence[Level]) -> list[tuple[bytes, bytes]]:
    """RateLimit: `t` is when `r` rises next."""
    items = [f'"{level.policy.name}";r={level.remaining};t={level.refill_s}' for level in levels]
    return [(b"ratelimit", ", ".join(items).encode())] if items else []
