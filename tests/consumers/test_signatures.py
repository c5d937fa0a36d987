"""Deliveries of the service, verified by the published libraries."""

import json
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from tests.consumers.conftest import node
from tests.kit.worlds.delivery_world import running_world


async def _deliveries(database_url: str) -> list[dict[str, Any]]:
    """The same delivery, signed by two secrets: with each, with a changed body, and with another secret."""
    async with running_world(UNSPUN_DATABASE_URL=database_url) as world:
        created = await world.endpoint()
        rotated = (await world.api.holder.post(f"/v1/webhooks/{created['id']}/secret/rotate", json={})).json()
        other = await world.endpoint("/other")
        await world.story()
        await world.deliver()
    (received,) = world.receiver.of("/hook")
    good = {"headers": received.headers, "body": received.body.decode(), "secret": created["secret"]}
    return [
        good,
        good | {"secret": rotated["secret"]},
        good | {"body": good["body"] + " "},
        good | {"secret": other["secret"]},
    ]


def _verified(secret: str, headers: dict[str, str], body: str) -> str:
    try:
        return str(Webhook(secret).verify(body, headers)["type"])
    except WebhookVerificationError as refused:
        return type(refused).__name__


EXPECTED = ["story.published", "story.published", "WebhookVerificationError", "WebhookVerificationError"]


class TestADelivery:
    async def test_is_verified_in_python(self, database_url: str) -> None:
        assert [_verified(**delivery) for delivery in await _deliveries(database_url)] == EXPECTED

    @pytest.mark.consumers
    async def test_is_verified_in_node_by_standardwebhooks_and_svix(self, database_url: str) -> None:
        deliveries = await _deliveries(database_url)
        async with node("verify.mjs", *map(json.dumps, deliveries)) as program:
            await program.until(lambda lines: len(lines) == len(deliveries))
        assert program.lines == [[found, found] for found in EXPECTED]
