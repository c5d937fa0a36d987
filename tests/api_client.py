"""The application in the test's own process, with a client that has a key and one that has none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from litestar import Litestar

from api.app import create_app
from api.operations.runtime import Runtime
from api.settings import Settings
from tests.factories import make_article, make_edition, publish
from tests.lifespan import started

BASE_URL = "http://unspun.test"
KEY = "unspun_live_testtest_" + "a" * 36


@dataclass
class Api:
    """`client` has no key; `holder` sends the administrator's."""

    app: Litestar
    runtime: Runtime
    client: httpx.AsyncClient
    holder: httpx.AsyncClient

    async def publish_story(self, **article: Any) -> str:
        """The id of a new story."""
        return (await publish(self.runtime, make_edition(make_article(**article)))).story_id


@asynccontextmanager
async def running_api(**variables: str) -> AsyncIterator[Api]:
    settings = Settings.from_environment(
        {
            "UNSPUN_BASE_URL": BASE_URL,
            "UNSPUN_BOOTSTRAP_ADMIN_KEY": KEY,
            "UNSPUN_LOG_LEVEL": "error",
            **variables,
        }
    )
    app = create_app(settings)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    key = {"Authorization": f"Bearer {KEY}"}
    async with (
        started(app),
        httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client,
        httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=key) as holder,
    ):
        yield Api(app, app.state.runtime, client, holder)
