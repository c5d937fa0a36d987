"""Fetch policies from settings."""

import pytest

from api.errors import UrlNotAllowed
from api.runtime.fetch_policy import delivery_policy, fetch_policy, resolver_of
from api.settings import Settings, SettingsError
from api.web.urls import parse_target


def _policy(**variables: str):  # type: ignore[no-untyped-def]  # the policy's type is the function's business
    return fetch_policy(
        Settings.from_environment({f"UNSPUN_{name.upper()}": v for name, v in variables.items()})
    )


HOSTS = "news.example=127.0.0.1:8081,six.example=[::1]:8082,plain.example=127.0.0.1,bare.example=::1"


class TestThePolicy:
    @pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[::1]/", "http://news.example:8081/"])
    def test_refuses_loopback_and_odd_ports_by_default(self, url: str) -> None:
        with pytest.raises(UrlNotAllowed):
            _policy(fetch_host_map=HOSTS).refuse(parse_target(url))

    @pytest.mark.parametrize(
        "url", ["http://127.0.0.1:8083/", "http://10.0.0.8:8081/", "http://news.example:5432/"]
    )
    def test_refuses_what_the_host_map_does_not_name_where_loopback_is_allowed(self, url: str) -> None:
        with pytest.raises(UrlNotAllowed):
            _policy(fetch_host_map=HOSTS, allow_loopback_fetch="true").refuse(parse_target(url))

    def test_allows_the_host_map_and_its_ports_where_loopback_is_allowed(self) -> None:
        policy = _policy(fetch_host_map=HOSTS, allow_loopback_fetch="true")
        assert policy.extra_ports == {8081, 8082}
        for url in (
            "http://127.0.0.1:8081/a",
            "http://[::1]:8082/",
            "http://news.example/",
            "http://127.0.0.1/",
        ):
            policy.refuse(parse_target(url))
        assert policy.host_map["six.example"] == "[::1]:8082"

    def test_names_the_service_and_its_contact(self) -> None:
        assert _policy(base_url="https://unspun.example").user_agent.startswith("Unspun/")
        assert _policy(base_url="https://unspun.example").user_agent.endswith("(+https://unspun.example)")
        named = _policy(user_agent_contact="https://example.org/about")
        assert named.user_agent.endswith("(+https://example.org/about)")

    def test_keeps_the_time_limit_of_the_settings(self) -> None:
        assert _policy(fetch_timeout_s="7").total_seconds == 7

    def test_takes_over_networks_publishers_and_proxy(self) -> None:
        policy = _policy(
            fetch_denied_networks="198.18.0.0/15, 2600::/32",
            opted_out_publishers="Gazette.example",
            egress_proxy="http://ada:secret@proxy.internal:4750",
        )
        assert policy.denial("2600::1") == "denied by setting"
        assert policy.opted_out == {"gazette.example"}
        assert policy.egress_proxy is not None
        assert (policy.egress_proxy.host, policy.egress_proxy.port) == ("proxy.internal", 4750)
        assert "secret" not in repr(policy)

    def test_sends_deliveries_through_the_same_proxy_to_the_same_places(self) -> None:
        given = {
            "UNSPUN_EGRESS_PROXY": "http://proxy.internal:4750",
            "UNSPUN_FETCH_DENIED_NETWORKS": "2600::/32",
        }
        settings = Settings.from_environment(given)
        pages, deliveries = fetch_policy(settings), delivery_policy(settings)
        assert deliveries.egress_proxy == pages.egress_proxy is not None
        assert deliveries.denial("2600::1") == pages.denial("2600::1") == "denied by setting"
        assert deliveries.user_agent != pages.user_agent

    def test_refuses_an_invalid_proxy_without_its_password(self) -> None:
        with pytest.raises(SettingsError, match="UNSPUN_EGRESS_PROXY must be") as caught:
            _policy(egress_proxy="http://ada:secret@proxy.internal/path")
        assert "secret" not in str(caught.value)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("fetch_denied_networks", "10.0.0.0/33"),
            ("fetch_denied_networks", "inside"),
            ("dns_servers", "ns.example"),
            ("dns_servers", "192.0.2.53:0"),
            ("opted_out_publishers", "https://gazette.example/"),
            ("opted_out_publishers", "gazette"),
        ],
    )
    def test_refuses_a_list_with_an_invalid_value(self, name: str, value: str) -> None:
        with pytest.raises(SettingsError, match=f"UNSPUN_{name.upper()} must be .*, not '"):
            _policy(**{name: value})

    def test_asks_the_name_servers_of_the_settings(self) -> None:
        assert resolver_of(Settings.from_environment({})) is None
        given = Settings.from_environment({"UNSPUN_DNS_SERVERS": "192.0.2.53, [2001:db8::53]:5353"})
        assert given.dns_servers == (("192.0.2.53", 53), ("2001:db8::53", 5353))
        assert resolver_of(given) is not None
