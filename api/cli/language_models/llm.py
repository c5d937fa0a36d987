"""`unspun llm`: requests to a language model in files, for a batch or for answers by hand, and their answers."""

import asyncio
import sys
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import click
from msgspec import Struct

from api.cli.analysis_pool import judging_processes
from api.cli.commands import Failure, read_settings
from api.cli.language_models.answer_files import PROMPT, AnswerFiles, prompt_text
from api.cli.language_models.questions import (
    PRELOAD,
    Question,
    in_order,
    lines_of,
    question_of_record,
    question_of_sample,
    question_of_sentence,
    question_of_story,
    sentences,
)
from api.cli.rescore import queued
from api.cli.transaction import COMMAND_LINE, with_runtime
from api.errors import Gone, TextNotHeld
from api.jobs.analyze_stored import load_stored_text
from api.llm.batch_files import request_line
from api.llm.model_server import ModelServer
from api.operations.analyses.import_answers import GivenAnswer, import_answers, story_progress
from api.operations.analyses.rescore_stories import rescore_stories
from api.operations.exports.seed import load_sample_stories
from api.operations.language_models.open_requests import Progress, request_name, story_in
from api.operations.stories.resolve_story import resolve_story
from api.processes.pool import Processes
from api.proposals.languages.codes import LANGUAGES
from api.proposals.requests import ModelRequest
from api.runtime.language_model import batch_server, completion_request
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import Runtime
from api.settings import Settings
from api.storage.stories.verdicts import list_without_second

_PAGE: Final = 1_000  # ids of stories in one query

_model_option = click.option("--model", help="Name of the model. [default: UNSPUN_LLM_MODEL]")
_processes_option = click.option(
    "--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="Worker processes."
)
_FOLDER: Final = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE: Final = click.Path(exists=True, dir_okay=False, path_type=Path)
_ANSWERS: Final = click.Path(exists=True, path_type=Path)


@click.group()
def llm() -> None:
    """Write requests to a language model into files, and import the answers.

    A story takes two requests in turn, the first one for each part of a long text. So export, have the answers
    made, import them, and do all three once more. With UNSPUN_LLM_REVIEWS_RULES=true a third one, about the
    findings of the rules, goes with the second.
    """


