"""Keys that are restricted to networks."""

from typing import Any

import httpx
import pytest

from tests.kit.clients.api_client import BASE_URL, Api, Start, bearer
from tests.kit.texts.problems import check_invalid, check_problem

NETWORKS = ["192.0.2.0/24", "2001:db8::/32"]


def client_at(api: Api, address: str) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(api.app, client=(address, 1), raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL)


async def _make(api: Api, networks: list[str]) -> dict[str, Any]:
    body = {"name": "desk", "scopes": ["stories:read", "analyses:write"], "networks": networks}
    answer = await api.holder.post("/v1/keys", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


class TestMaking:
    @pytest.mark.parametrize(
        "network", ["here", "192.0.2.1/24", "192.0.2.0/33", "2001:db8::/129", "0x7f.1", "1"]
    )
    async def test_refuses_what_is_no_network(self, quiet_api: Api, network: str) -> None:
        body = {"name": "desk", "scopes": ["stories:read"], "networks": ["192.0.2.0/24", network]}
        answer = await quiet_api.holder.post("/v1/keys", json=body)
        check_invalid(answer, pointer="#/networks/1", code="invalid")

    async def test_stores_each_network_once_and_normalised(self, api: Api) -> None:
        created = await _make(api, ["2001:DB8:0::/32", "192.0.2.7", "2001:db8::/32"])
        assert created["networks"] == ["192.0.2.7/32", "2001:db8::/32"]
        assert (await api.holder.get(f"/v1/keys/{created['id']}")).json()["networks"] == created["networks"]


class TestAKeyWithNetworks:
    @pytest.mark.parametrize(
        ("address", "allowed"),
        [
            ("203.0.113.9", False),
            ("192.0.3.0", False),
            ("2001:db9::1", False),
            ("::1", False),
            ("", False),
            ("192.0.2.255", True),
            ("::ffff:192.0.2.1", True),
            ("2001:db8:ffff::1", True),
        ],
    )
    async def test_works_from_these_alone(self, api: Api, address: str, allowed: bool) -> None:
        created = await _make(api, NETWORKS)
        async with client_at(api, address) as client:
            answer = await client.get("/v1/events", headers=bearer(created["secret"]))
        if allowed:
            assert answer.status_code == 200
        else:
            problem = check_problem(answer, 403, "network-refused")
            assert not any(network in problem["detail"] for network in NETWORKS)  # a thief learns nothing

    async def test_is_remembered_for_no_other_address(self, api: Api) -> None:
        created = await _make(api, NETWORKS)
        for _ in range(2):
            for address, status in (("192.0.2.1", 200), ("203.0.113.9", 403)):
                async with client_at(api, address) as client:
                    for path in ("/v1/usage", "/v1/stories"):
                        answer = await client.get(path, headers=bearer(created["secret"]))
                        assert answer.status_code == status

    async def test_is_judged_by_the_client_behind_a_proxy_of_ours(self, start_api: Start) -> None:
        async with start_api(UNSPUN_TRUSTED_PROXIES="10.0.0.0/8") as api:
            headers = bearer((await _make(api, NETWORKS))["secret"]) | {"X-Forwarded-For": "192.0.2.1"}
            for peer, status in (("10.0.0.1", 200), ("203.0.113.9", 403)):
                async with client_at(api, peer) as client:
                    assert (await client.get("/v1/events", headers=headers)).status_code == status

    async def test_hands_its_networks_on_when_it_is_replaced(self, api: Api) -> None:
        created = await _make(api, NETWORKS)
        new = (await api.holder.post(f"/v1/keys/{created['id']}/rotate", json={})).json()
        assert new["networks"] == NETWORKS
        async with client_at(api, "203.0.113.9") as client:
            check_problem(
                await client.get("/v1/events", headers=bearer(new["secret"])), 403, "network-refused"
            )
