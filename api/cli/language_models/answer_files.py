"""Files with a language model's answers: lines of the Batch format, or folders that were answered by hand.

Such a folder holds one for each request, with the request's name, and in it a prompt and its answer.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from api.llm.batch_files import BatchAnswer, outcome_of, plain_answer, read_answer_line
from api.llm.model_server import ModelServer
from api.llm.outcomes import Answer, Outcome, Rejected
from api.operations.analyses.import_answers import GivenAnswer
from api.operations.language_models.open_requests import request_name
from api.proposals.requests import Message, ModelRequest
from api.runtime.language_model import completion_request
from api.settings import Settings

PROMPT: Final = "prompt.txt"
ANSWER: Final = "answer.json"
SEPARATOR: Final = "\n\n----- user message -----\n\n"


class Placed(Struct, frozen=True):
    """An answer and its place in the files."""

    place: str
    answer: BatchAnswer


class AnswerFiles:
    """The answers in some files by the names of their requests.

    `faults` has a line for each that cannot be read, and for each second answer to a request; after an error, the
    second one is the answer. `failed` are the answers that were looked at and are none, with the reason.
    """

    def __init__(self, paths: Iterable[Path], settings: Settings, server: ModelServer) -> None:
        self.faults: list[str] = []
        self.failed: dict[str, str] = {}
        self._settings, self._server = settings, server
        self.by_name: dict[str, Placed] = {}
        for path in paths:
            for place, answer in _answers_in(path):
                if isinstance(answer, ValueError):
                    self.faults.append(f"{place}: {answer}")
                elif (known := self.by_name.get(answer.custom_id)) and known.answer.status == 200:
                    self.faults.append(f"{place}: a second answer to {known.place}")
                else:
                    self.by_name[answer.custom_id] = Placed(place, answer)

    def of(self, request: ModelRequest, story_id: str | None = None) -> GivenAnswer | None:
        """The usable answer to a request; None if there is none."""
        outcome = self._outcome(request, story_id)
        return given_answer(outcome) if isinstance(outcome, Answer) else None

    def as_given(self, request: ModelRequest) -> GivenAnswer | None:
        """The answer as given, also if it is unusable; None if there is none at all."""
        outcome = self._outcome(request, None)
        return None if outcome is None else given_answer(outcome)

    def _outcome(self, request: ModelRequest, story_id: str | None) -> Outcome | None:
        name = request_name(request, story_id)
        placed = self.by_name.get(name)
        if placed is None:
            return None
        outcome = outcome_of(placed.answer, completion_request(request, self._settings), self._server)
        if not isinstance(outcome, Answer):
            self.failed[name] = f"{placed.place}: {outcome.reason.value} {outcome.detail}".rstrip()
        return outcome


def given_answer(outcome: Outcome) -> GivenAnswer | None:
    """The JSON of an answer, the message of an unusable one; None without any."""
    if not isinstance(outcome, Answer | Rejected) or outcome.raw is None:
        return None
    usage = outcome.usage
    return GivenAnswer(
        content=outcome.content.decode() if isinstance(outcome, Answer) else outcome.raw,
        prompt_tokens=usage.prompt if usage else None,
        completion_tokens=usage.completion if usage else None,
    )


def prompt_text(messages: Iterable[Message]) -> str:
    """The messages of a request as one text."""
    return SEPARATOR.join(message.content for message in messages)


def _answers_in(path: Path) -> Iterator[tuple[str, BatchAnswer | ValueError]]:
    if path.is_dir():
        for folder in sorted(path.iterdir()):
            if (folder / ANSWER).is_file():
                content = (folder / ANSWER).read_text(encoding="utf-8", errors="replace")
                yield f"{path.name}/{folder.name}", plain_answer(folder.name, content)
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                yield f"line {number}", read_answer_line(line)
            except ValueError as error:
                yield f"line {number}", error
