"""The guide's example consumers, as processes, receive deliveries of the service.

The Node consumer needs its library from npm: `make test-consumers` installs it and runs both.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from api.embedded.process import free_port
from api.webhooks.encryption import new_secret
from api.webhooks.signing import signed_headers
from tests.kit.clients.guide_code import program
from tests.kit.polling import until
from tests.kit.worlds.delivery_world import HOST, World, running_world

HERE = Path(__file__).parent
BODY = b'{"sequence":1,"type":"story.published","data":{"title":"T"}}'

both = pytest.mark.parametrize(
    "language",
    [
        "python",
        pytest.param(
            "node",
            marks=[
                pytest.mark.consumers,
                pytest.mark.skipif(shutil.which("node") is None, reason="node is not on this machine"),
            ],
        ),
    ],
)


@asynccontextmanager
async def consumer(language: str, folder: Path, secret: str, port: int) -> AsyncIterator[Path]:
    """Runs the guide's program; yields the file with its output."""
    heading, name = {"python": ("In Python", "consumer.py"), "node": ("In Node", "consumer.mjs")}[language]
    (folder / name).write_text(program("webhooks", heading))
    if language == "node":
        assert (HERE / "node_modules").is_dir(), "`make test-consumers` installs what it needs"
        (folder / "node_modules").symlink_to(HERE / "node_modules")
    printed = folder / "printed"
    with printed.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable if language == "python" else "node",
            name,
            cwd=folder,
            env=os.environ | {"WEBHOOK_SECRET": secret, "PORT": str(port)},
            stdout=output,
        )
    try:
        await until(lambda: _listens(port), 20)
        yield printed
    finally:
        process.terminate()
        await process.wait()


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except ConnectionError:
        return False
    writer.close()
    return True


@asynccontextmanager
async def _world(database_url: str, port: int) -> AsyncIterator[World]:
    places = {"UNSPUN_FETCH_HOST_MAP": f"{HOST}=127.0.0.1:{port}"}
    async with running_world(UNSPUN_DATABASE_URL=database_url, **places) as world:
        yield world


class TestAConsumerOfTheGuide:
    @both
    async def test_refuses_what_is_not_genuine_and_handles_each_id_once(
        self, language: str, tmp_path: Path
    ) -> None:
        secret, port, now = new_secret(os.urandom), free_port(), datetime.now(UTC)
        good = signed_headers("evt_1", now, BODY, [secret])
        others = signed_headers("evt_2", now, BODY, [new_secret(os.urandom)])
        old = signed_headers("evt_3", now - timedelta(minutes=6), BODY, [secret])
        async with consumer(language, tmp_path, secret, port) as printed, httpx.AsyncClient() as client:

            async def status(headers: dict[str, str], body: bytes = BODY) -> int:
                return (
                    await client.post(f"http://127.0.0.1:{port}/", headers=headers, content=body)
                ).status_code

            assert await status(others) == 400
            assert await status(old) == 400
            assert await status(good, BODY + b" ") == 400
            assert await status(good | {"webhook-signature": "nonsense"}) == 400
            assert await status({}) == 400
            assert await status(others | {"webhook-signature": "v1,x " + good["webhook-signature"]}) == 400
            assert [await status(good), await status(good)] == [204, 204]
        assert printed.read_text().splitlines() == ["1 story.published T"]

    @both
    async def test_takes_what_the_service_sends(
        self, language: str, tmp_path: Path, database_url: str
    ) -> None:
        port = free_port()
        async with _world(database_url, port) as world:
            created = (await world.api.holder.post("/v1/webhooks", json={"url": f"http://{HOST}/"})).json()
            async with consumer(language, tmp_path, created["secret"], port) as printed:
                await world.deliver()
                await world.story()
                await world.deliver()
                path = f"/v1/webhooks/{created['id']}"
                await world.api.holder.post(f"{path}/secret/rotate", json={})
                await world.emit_and_deliver()
            assert (await world.api.holder.get(path)).json()["status"] == "active"
            assert await world.deliveries() == [("succeeded", 1)] * 2
        lines = printed.read_text().splitlines()
        assert [line.split(" ", 2)[:2] for line in lines] == [
            ["-", "webhook.ping"],
            ["1", "story.published"],
            ["2", "story.published"],
        ]
