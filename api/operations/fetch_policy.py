"""What the settings allow the guarded client to fetch."""

from importlib.metadata import version

from api.fetching.policy import FetchPolicy
from api.settings import Settings


def fetch_policy(settings: Settings) -> FetchPolicy:
    """The policy of this process, the same in the API, which refuses early, and in the worker, which fetches.

    A port that the host map names may stand in a URL too, so that a page of a demonstration is found under
    its own address as well.
    """
    contact = settings.user_agent_contact or settings.base_url
    return FetchPolicy(
        user_agent=f"Unspun/{version('unspun')} (+{contact})",
        allow_loopback=settings.allow_loopback_fetch,
        host_map=settings.fetch_host_map,
        extra_ports=_ports(settings) if settings.allow_loopback_fetch else frozenset(),
        total_seconds=settings.fetch_timeout_s,
    )


def _ports(settings: Settings) -> frozenset[int]:
    """The ports of the host map's `address:port` values; an IPv6 address with a port is in brackets."""
    targets = settings.fetch_host_map.values()
    return frozenset(int(t.rpartition(":")[2]) for t in targets if t.count(":") == 1 or "]:" in t)