@llm.command()
@click.argument("target", metavar="FILE|-", type=click.Path(path_type=Path))
@click.option("--story", "stories", multiple=True, metavar="ID|SLUG", help="A story; repeatable.")
@click.option("--all", "every", is_flag=True, help="All stories without a second opinion.")
@click.option("--records", type=_FILE, help="Records {id, title, text, source, source_type}, one a line.")
@click.option("--samples", is_flag=True, help="The sample stories, without a database.")
@click.option("--public", type=_FOLDER, help="100 sentences of each set in the folders babe and claimbuster.")
@click.option(
    "--answers",
    type=_ANSWERS,
    multiple=True,
    help="Answers to earlier requests about records, samples or sentences; repeatable.",
)
@click.option("--folders", is_flag=True, help="FILE is a folder: write FILE/REQUEST/prompt.txt for readers.")
@click.option(
    "--proposals",
    type=click.Path(file_okay=False, path_type=Path),
    help="With --samples: write complete answers to this folder, as `seeds/answers` has them.",
)
@click.option("--most", type=click.IntRange(1), help="With --all: at most so many stories.")
@_model_option
@_processes_option
def export(
    target: Path,
    stories: tuple[str, ...],
    every: bool,
    records: Path | None,
    samples: bool,
    public: Path | None,
    answers: tuple[Path, ...],
    folders: bool,
    proposals: Path | None,
    most: int | None,
    model: str | None,
    processes: int,
) -> None:
    """Write the open requests about some texts to FILE in the OpenAI Batch format, one a line.

    A request is open if the database, or --answers, has no usable answer of the model. The second request about
    a text is written once the first one is answered. Stories whose text must stay, by the policy of their source
    or an opt-out of their page, are skipped.
    """
    if sum((bool(stories), every, records is not None, samples, public is not None)) != 1:
        raise click.UsageError("give one of --story, --all, --records, --samples and --public")
    if answers and (stories or every):
        raise click.UsageError("the answers about stories are imported: --answers is for other texts")
    if proposals and not samples:
        raise click.UsageError("--proposals requires --samples")
    if most and not every:
        raise click.UsageError("--most requires --all")
    settings = read_settings()
    name = _model_name(settings, model)
    server = batch_server(settings, name)
    given = AnswerFiles(answers, settings, server)
    with ExitStack() as stack:
        pool = stack.enter_context(judging_processes(settings, processes, PRELOAD))
        writer = RequestWriter(target, settings, server, folders=folders)
        if stories or every:

            async def of_stories(runtime: Runtime) -> None:
                ids = await _resolved(runtime, stories) if stories else await _without_second(runtime, most)
                work = (question_of_story(runtime, pool, story_id, name) for story_id in ids)
                await writer.take(in_order(work, 2 * processes))

            with_runtime(of_stories)
        else:
            taxonomy, reviews = load_taxonomy(), settings.llm_reviews_rules

            async def of_file(request: ModelRequest) -> GivenAnswer | None:
                return given.of(request)

            if records:
                work = (
                    question_of_record(pool, line, taxonomy, of_file, reviews_rules=reviews)
                    for line in lines_of(records)
                )
            elif public:
                work = (question_of_sentence(pool, text, taxonomy, of_file) for text in sentences(public))
            else:
                work = (
                    question_of_sample(pool, one, taxonomy, of_file, reviews_rules=reviews)
                    for one in load_sample_stories()
                )
            asyncio.run(writer.take(in_order(work, 2 * processes)))
        writer.write()
        if proposals:
            writer.write_proposals(proposals, name)
    _report([*given.faults, *given.failed.values()])
    click.echo(writer.summary(), err=True)
    if given.faults:
        raise Failure(f"{len(given.faults)} answers could not be read")


class RequestWriter:
    """Collects open requests, each once, and writes them at the end, so that no file is left half written."""

    def __init__(self, target: Path, settings: Settings, server: ModelServer, *, folders: bool) -> None:
        self._target, self._settings, self._server, self._folders = target, settings, server, folders
        self._open: dict[str, ModelRequest] = {}
        self._texts: Counter[str] = Counter()
        self._complete: dict[str, Progress] = {}

    async def take(self, questions: AsyncIterator[Question]) -> None:
        """Collect the open requests of all questions."""
        async for question in questions:
            found = question.progress
            if found is None:
                self._texts[question.skipped or ""] += 1
                continue
            if found.refusal is not None:
                self._texts[f"Nothing more to ask: {found.refusal.value}."] += 1
            elif found.is_complete:
                self._texts["All is answered."] += 1
                if question.sample is not None:
                    self._complete[question.sample] = found
            else:
                self._texts[f"Asked for the {found.open[0].call.value}."] += 1
            self._open |= {request_name(request, question.story_id): request for request in found.open}

    def write(self) -> None:
        """Write all requests to the file, standard output, or folders."""
        if self._folders:
            for name, request in self._open.items():
                (self._target / name).mkdir(parents=True, exist_ok=True)
                (self._target / name / PROMPT).write_text(prompt_text(request.messages), encoding="utf-8")
            return
        lines = [
            request_line(name, completion_request(request, self._settings), self._server)
            for name, request in self._open.items()
        ]
        if self._target == Path("-"):
            sys.stdout.buffer.writelines(lines)
            sys.stdout.buffer.flush()
        else:
            self._target.write_bytes(b"".join(lines))

    def write_proposals(self, folder: Path, model: str) -> None:
        """Write the complete answers about sample stories, a file for each."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, found in self._complete.items():
            proposal = found.proposal(model, recorded=True)
            assert proposal is not None, "it is complete"
            (folder / f"{name}.json").write_bytes(proposal)

    def summary(self) -> str:
        """The number of requests, and what became of the texts."""
        texts = "".join(f"\n{count} texts: {what}" for what, count in sorted(self._texts.items()))
        return f"{len(self._open)} requests{texts}"


class _Import(Struct, kw_only=True, frozen=True):
    """What became of one story's answers. `refused` are the names of those that answer no request about it."""

    stored: int
    ready: bool
    refused: list[str]
    why: str


