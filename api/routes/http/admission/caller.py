"""The caller of a request, identified before routing."""

from typing import Any, Final

from api.cache.token_buckets import Taken
from api.errors import ApiError
from api.routes.http.request.client_ip import customer_of
from api.runtime.quotas import Price
from api.storage.keys.keys import KeyHolder

_CALLER: Final = "unspun.caller"  # scope key


class Caller:
    """`identity` is the key holder, the error of the key, or None without a key.

    `charged` are the units taken from a key's quota; `counted` is false if no quota was checked, which happens
    for recorded calls while Valkey is unavailable. `taken` is the state of the quota, if known; `headers` report
    it to the client.
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
        """The unit of counting: the key, or the address without a valid key."""
        return self.identity.key_id if isinstance(self.identity, KeyHolder) else customer_of(self.address)


def remember_caller(scope: Any, caller: Caller) -> None:
    """Stores the caller for guards and handlers."""
    scope[_CALLER] = caller


def caller_of(scope: Any) -> Caller:
    """The caller of this request."""
    caller: Caller = scope[_CALLER]
    return caller
