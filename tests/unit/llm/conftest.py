"""A scripted server, and clients of it."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Annotated, Any, Literal, TypeAlias

import pytest
from msgspec import Meta, Struct

from api.llm.completion_request import CompletionRequest, Message
from api.llm.dialects import DialectMemory
from api.llm.model_client import ModelClient
from api.llm.model_server import ModelServer
from tests.kit.servers.scripted_model import ScriptedModel


class Judgement(Struct):
    """What the tests ask for."""

    quote: Annotated[str, Meta(max_length=20)]
    type: Literal["shield", "none"]
    weight: int = 0


GOOD = '{"quote":"said on Monday","type":"none","weight":2}'
ARTICLE = "The council met on Monday."


def asking(text: str = ARTICLE, **changed: Any) -> CompletionRequest:
    fields: dict[str, Any] = {
        "name": "judgement",
        "messages": (Message("system", "You judge news."), Message("user", text)),
        "output": Judgement,
        "max_output_tokens": 300,
        "seed": 7,
    }
    return CompletionRequest(**fields | changed)


Clients: TypeAlias = Callable[..., ModelClient]


@pytest.fixture
async def model() -> AsyncIterator[ScriptedModel]:
    async with ScriptedModel() as model:
        yield model


@pytest.fixture
async def memory() -> DialectMemory:
    return DialectMemory()


@pytest.fixture
async def clients(model: ScriptedModel, memory: DialectMemory) -> AsyncIterator[Clients]:
    """Makes clients of the scripted server; arguments are fields of `ModelServer`."""
    async with AsyncExitStack() as stack:

        def make(**fields: Any) -> ModelClient:
            given: dict[str, Any] = {"base_url": model.base_url, "model": "m-1", "total_seconds": 30.0}
            client = ModelClient(ModelServer(**given | fields), memory)
            stack.push_async_exit(client)
            return client

        yield make
