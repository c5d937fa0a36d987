"""Answers to an evaluation: those in files, and of a server where they have none."""

import asyncio
from contextlib import AsyncExitStack
from pathlib import Path
from typing import BinaryIO, Self

from api.cli.commands import Failure
from api.cli.language_models.answer_files import AnswerFiles, given_answer
from api.llm.batch_files import answer_line
from api.llm.model_client import ModelClient
from api.llm.outcomes import Answer, Rejected
from api.operations.analyses.import_answers import GivenAnswer
from api.operations.language_models.open_requests import request_name
from api.proposals.requests import ModelRequest
from api.runtime.language_model import completion_request, model_client
from api.settings import Settings


class AskedModel:
    """The answers of some files; with a `target`, those of the configured model are added to it.

    Open it with `async with`. `failed` has a line for each call without an answer. Raises Failure if there is a
    target and no model.
    """

    def __init__(self, files: AnswerFiles, settings: Settings, target: Path | None) -> None:
        self.files = files
        self.failed: list[str] = []
        self._settings, self._path = settings, target
        self._asked: dict[str, asyncio.Task[GivenAnswer | None]] = {}
        self._stack = AsyncExitStack()
        self._client: ModelClient | None = None
        self._target: BinaryIO | None = None

    async def __aenter__(self) -> Self:
        if self._path is not None:
            client = model_client(self._settings)
            if client is None:
                raise Failure("UNSPUN_LLM_URL is not set: there is no model to ask")
            self._client = await self._stack.enter_async_context(client)
            self._target = self._stack.enter_context(self._path.open("ab"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def answer(self, request: ModelRequest) -> GivenAnswer | None:
        """The answer, also if it is unusable; None if there is none at all. Each request is asked once."""
        name = request_name(request)
        if name not in self._asked:
            self._asked[name] = asyncio.ensure_future(self._find(name, request))
        return await self._asked[name]

    def known(self, request: ModelRequest) -> GivenAnswer | None:
        """The answer to a request that was asked before."""
        return self._asked[request_name(request)].result()

    @property
    def unasked(self) -> list[str]:
        """A line for each answer in the files that belongs to no request."""
        names = self.files.by_name.items()
        return [f"{placed.place}: answers no request" for name, placed in names if name not in self._asked]

    async def _find(self, name: str, request: ModelRequest) -> GivenAnswer | None:
        found = self.files.as_given(request)
        if found is not None or self._client is None or self._target is None:
            return found
        outcome = await self._client.complete(completion_request(request, self._settings))
        if not isinstance(outcome, Answer):
            self.failed.append(f"{name}: {outcome.reason.value} {outcome.detail}".rstrip())
        if isinstance(outcome, Answer | Rejected) and outcome.raw is not None:
            self._target.write(answer_line(name, outcome.raw, outcome.usage))
            self._target.flush()
        return given_answer(outcome)
