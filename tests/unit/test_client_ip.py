"""The client's address: the peer's, unless one of the operator's proxies forwards it."""

from ipaddress import ip_network
from typing import Any

import pytest

from api.routes.http.request.client_ip import MAX_HOPS, ClientAddresses, customer_of

PROXIES = [ip_network("10.0.0.0/8"), ip_network("fd00::/8")]


def scope(peer: str | None, *forwarded: str) -> dict[str, Any]:
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    return {"client": (peer, 4711) if peer is not None else None, "headers": headers}


@pytest.mark.parametrize(
    ("peer", "said", "clear"),
    [
        ("10.0.0.1", "http", True), ("10.0.0.1", "HTTP, http", True), ("fd00::1", "http", True),
        ("10.0.0.1", "https", False), ("10.0.0.1", "https, http", False), ("10.0.0.1", "", False),
        ("203.0.113.9", "http", False), ("10.0.0.1", None, False), (None, "http", False),
    ],
)  # fmt: skip
def test_a_request_came_in_the_clear_where_a_proxy_of_ours_says_so(
    peer: str | None, said: str | None, clear: bool
) -> None:
    request = scope(peer)
    request["headers"] += [] if said is None else [(b"x-forwarded-proto", said.encode())]
    assert ClientAddresses(PROXIES).came_in_the_clear(request) is clear


class TestTheAddress:
    @pytest.mark.parametrize("trusted", [[], PROXIES])
    def test_is_the_peers_whatever_it_claims(self, trusted: list[Any]) -> None:
        assert ClientAddresses(trusted).of(scope("203.0.113.9", "198.51.100.1")) == "203.0.113.9"

    def test_is_never_taken_from_a_header_without_proxies(self) -> None:
        assert ClientAddresses([]).of(scope("10.0.0.1", "198.51.100.1")) == "10.0.0.1"

    @pytest.mark.parametrize(
        ("forwarded", "address"),
        [
            (["198.51.100.1"], "198.51.100.1"),
            (["198.51.100.1:4711"], "198.51.100.1"),
            (["[2001:db8::1]:4711"], "2001:db8::1"),
            (["2001:DB8:0::1"], "2001:db8::1"),
            (["::ffff:198.51.100.1"], "198.51.100.1"),
            # client-supplied entries precede those of our proxies
            (["192.0.2.66, 198.51.100.1"], "198.51.100.1"),
            (["192.0.2.66, 198.51.100.1, 10.1.1.1"], "198.51.100.1"),
            (["192.0.2.66", "198.51.100.1, 10.1.1.1"], "198.51.100.1"),
            (["10.3.3.3, 10.1.1.1"], "10.3.3.3"),
            (["unknown"], "10.0.0.1"),
            (["198.51.100.1, _hidden, 10.1.1.1"], "10.1.1.1"),
            ([""], "10.0.0.1"),
            ([], "10.0.0.1"),
        ],
    )
    def test_is_the_last_one_that_no_proxy_of_ours_wrote(self, forwarded: list[str], address: str) -> None:
        assert ClientAddresses(PROXIES).of(scope("10.0.0.1", *forwarded)) == address

    def test_is_looked_for_in_so_many_entries_and_no_more(self) -> None:
        forwarded = ", ".join(["192.0.2.66"] * 10 + ["10.1.1.1"] * MAX_HOPS)
        assert ClientAddresses(PROXIES).of(scope("10.0.0.1", forwarded)) == "10.1.1.1"

    def test_is_that_of_a_peer_over_a_socket_of_both_families(self) -> None:
        assert ClientAddresses([]).of(scope("::ffff:203.0.113.9")) == "203.0.113.9"
        assert ClientAddresses([]).of(scope(None)) == ""


class TestACustomer:
    def test_is_one_ipv4_address(self) -> None:
        assert customer_of("203.0.113.9") != customer_of("203.0.113.10")

    def test_is_a_network_of_64_bits_of_ipv6(self) -> None:
        assert customer_of("2001:db8:1:2::1") == customer_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
        assert customer_of("2001:db8:1:3::1") != customer_of("2001:db8:1:2::1")
