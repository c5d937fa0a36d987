"""No request causes a server error or a response outside the contract."""

import os
from collections.abc import AsyncIterator
from typing import Final

import pytest

from api.app import openapi_document
from tests.contract.fuzzing import SETTINGS
from tests.contract.garbage import Garbage, ask, complaint
from tests.kit.clients.api_client import Api, running_api

DOCUMENT: Final = openapi_document()
KINDS: Final = ("paths", "queries", "headers", "bodies")
SEED: Final = int(os.environ.get("UNSPUN_GARBAGE_SEED", "20261126"))


@pytest.fixture
async def service(database_url: str, owner_url: str, redis_url: str) -> AsyncIterator[Api]:
    variables = SETTINGS | {"UNSPUN_DATABASE_URL": database_url, "UNSPUN_REDIS_URL": redis_url}
    async with running_api(owner_url=owner_url, **variables) as api:
        yield api


async def _send(api: Api, kind: str, number: int) -> None:
    story = (await api.client.get(f"/v1/stories/{await api.publish_story()}")).json()
    verdict = story["verdict"]
    ids = [story["id"], story["slug"], verdict["id"], verdict["claims"][0]["id"], story["source"]["id"]]
    for place, request in enumerate(Garbage(SEED, DOCUMENT, {"any": ids}).requests(kind, number)):
        try:
            wrong = complaint(DOCUMENT, request, await ask(api.app, request))
        except TimeoutError:
            wrong = "no answer"
        assert wrong is None, f"seed {SEED}, {kind} {place}: {wrong}: {request}"


@pytest.mark.parametrize("kind", KINDS)
async def test_a_thousand_requests_of_garbage_get_documented_answers(service: Api, kind: str) -> None:
    await _send(service, kind, 1_000)


@pytest.mark.fuzz
@pytest.mark.parametrize("kind", KINDS)
async def test_many_requests_of_garbage_get_documented_answers(service: Api, kind: str) -> None:
    await _send(service, kind, int(os.environ.get("UNSPUN_GARBAGE", "50000")))
