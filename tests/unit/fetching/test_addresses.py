"""Addresses that are never contacted; `ipaddress.is_global` allows some of them."""

from ipaddress import ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.fetching.addresses import is_denied

DENIED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "100.127.255.255",
    "127.0.0.1",
    "127.1.2.3",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::8.8.8.8",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:7f00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::8.8.8.8",
    "64:ff9b:1::1",
    "100::1",
    "100:0:0:1::1",
    "2001::1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:1ff::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:808:808::",
    "3fff::1",
    "3fff:fff::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fdff:ffff::1",
    "fe80::1",
    "fe80::1%eth0",
    "febf::1",
    "fec0::1",
    "feff::1",
    "ff00::1",
    "ff02::1",
    "::ffff:0:127.0.0.1",  # IPv4-translated (SIIT)
    "::ffff:0:a00:1",
    "::2:0:0:1",
    "1::1",
    "100:0:0:2::1",
    "1fff::1",
    "4000::1",
    "64:ff9b:2::1",
    "2001:4860::5efe:10.0.0.1",  # ISATAP
    "2001:4860::200:5efe:7f00:1",
    "fd20:ce::254",
    "192.0.0.170",
    "192.0.0.8",
    "169.254.170.2",
]
ALLOWED = [
    "1.1.1.1",
    "8.8.8.8",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.1",
    "168.63.129.15",
    "169.253.255.255",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.1",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2606:4700:4700::1111",
    "2a00:1450:4001::1",
    "2003::1",
    "3ffe:ffff::1",
    "2001:4860::5eff:10.0.0.1",
]


class TestIsDenied:
    @pytest.mark.parametrize("address", DENIED)
    def test_refuses_a_special_address(self, address: str) -> None:
        assert is_denied(address) is not None

    @pytest.mark.parametrize("address", ALLOWED)
    def test_lets_a_public_address_pass(self, address: str) -> None:
        assert is_denied(address) is None

    @pytest.mark.parametrize("address", [a for a in DENIED if not a.startswith("127.") and a != "::1"])
    def test_refuses_all_but_loopback_when_loopback_is_allowed(self, address: str) -> None:
        assert is_denied(address, allow_loopback=True) is not None

    @pytest.mark.parametrize("address", ["127.0.0.1", "127.9.9.9", "::1"])
    def test_lets_plain_loopback_pass_when_it_is_allowed(self, address: str) -> None:
        assert is_denied(address, allow_loopback=True) is None

    def test_refuses_the_operators_own_networks_even_as_loopback(self) -> None:
        own = [ip_network("93.184.216.0/24"), ip_network("127.0.0.53/32"), ip_network("2a00:1450::/32")]
        for address in ("93.184.216.34", "127.0.0.53", "2a00:1450::5", "::ffff:93.184.216.34"):
            assert is_denied(address, allow_loopback=True, also=own) == "denied by setting"
        assert is_denied("93.184.217.1", also=own) is None

    def test_refuses_what_spells_no_address(self) -> None:
        with pytest.raises(ValueError, match="does not appear"):
            is_denied("example.com")

    @given(st.ip_addresses(v=4))
    def test_agrees_on_an_address_and_on_its_mapped_form(self, address: object) -> None:
        assert is_denied(f"::ffff:{address}") == is_denied(str(address))

    @given(st.ip_addresses(v=6).filter(lambda address: address not in ip_network("2000::/3")))
    def test_lets_nothing_outside_global_unicast_pass_but_mapped_public_addresses(
        self, address: object
    ) -> None:
        assert address in ip_network("::ffff:0:0/96") or is_denied(str(address)) is not None
