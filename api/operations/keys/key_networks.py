"""From which networks a key may be used (conventions A54)."""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network

from api.errors import InvalidRequest, NetworkRefused
from api.storage.keys.keys import KeyHolder
from schemas.problems import FieldError

_KEPT = 50_000  # answers that are remembered, some megabytes


def checked_networks(given: Sequence[str]) -> list[str]:
    """Each once, in its one spelling. Raises InvalidRequest for what is none, or has bits behind its prefix."""
    networks = []
    for place, text in enumerate(given):
        try:
            networks.append(str(ip_network(text.strip())))
        except ValueError:
            detail = "It is no network as 192.0.2.0/24 or 2001:db8::/32."
            error = FieldError(pointer=f"#/networks/{place}", parameter=None, code="invalid", detail=detail)
            raise InvalidRequest(f"{error.pointer}: {detail}", errors=[error]) from None
    return sorted(set(networks))


def check_network(holder: KeyHolder, address: str) -> None:
    """Raises NetworkRefused where the key is bound to networks and the address is in none of them."""
    if holder.networks and not _is_within(address, holder.networks):
        raise NetworkRefused(
            "The key may be used from certain networks only, and the request came from none of them."
        )


@lru_cache(_KEPT)
def _is_within(address: str, networks: tuple[str, ...]) -> bool:
    try:
        number = ip_address(address)
    except ValueError:
        return False
    return any(number in ip_network(network) for network in networks)
