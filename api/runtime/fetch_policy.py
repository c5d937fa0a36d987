"""Builds the fetch policies and resolver from the settings."""

from dataclasses import replace
from importlib.metadata import version

from api.fetching.egress import EgressProxy, egress_proxy
from api.fetching.name_servers import NameServers
from api.fetching.policy import FetchPolicy
from api.fetching.resolver import Resolver
from api.settings import Settings, SettingsError, variable


def fetch_policy(settings: Settings) -> FetchPolicy:
    """The policy for pages, used by the API to refuse early and by the worker to fetch.

    Ports in the host map are allowed in URLs too, so that pages of a demonstration have their own URLs. Raises
    SettingsError.
    """
    contact = settings.user_agent_contact or settings.base_url
    return FetchPolicy(
        user_agent=f"Unspun/{version('unspun')} (+{contact})",
        allow_loopback=settings.allow_loopback_fetch,
        host_map=settings.fetch_host_map,
        extra_ports=_ports(settings) if settings.allow_loopback_fetch else frozenset(),
        total_seconds=settings.fetch_timeout_s,
        denied_networks=settings.fetch_denied_networks,
        opted_out=frozenset(settings.opted_out_publishers),
        egress_proxy=_proxy(settings),
    )


def delivery_policy(settings: Settings) -> FetchPolicy:
    """The policy for deliveries, with its own user agent. Raises SettingsError."""
    user_agent = f"Unspun-Webhooks/{version('unspun')} (+{settings.base_url}/guide/webhooks)"
    policy = fetch_policy(settings).for_deliveries(frozenset(settings.delivery_ports))
    return replace(policy, user_agent=user_agent)


def resolver_of(settings: Settings) -> Resolver | None:
    """The name servers of the settings; None for the system's resolver."""
    return NameServers(settings.dns_servers) if settings.dns_servers else None


def _proxy(settings: Settings) -> EgressProxy | None:
    if settings.egress_proxy is None:
        return None
    try:
        return egress_proxy(settings.egress_proxy.reveal())
    except ValueError as problem:  # the message omits the value, which may contain a password
        raise SettingsError(f"{variable('egress_proxy')} {problem}") from None


def _ports(settings: Settings) -> frozenset[int]:
    """The ports of the host map's `address:port` values; an IPv6 address with a port is in brackets."""
    targets = settings.fetch_host_map.values()
    return frozenset(int(t.rpartition(":")[2]) for t in targets if t.count(":") == 1 or "]:" in t)
