"""What calls cost, and whose quota pays: a key's, shared by all processes, or an address's, of this one.

A key's quota is shared by all processes: one script in Valkey takes a call's cost from all policies of the key
or from none, so that 200 calls at once on any number of processes get exactly the quota. It costs the process
some 18 µs of CPU, and Valkey about as much. For reads without a key, the commonest and cheapest calls, that
would be more than the answer costs: each process counts them in memory, in 3 µs, so that quota is one a
process. Buckets are refilled in tenths of their window instead of steadily: concurrent clients see one number,
and `t` is a time at which something happens. The cost is taken before routing and given back after the answer
(304, refusals, replays), because a price that is charged afterwards stops nobody.
"""

from dataclasses import dataclass
from typing import Final

from api.cache.quotas import give_back_quota, take_quota
from api.cache.token_buckets import Buckets, Taken
from api.runtime.runtime import Runtime
from api.storage.analyses.analyses import Payment


@dataclass(frozen=True, slots=True)
class Price:
    """`cost` is in units of a quota. A `vital` call is never refused, and nothing is asked to admit it.

    What was paid for a `recorded` one stands in the database, which counts it while Valkey is away.
    """

    cost: int
    vital: bool = False
    recorded: bool = False


READ: Final = Price(1)
ANALYSIS: Final = Price(10, recorded=True)
_URLS_OF_A_READ: Final = 10  # looked up at once: a thousand long ones take a process most of a second
CHANGE: Final = Price(10)  # of an endpoint: each leaves a line in the log of changes for good
BATCH: Final = Price(100, recorded=True)
LOG: Final = Price(100)  # half a second of a process at most, or all the log again for an endpoint
FREE: Final = Price(0)
VITAL: Final = Price(0, vital=True)


def price_of_lookups(urls: int) -> Price:
    """Of so many, looked up at once."""
    return Price(-(-urls // _URLS_OF_A_READ))


class Quotas:
    """The quotas of keys and addresses; one a process."""

    def __init__(self, runtime: Runtime) -> None:
        settings, monotonic = runtime.settings, runtime.clock.monotonic
        self._cache = runtime.cache
        self._keys = settings.key_quotas
        self._stand_in = Buckets(settings.key_quotas, monotonic)
        self.addresses = Buckets(settings.address_quotas, monotonic)
        self.bad_keys = Buckets(settings.bad_key_quotas, monotonic)

    async def take_shared(self, key_id: str, cost: int) -> Taken | None:
        """Take from a key's quota. Returns None if Valkey is away."""
        if not self._keys:
            return Taken(True, (), ())
        return await take_quota(self._cache, key_id, self._keys, cost)

    def take_alone(self, key_id: str, cost: int) -> Taken:
        """Take from what this process by itself grants a key while Valkey is away."""
        return self._stand_in.take(key_id, cost)

    async def give_back(self, key_id: str, cost: int) -> None:
        """Put `cost` back into a key's quota."""
        self._stand_in.give_back(key_id, cost)
        await give_back_quota(self._cache, key_id, self._keys, cost)


async def give_back_payments(runtime: Runtime, payments: list[Payment]) -> None:
    """Put back what was paid for analyses. After the commit that took it off them: a crash in between costs the
    caller a few units, and never gives any twice.
    """
    for payment in payments:
        await give_back_quota(runtime.cache, payment.key_id, runtime.settings.key_quotas, payment.charged)
