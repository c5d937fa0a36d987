"""The application in this process, with a client with a key and one without."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from litestar import Litestar

from api.clock import Clock
from api.operations.keys.bootstrap_key import DEFAULT_ACCOUNT
from api.operations.keys.create_key import create_key
from api.runtime.runtime import Runtime
from api.storage.keys.accounts import insert_account
from api.storage.log.audit_log import Actor, Origin
from schemas.keys import KeyCreation, NewKey, Scope
from tests.kit.servers.applications import application
from tests.kit.servers.lifespan import started
from tests.kit.servers.pooler import direct_setting
from tests.kit.texts.factories import by_two, make_article, make_edition, publish

BASE_URL = "http://unspun.test"
WEBHOOK_KEY = "d" * 43 + "="  # 32 bytes, as in a key ring
KEY = "unspun_live_testtest_" + "a" * 36


@dataclass
class Api:
    """`client` has no key; `holder` sends the administrator's. `owner_url` has rights that the service lacks."""

    app: Litestar
    runtime: Runtime
    client: httpx.AsyncClient
    holder: httpx.AsyncClient
    owner_url: str = ""

    async def publish_story(self, **article: Any) -> str:
        return (await publish(self.runtime, make_edition(make_article(**article)))).story_id

    async def publish_by_two(self) -> str:
        """A story with a second opinion."""
        return (await publish(self.runtime, by_two(make_edition(make_article())))).story_id

    async def make_key(
        self, *scopes: Scope, account_id: str = DEFAULT_ACCOUNT, expires_at: datetime | None = None
    ) -> NewKey:
        """A new key; creates the account if it is missing."""
        clock, origin = self.runtime.clock, Origin(actor=Actor.SERVICE)
        creation = KeyCreation(name="test", scopes=list(scopes), expires_at=expires_at)
        async with self.runtime.pool.transaction() as connection:
            await insert_account(connection, account_id, "test", clock.now())
            return await create_key(connection, clock, creation, account_id=account_id, origin=origin)

    async def forget_copies(self) -> None:
        """Clear the caches; the database keeps its documents."""
        await self.runtime.cache.call("FLUSHDB")
        self.runtime.documents.clear()

    async def rows(self, query: str, *values: Any) -> list[Any]:
        async with self.runtime.pool.connection() as connection:
            return await connection.fetch(query, *values)


Start = Callable[..., AbstractAsyncContextManager[Api]]


def bearer(key: NewKey | str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key if isinstance(key, str) else key.secret}"}


@asynccontextmanager
async def running_api(
    *, owner_url: str = "", clock: Clock | None = None, **variables: str
) -> AsyncIterator[Api]:
    settings = {
        "UNSPUN_BASE_URL": BASE_URL,
        "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
        "UNSPUN_LOG_LEVEL": "error",
        "UNSPUN_POOL_MIN": "1",
        "UNSPUN_WEBHOOK_KEYS": WEBHOOK_KEY,
        **direct_setting(variables["UNSPUN_DATABASE_URL"]),
        **variables,
    }
    with application(settings, clock) as app:
        transport = httpx.ASGITransport(app, raise_app_exceptions=False)
        async with (
            started(app),
            httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client,
            httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=bearer(KEY)) as holder,
        ):
            yield Api(app, app.state.runtime, client, holder, owner_url)
