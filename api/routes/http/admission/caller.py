"""Who calls, as the limits found out before the request was routed."""

from typing import Any, Final

from api.cache.token_buckets import Taken
from api.errors import ApiError
from api.routes.http.request.client_ip import customer_of
from api.runtime.quotas import Price
from api.storage.keys.keys import KeyHolder

_CALLER: Final = "unspun.caller"  # where in the scope it stands


class Caller:
    """`identity` is the key's holder, what is wrong with the key, or None where none was sent.

    `charged` are the units that were taken from a key's quota; `counted` says that a quota was asked at all,
    which is not so for what the database records while Valkey is away. `taken` is how the quota that pays stands,
    where that can be told; `headers` tell the client of it.
    """

    __slots__ = ("address", "charged", "counted", "headers", "identity", "price", "taken")

    def __init__(self, address: str, price: Price) -> None:
        self.address = address
        self.price = price
        self.identity: KeyHolder | ApiError | None = None
        self.charged = 0
        self.counted = True
        self.taken: Taken | None = None
        self.headers: list[tuple[bytes, bytes]] = []

    @property
    def customer(self) -> str:
        """Whose call it is: a key's, or an address's where no key is known."""
        return self.identity.key_id if isinstance(self.identity, KeyHolder) else customer_of(self.address)


def remember_caller(scope: Any, caller: Caller) -> None:
    """Keep the caller for the guards and handlers of this request."""
    scope[_CALLER] = caller


def caller_of(scope: Any) -> Caller:
    """The caller of this request."""
    caller: Caller = scope[_CALLER]
    return caller
