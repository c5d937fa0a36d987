"""An API process that a request hangs is logged and replaced, and the service answers again."""

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from tests.kit.polling import until
from tests.kit.servers.api_process import api_process

pytestmark = pytest.mark.slow

LIMIT_S = 3


class TestARequestThatHangsItsProcess:
    async def test_does_not_stop_the_service(self, database_url: str, tmp_path: Path) -> None:
        log = tmp_path / "log"
        async with api_process(
            log=log,
            module="tests.kit.servers.hanging",
            UNSPUN_DATABASE_URL=database_url,
            UNSPUN_LOOP_TIMEOUT_S=str(LIMIT_S),
            UNSPUN_LEAVE_NOTICE_S="0",
        ) as api:
            hung = asyncio.create_task(
                api.client.get("/v1/hanging/now?secret=1", headers={"X-More": "a" * 500})
            )
            await until(lambda: _logged(log), 60)
            await until(api.is_ready, 60)
            assert isinstance((await asyncio.gather(hung, return_exceptions=True))[0], httpx.TransportError)
            await api.stop()
        text = log.read_text()
        lines = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
        (record,) = [line for line in lines if line["event"] == "process_hung"]
        (request,) = record["in_hand"]
        method, route, target, headers, body = request.split()
        assert (method, route, body) == ("GET", "/v1/hanging/{name}", "0")
        assert int(target) == len("/v1/hanging/now") + len("secret=1")
        assert 500 < int(headers) < 2_000
        assert "in hang" in text, "the stacks say where"
        assert "secret=1" not in text


async def _logged(log: Path) -> bool:
    return "process_hung" in await asyncio.to_thread(log.read_text)
