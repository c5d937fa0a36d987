"""From settings to what may be fetched."""

import pytest

from api.analysis.urls import parse_target
from api.errors import UrlNotAllowed
from api.operations.fetch_policy import fetch_policy
from api.settings import Settings


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

    def test_names_the_service_and_whom_to_complain_to(self) -> None:
        assert _policy(base_url="https://unspun.example").user_agent.startswith("Unspun/")
        assert _policy(base_url="https://unspun.example").user_agent.endswith("(+https://unspun.example)")
        named = _policy(user_agent_contact="https://example.org/about")
        assert named.user_agent.endswith("(+https://example.org/about)")

    def test_keeps_the_time_limit_of_the_settings(self) -> None:
        assert _policy(fetch_timeout_s="7").total_seconds == 7
