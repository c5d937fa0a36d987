"""Long polls: limited in number, separate from other requests, and ended with their key."""

import asyncio
from typing import Any

import httpx
import pytest

from schemas.keys import NewKey, Scope
from tests.kit.clients.api_client import KEY, Api, Start, bearer
from tests.kit.clients.event_streams import listening
from tests.kit.polling import until
from tests.kit.servers.slow_bodies import post_slowly
from tests.kit.texts.problems import check_problem, check_retry

DRAFT = {"text": "Brightwater Ferries said that forty roles would be impacted."}
REVOKED_WITHIN_S = 5  # as the guide documents


def _poll(api: Api, key: NewKey | str = KEY) -> "asyncio.Task[httpx.Response]":
    return asyncio.create_task(api.client.get("/v1/events?wait=30", headers=bearer(key)))


async def _waiting(api: Api, count: int) -> None:
    room = api.app.state.long_poll_limits
    await until(lambda: len(room._places) == count)


async def _give_up(*calls: "asyncio.Task[Any]") -> None:
    for call in calls:
        call.cancel()
    await asyncio.gather(*calls, return_exceptions=True)


class TestWaiting:
    async def test_is_refused_to_a_key_that_waits_too_often(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_WAITING_PER_KEY="2") as api:
            other = await api.make_key(Scope.READ_STORIES)
            calls = [_poll(api), _poll(api)]
            await _waiting(api, 2)
            problem = check_problem(await api.holder.get("/v1/events?wait=30"), 429, "quota-exceeded")
            assert problem["violated-policies"] == ["waiting-requests"]
            calls.append(_poll(api, other))
            await _waiting(api, 3)
            assert (await api.holder.get("/v1/events")).status_code == 200
            await _give_up(*calls)

    async def test_is_refused_where_as_many_wait_as_may(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_WAITING="1") as api, listening(api, KEY):
            await _waiting(api, 1)
            check_retry(await api.holder.get("/v1/events?wait=30"), 503, "temporary-reduced-capacity")
            async with listening(api, KEY) as second:
                assert second.status == 503

    async def test_is_left_out_where_it_was_a_preference(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_WAITING="1") as api, listening(api, KEY):
            await _waiting(api, 1)
            async with asyncio.timeout(5):
                answer = await api.holder.post("/v1/analyses", json=DRAFT, headers={"Prefer": "wait=30"})
            assert answer.status_code == 202
            assert "preference-applied" not in answer.headers

    async def test_takes_no_room_from_those_at_work(self, start_api: Start) -> None:
        async with start_api(UNSPUN_MAX_IN_FLIGHT="1") as api, listening(api, KEY), listening(api, KEY):
            poll = _poll(api)
            await _waiting(api, 3)
            assert (await api.holder.get("/v1/keys")).status_code == 200
            await _give_up(poll)
            await _waiting(api, 2)
            slow = asyncio.create_task(post_slowly(api))
            await until(lambda: api.app.state.long_poll_limits._limits._in_flight == 1)
            check_problem(await api.holder.get("/v1/keys"), 503, "temporary-reduced-capacity")
            await _give_up(slow)

    @pytest.mark.parametrize("how", ["poll", "preference", "stream"])
    async def test_ends_within_five_seconds_when_the_key_is_revoked(self, api: Api, how: str) -> None:
        key = await api.make_key(Scope.READ_STORIES, Scope.WRITE_ANALYSES)
        clock = api.runtime.clock

        async def revoke() -> float:
            await _waiting(api, 1)
            assert (await api.holder.post(f"/v1/keys/{key.id}/revoke")).status_code == 200
            return clock.monotonic()

        if how == "stream":
            async with listening(api, key.secret or "") as stream:
                began = await revoke()
                await asyncio.wait_for(stream.over.wait(), REVOKED_WITHIN_S + 1)
        else:
            call = _poll(api, key) if how == "poll" else asyncio.create_task(_submit(api, key))
            began = await revoke()
            check_problem(await asyncio.wait_for(call, REVOKED_WITHIN_S + 1), 401, "unauthorized")
        assert clock.monotonic() - began < REVOKED_WITHIN_S
        await _waiting(api, 0)


async def _submit(api: Api, key: NewKey) -> httpx.Response:
    return await api.client.post("/v1/analyses", json=DRAFT, headers=bearer(key) | {"Prefer": "wait=30"})


class TestABody:
    @pytest.mark.parametrize("path", ["/v1/analyses", "/mcp"])
    async def test_that_never_comes_takes_no_place_from_others(self, start_api: Start, path: str) -> None:
        """An address or a key may have ten waiting requests, or a tenth of all places."""
        async with start_api(UNSPUN_MAX_IN_FLIGHT="11") as api:
            client = api.client if path == "/mcp" else api.holder
            calls = [asyncio.create_task(post_slowly(api, path, client)) for _ in range(11)]
            ended, waiting = await asyncio.wait(calls, timeout=5, return_when=asyncio.FIRST_COMPLETED)
            (refused,) = ended
            check_problem(await refused, 408, "request-timeout")
            assert len(waiting) == 10
            assert (await api.client.get("/v1/taxonomy")).status_code == 200
            await _give_up(*calls)

    async def test_that_takes_too_long_to_arrive_is_refused(self, start_api: Start) -> None:
        async with start_api(UNSPUN_BODY_TIMEOUT_S="0.3") as api:
            answer = await asyncio.wait_for(post_slowly(api), 10)
            check_problem(answer, 408, "request-timeout")
            assert answer.headers["connection"] == "close"
