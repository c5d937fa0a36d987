"""Time limits for locks, statements, connections, and disconnected clients."""

import asyncio
import time
from typing import Any

from tests.kit.clients.api_client import Api, Start
from tests.kit.databases import connected, locked
from tests.kit.polling import until, until_equal
from tests.kit.texts.problems import check_problem, check_retry

# Other sessions of this database that wait for a lock or have an open transaction.
BUSY = """
SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
    AND (wait_event_type = 'Lock' OR state LIKE 'idle in transaction%')
"""


class TestTimeLimits:
    async def test_end_the_wait_for_a_lock(self, api: Api) -> None:
        async with locked(api.owner_url, "stories"):
            began = time.monotonic()
            answer = await api.client.get("/v1/stories")
            assert time.monotonic() - began < 4  # one second, plus time for a busy machine
            check_retry(answer, 503, "unavailable")
        assert (await api.client.get("/v1/stories")).status_code == 200

    async def test_end_a_slow_statement(self, start_api: Start) -> None:
        async with start_api(UNSPUN_STATEMENT_TIMEOUT_MS="300") as api:
            async with locked(api.owner_url, "stories"):
                began = time.monotonic()
                check_problem(await api.client.get("/v1/stories"), 503, "unavailable")
                assert time.monotonic() - began < 0.9  # before the lock's own limit
            assert (await api.client.get("/v1/stories")).status_code == 200

    async def test_end_the_wait_for_a_connection(self, start_api: Start) -> None:
        async with start_api(UNSPUN_POOL_MAX="1") as api:
            async with api.runtime.pool.connection():
                began = time.monotonic()
                check_problem(await api.client.get("/v1/stories"), 503, "unavailable")
                assert 1.9 < time.monotonic() - began < 5
            assert (await api.client.get("/v1/stories")).status_code == 200

    async def test_are_those_of_every_session(self, api: Api) -> None:
        # a pooler's sessions are shared: they have the user's limit, and the API cancels at 5 s
        statement = "1min" if api.runtime.settings.direct_database_url else "5s"
        async with api.runtime.pool.connection() as connection:
            for name, value in {
                "statement_timeout": statement,
                "lock_timeout": "1s",
                "idle_in_transaction_session_timeout": "10s",
            }.items():
                assert await connection.fetchval("SELECT current_setting($1)", name) == value


class _Client:
    """An HTTP request whose client disconnects when `gone` is set; `sent` is what it received."""

    def __init__(self, path: str, method: str = "GET", body: bytes = b"", **headers: str) -> None:
        self.gone = asyncio.Event()
        self.sent: list[Any] = []
        self._messages = [{"type": "http.request", "body": body, "more_body": False}] if body else []
        headers = {"host": "unspun.test"} | headers
        given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": b"",
            "headers": [*given, (b"content-length", str(len(body)).encode())] if body else given,
            "scheme": "http",
            "server": ("unspun.test", 80),
            "client": ("192.0.2.7", 1),
        }

    async def ask(self, api: Api) -> None:
        async def receive() -> Any:
            if self._messages:
                return self._messages.pop()
            await self.gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            self.sent.append(message)

        await api.app(self._scope, receive, send)  # type: ignore[arg-type]  # the same protocol


class TestAClientThatLeaves:
    async def test_takes_its_statement_with_it_and_leaves_the_connection_clean(
        self, start_api: Start
    ) -> None:
        async with start_api(UNSPUN_POOL_MAX="1") as api, connected(api.owner_url) as watching:
            client = _Client("/v1/stories")
            async with locked(api.owner_url, "stories"):
                asking = asyncio.create_task(client.ask(api))
                client.gone.set()
                await asyncio.wait_for(asking, 5)
                assert client.sent == []  # after the lock's limit, the status would have been 503
                await until_equal(1, lambda: watching.fetchval(BUSY))
            assert (await api.client.get("/v1/stories")).status_code == 200

    async def test_ends_a_request_that_waits_for_an_analysis(self, api: Api) -> None:
        body = b'{"text": "Forty roles are impacted."}'
        headers = {"authorization": api.holder.headers["authorization"], "content_type": "application/json"}
        client = _Client("/v1/analyses", "POST", body, prefer="wait=30", **headers)
        asking = asyncio.create_task(client.ask(api))

        async def accepted() -> bool:
            return bool((await api.rows("SELECT count(*) AS n FROM analyses"))[0]["n"])

        await until(accepted)
        client.gone.set()
        began = time.monotonic()
        await asyncio.wait_for(asking, 20)
        assert time.monotonic() - began < 5
        assert client.sent == []  # and its submission remains
        assert await accepted()