@llm.command("import")
@click.argument("path", metavar="FILE|FOLDER", type=_ANSWERS)
@_model_option
@_processes_option
def import_(path: Path, model: str | None, processes: int) -> None:
    """Store the answers in FILE about stories, and judge each story again whose answers are complete.

    FILE has the Batch output format; FOLDER was written by `unspun llm export --folders`. Each answer must belong
    to a request about the story's current text, else it is refused. No model is called and no budget used:
    verdicts show the answers as recorded, with the name of the model. Failed answers are not stored; the next
    export asks again.
    """
    settings = read_settings()
    name = _model_name(settings, model)
    given = AnswerFiles([path], settings, batch_server(settings, name))
    by_story: dict[str, list[str]] = defaultdict(list)
    faults = list(given.faults)
    for one, placed in given.by_name.items():
        story_id = story_in(one)
        if story_id is None:
            faults.append(f"{placed.place}: its name has no story")
        else:
            by_story[story_id].append(one)
    with judging_processes(settings, processes, PRELOAD) as pool:

        async def operation(runtime: Runtime) -> tuple[list[_Import], int]:
            work = (
                _import_story(runtime, pool, story_id, names, given, name)
                for story_id, names in by_story.items()
            )
            found = [one async for one in in_order(work, 2 * processes)]
            ready = [story_id for story_id, one in zip(by_story, found, strict=True) if one.ready]
            click.echo(f"stored: {sum(one.stored for one in found)}")
            return found, await queued(rescore_stories(runtime, ready, origin=COMMAND_LINE))

        found, jobs = with_runtime(operation)
    click.echo(f"queued: {jobs}")
    faults += [f"{given.by_name[one].place}: {story.why}" for story in found for one in story.refused]
    _report([*given.failed.values(), *faults])
    if faults:
        raise Failure(f"{len(faults)} answers were refused")


async def _import_story(
    runtime: Runtime, pool: Processes, story_id: str, names: list[str], given: AnswerFiles, model: str
) -> _Import:
    def answer_of(request: ModelRequest) -> GivenAnswer | None:
        return given.of(request, story_id)

    try:
        text = await load_stored_text(runtime, story_id)
        found = await story_progress(runtime, pool.run, text.article, model, answer_of)
        ready = await import_answers(runtime, story_id, text.article, model, found)
    except LookupError:
        return _Import(stored=0, ready=False, refused=names, why="there is no such story")
    except (Gone, TextNotHeld) as error:
        return _Import(stored=0, ready=False, refused=names, why=error.detail)
    known = {request_name(request, story_id) for request, _ in found.progress.asked}
    return _Import(
        stored=len(found.given),
        ready=ready,
        refused=[one for one in names if one not in known],
        why="answers no request about the story's current text",
    )


async def _resolved(runtime: Runtime, stories: Iterable[str]) -> list[str]:
    async with runtime.pool.connection() as connection:
        return [await resolve_story(connection, story) for story in stories]


async def _without_second(runtime: Runtime, most: int | None) -> list[str]:
    found: list[str] = []
    while most is None or len(found) < most:
        limit = _PAGE if most is None else min(_PAGE, most - len(found))
        async with runtime.pool.connection() as connection:
            last = found[-1] if found else ""
            page = await list_without_second(connection, after=last, limit=limit, languages=LANGUAGES)
        if not page:
            break
        found += page
    return found


def _model_name(settings: Settings, model: str | None) -> str:
    name = model or settings.llm_model
    if not name:
        raise click.UsageError("name the model with --model or UNSPUN_LLM_MODEL")
    return name


def _report(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line, err=True)
