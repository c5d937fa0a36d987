"""Costs of calls, and the quotas of keys (shared by all processes) and addresses (of one process).

A key's quota is taken from all its policies or none by one script in Valkey, so 200 concurrent calls get
exactly the quota. It costs 18 µs of CPU here, and about as much in Valkey. Calls without a key are the most
frequent and cheapest, so each process counts them in memory, in 3 µs. Buckets are refilled in tenths of their
window instead of steadily: concurrent clients see one number, and `t` is a definite time. The cost is taken
before routing and returned after the answer (304, refusals, replays), because a charge afterwards limits
nobody.
"""

from dataclasses import dataclass
from typing import Final

from api.cache.quotas import give_back_quota, take_quota
from api.cache.token_buckets import Buckets, Taken
from api.runtime.runtime import Runtime
from api.storage.analyses.analyses import Payment


@dataclass(frozen=True, slots=True)
class Price:
    """`cost` is in quota units. A `vital` call is never refused.

    The payment of a `recorded` call is stored, and counted in the database while Valkey is down.
    """

    cost: int
    vital: bool = False
    recorded: bool = False


READ: Final = Price(1)
ANALYSIS: Final = Price(10, recorded=True)
SECOND_OPINION: Final = Price(100, recorded=True)
_URLS_OF_A_READ: Final = 10  # a thousand long URLs take most of a second
CHANGE: Final = Price(10)  # of an endpoint: each adds an audit entry
BATCH: Final = Price(100, recorded=True)
LOG: Final = Price(100)  # up to half a second of CPU, or a redelivery of the whole log
FREE: Final = Price(0)
VITAL: Final = Price(0, vital=True)


def price_of_lookups(urls: int) -> Price:
    """The price of a batch of look-ups."""
    return Price(-(-urls // _URLS_OF_A_READ))


class Quotas:
    """The quotas of keys and addresses, one for each process."""

    def __init__(self, runtime: Runtime) -> None:
        settings, monotonic = runtime.settings, runtime.clock.monotonic
        self._cache = runtime.cache
        self._keys = settings.key_quotas
        self._stand_in = Buckets(settings.key_quotas, monotonic)
        self.addresses = Buckets(settings.address_quotas, monotonic)
        self.bad_keys = Buckets(settings.bad_key_quotas, monotonic)

    async def take_shared(self, key_id: str, cost: int) -> Taken | None:
        """Take from a key's quota. Returns None if Valkey is down."""
        if not self._keys:
            return Taken(True, (), ())
        return await take_quota(self._cache, key_id, self._keys, cost)

    def take_alone(self, key_id: str, cost: int) -> Taken:
        """Take from this process's own quota for a key, while Valkey is down."""
        return self._stand_in.take(key_id, cost)

    async def give_back(self, key_id: str, cost: int) -> None:
        """Refund `cost` to a key's quota."""
        self._stand_in.give_back(key_id, cost)
        await give_back_quota(self._cache, key_id, self._keys, cost)


async def give_back_payments(runtime: Runtime, payments: list[Payment]) -> None:
    """Refund payments for analyses, after the commit that removed them: a crash may lose a refund, never double
    it.
    """
    for payment in payments:
        await give_back_quota(runtime.cache, payment.key_id, runtime.settings.key_quotas, payment.charged)
