"""Admission control: process capacity, key, and quota.

It runs first, so that refused requests cost little. Long responses (lists as CSV, exported files) are sent at
the client's pace and do not count as active requests; each key or address may have ten. They pay for each part,
and wait while the quota is used up, because their length is not known in advance.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from litestar.utils import normalize_path

from api.cache.token_buckets import Taken
from api.errors import (
    AbnormalUsage,
    HttpsRequired,
    NetworkRefused,
    QuotaExceeded,
    ReducedCapacity,
    Unauthorized,
)
from api.operations.keys.authenticate import Authenticator
from api.operations.keys.key_format import check_network
from api.routes.http.admission.authentication import identify, was_recently_valid
from api.routes.http.admission.caller import Caller, remember_caller
from api.routes.http.admission.operation import Prices
from api.routes.http.admission.rate_limit_headers import RateLimit
from api.routes.http.request.client_ip import ClientAddresses, customer_of
from api.routes.http.request.headers import header
from api.routes.http.request.types import Headers
from api.runtime.quotas import READ, Price, Quotas
from api.runtime.runtime import Runtime
from api.storage.keys.keys import KeyHolder

REPLAYED: Final = (b"idempotency-replayed", b"true")
_RETRY_S: Final = 1  # requests take milliseconds
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")
_MAX_LONG: Final = 10  # long responses per key or address
_LONG_RETRY_S: Final = 30
_MAX_PAUSE_S: Final = 20  # within a long response; clients would time out


class Limits:
    """Admission control of one process."""

    def __init__(self, runtime: Runtime, authenticator: Authenticator, prices: Prices) -> None:
        settings = runtime.settings
        self._authenticator = authenticator
        self._prices = prices
        self._addresses = ClientAddresses(settings.trusted_proxies or ())
        self._is_https = settings.base_url.startswith("https://")
        self._max_active = settings.max_in_flight
        self._in_flight = 0
        self._max_long = settings.max_waiting
        self._long: Counter[str] = Counter()
        self._quotas = Quotas(runtime)
        self._take_unit = self._quotas.addresses.take_unit
        self._key_limit = RateLimit(settings.key_quotas)
        self._address_limit = RateLimit(settings.address_quotas)
        self.read_policies: Headers = self._address_limit.fields(None)

    def arrive(self, scope: Any) -> Caller:
        """Starts counting the request as active, until `leave`."""
        method, path = scope["method"], scope["path"]
        # the router normalises /v1//analyses/ to /v1/analyses; reads need no price by path
        known = path if method in _SAFE_METHODS else normalize_path(path)
        caller = Caller(self._addresses.of(scope), self._prices.of(method, known))
        remember_caller(scope, caller)
        self._in_flight += not caller.price.vital
        return caller

    def leave(self, caller: Caller) -> None:
        """Ends the request."""
        self._in_flight -= not caller.price.vital

    @contextmanager
    def while_waiting(self, caller: Caller) -> Iterator[None]:
        """A context in which the request only waits and does not count as active."""
        self.leave(caller)
        try:
            yield
        finally:
            self._in_flight += not caller.price.vital

    @contextmanager
    def long_response(self, caller: Caller) -> Iterator[None]:
        """A context for a long response, which does not count as active.

        Raises QuotaExceeded if the caller has too many of them, ReducedCapacity if the process has.
        """
        customer = caller.customer
        if self._long[customer] >= _MAX_LONG:
            raise QuotaExceeded(
                f"You are already receiving {_MAX_LONG} long responses, the maximum.",
                policies=["long-answers"],
                retry_after=_LONG_RETRY_S,
            )
        if self._long.total() >= self._max_long:
            raise ReducedCapacity(
                f"The service is already sending {self._max_long} long responses, its maximum.",
                retry_after=_LONG_RETRY_S,
            )
        self._long[customer] += 1
        try:
            with self.while_waiting(caller):
                yield
        finally:
            self._long[customer] -= 1
            if not self._long[customer]:
                del self._long[customer]

    async def charge_part(self, caller: Caller) -> None:
        """Takes the cost of a read for the next part of a long response, waiting for the quota.

        Raises QuotaExceeded if the wait is too long.
        """
        while True:
            limit, taken = self._address_limit, None
            if isinstance(caller.identity, KeyHolder):
                limit, key_id = self._key_limit, caller.identity.key_id
                taken = await self._quotas.take_shared(key_id, READ.cost)
                taken = taken or self._quotas.take_alone(key_id, READ.cost)
            taken = taken or self._quotas.addresses.take(caller.customer, READ.cost)
            if taken.allowed:
                return
            if max(taken.wait_s) > _MAX_PAUSE_S:
                raise _exceeded(limit, taken, READ.cost)
            await asyncio.sleep(max(taken.wait_s))

    def take_read(self, scope: Any, now: float) -> Headers | None:
        """Admits a cached read without a key, like `admit`; None if `admit` must decide.

        `now` is the clock's `monotonic`. Returns the RateLimit header; `read_policies` go with it.
        """
        if self._in_flight >= self._max_active:
            return None
        state = self._take_unit(self._addresses.customer(scope), now)
        return None if state is None else self._address_limit.state(state)

    async def admit(self, scope: Any, caller: Caller) -> None:
        """Identifies the caller and takes the cost of the call.

        Raises ReducedCapacity if too many requests are active, AbnormalUsage after too many invalid keys from
        the address, QuotaExceeded, HttpsRequired for a key sent over plain HTTP, and Unauthorized or
        NetworkRefused for an invalid key, even if the call needs none: otherwise its sender would not notice. If
        the key cannot be looked up, the route's guard decides.
        """
        if caller.price.vital:
            self._take_from_address(caller, 0)
            return
        authorization = header(scope, b"authorization")
        if self._in_flight > self._max_active:
            caller.headers = (self._address_limit if authorization is None else self._key_limit).fields(None)
            raise ReducedCapacity(
                f"This process is handling {self._max_active} requests, its maximum.",
                retry_after=_RETRY_S,
            )
        if authorization is None:
            self._take_from_address(caller, READ.cost)
            return
        if self._is_https and self._addresses.came_in_the_clear(scope):
            raise HttpsRequired("The key may have been exposed. Replace it, and send keys over https only.")
        locked = await self._identify(caller, authorization)
        if isinstance(caller.identity, KeyHolder):
            await self._take_from_key(caller, caller.identity.key_id)
            return
        self._take_from_address(caller, READ.cost)
        if locked:
            raise AbnormalUsage(
                "This address sent too many invalid keys; keys from it are refused for a while.",
                retry_after=locked,
            )
        if isinstance(caller.identity, Unauthorized | NetworkRefused) and scope["method"] != "OPTIONS":
            raise caller.identity

    async def take_more(self, caller: Caller, price: Price) -> None:
        """Takes the difference to a higher price. Raises QuotaExceeded.

        If the caller's price is lowered again, `settle` refunds it.
        """
        more, caller.price = price.cost - caller.price.cost, price
        if more <= 0:
            return
        if not isinstance(caller.identity, KeyHolder):
            self._take_from_address(caller, more)
            return
        key_id = caller.identity.key_id
        taken = caller.taken = await self._quotas.take_shared(key_id, more)
        caller.headers = self._key_limit.fields(taken)
        if taken is None:  # Valkey is unavailable
            caller.counted = not price.recorded
            if caller.counted:
                taken = self._quotas.take_alone(key_id, more)
        if taken is not None and not taken.allowed:
            raise _exceeded(self._key_limit, taken, more)
        caller.charged = price.cost

    async def settle(
        self, caller: Caller, status: int, headers: Iterable[tuple[bytes, bytes]], *, had_any: bool = False
    ) -> None:
        """Refunds what the response did not cost.

        A 304 is free, a call without effect costs a read. With `If-None-Match: *` (`had_any`) a 304 costs a
        read, because the client named no copy.
        """
        kept = caller.price.cost
        if status == 304 and not had_any:
            kept = 0
        elif status >= 400 or REPLAYED in headers:
            kept = min(kept, READ.cost)
        back = caller.charged - kept
        if back <= 0 or not isinstance(caller.identity, KeyHolder):
            return
        await self._quotas.give_back(caller.identity.key_id, back)
        caller.charged = kept
        if caller.taken is not None:
            caller.headers = self._key_limit.fields(caller.taken, more=back)

    async def _identify(self, caller: Caller, authorization: str) -> int:
        """Sets the caller's identity. Returns for how many seconds new keys from the address are refused.

        Recently valid keys are still accepted, so that a guesser does not lock out others at the address.
        """
        customer, bad_keys = customer_of(caller.address), self._quotas.bad_keys
        if customer in bad_keys and not was_recently_valid(self._authenticator, authorization):
            locked = bad_keys.take(customer, 1, only_look=True)
            if not locked.allowed:
                return max(locked.wait_s)
        caller.identity, is_bad = await identify(self._authenticator, authorization)
        if isinstance(caller.identity, KeyHolder):
            try:
                check_network(caller.identity, caller.address)
            except NetworkRefused as refused:
                caller.identity = refused
        if is_bad:
            # checked again, so that parallel guesses reveal no more than sequential ones
            counted = bad_keys.take(customer, 1)
            if not counted.allowed:
                return max(counted.wait_s)
        return 0

    async def _take_from_key(self, caller: Caller, key_id: str) -> None:
        cost = caller.price.cost
        taken = caller.taken = await self._quotas.take_shared(key_id, cost)
        caller.headers = self._key_limit.fields(taken)
        caller.charged = cost
        if taken is None:
            # Valkey is unavailable
            caller.counted = not caller.price.recorded
            if not caller.counted:
                return
            taken = self._quotas.take_alone(key_id, cost)
        if not taken.allowed:
            caller.charged = 0
            raise _exceeded(self._key_limit, taken, cost)

    def _take_from_address(self, caller: Caller, cost: int) -> None:
        taken = caller.taken = self._quotas.addresses.take(customer_of(caller.address), cost)
        caller.headers = self._address_limit.fields(taken)
        if not taken.allowed:
            raise _exceeded(self._address_limit, taken, cost)


def _exceeded(limit: RateLimit, taken: Taken, cost: int) -> QuotaExceeded:
    violated = [policy for policy, wait_s in zip(limit.policies, taken.wait_s, strict=True) if wait_s]
    shown = ", ".join(f"{policy.name} ({policy.quota} units in {policy.window_s} s)" for policy in violated)
    return QuotaExceeded(
        f"Quota exceeded: {shown}. The call costs {cost}.",
        policies=[policy.name for policy in violated],
        retry_after=max(taken.wait_s),
    )
