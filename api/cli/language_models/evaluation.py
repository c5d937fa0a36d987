"""`unspun eval`: a language model's answers on labelled texts, held to the text, beside the rules."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click
import msgspec
from msgspec import Struct

from api.cli.analysis_pool import judging_processes
from api.cli.commands import Failure, read_settings
from api.cli.language_models.answer_files import AnswerFiles
from api.cli.language_models.asked_model import AskedModel
from api.cli.language_models.evaluation_tables import EvaluatedAnswers, Tokens, tables
from api.cli.language_models.questions import (
    PRELOAD,
    Line,
    in_order,
    lines_of,
    question_of_article,
    question_of_sentence,
    record_article,
)
from api.cli.terminal import print_card
from api.engines import FULL, LLM
from api.evaluation.answer_counts import answer_counts, drop_counts
from api.evaluation.comparison import compared, measures_of
from api.evaluation.figures import MEASURES, Measure, PairedFigure, paired_figures
from api.evaluation.human_labels import SETS, SentenceSet, human_figures
from api.evaluation.judged_texts import JudgedSentence, JudgedText, judge_sentence, judge_text
from api.evaluation.labels import Certainty, Label
from api.evaluation.public_sets import Row
from api.operations.language_models.open_requests import Progress
from api.processes.pool import Processes
from api.runtime.language_model import batch_server
from api.runtime.load_taxonomy import load_taxonomy
from schemas.taxonomy import Taxonomy

_UNNAMED: Final = "recorded answers"
_CHARACTERS_PER_TOKEN: Final = 4  # of English text and our marks, by OpenAI's tokenizers


class _Record(Struct, kw_only=True, frozen=True):
    """A labelled text with what was made of it; `judged` is None without answers."""

    label: Label
    judged: JudgedText | None
    tokens: Tokens


@click.command("eval")
@click.option("--engine", type=click.Choice(["llm"]), required=True, help="The judge to measure.")
@click.option(
    "--responses",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="Answers in the Batch output format, or a folder of `unspun llm export --folders`; repeatable.",
)
@click.option(
    "--ask",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Ask the configured model where FILE and --responses have no answer, and add its answers to FILE. The "
    "daily budget does not count these calls.",
)
@click.option(
    "--records",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled records, one a line.",
)
@click.option(
    "--public",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Measure 100 sentences of each human-labelled set in the folders babe and claimbuster.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables.")
@click.option("--model", help="Name of the model that answered. [default: UNSPUN_LLM_MODEL]")
@click.option(
    "--processes", type=click.IntRange(1, 64), default=2, show_default=True, help="Worker processes."
)
def eval_(
    engine: str,
    responses: tuple[Path, ...],
    ask: Path | None,
    records: Path | None,
    public: Path | None,
    as_json: bool,
    model: str | None,
    processes: int,
) -> None:
    """Hold given answers to labelled texts, and compare both judges with the labels. Needs no database.

    The requests are those that `unspun llm export` writes for the same records. A figure's interval is the
    bootstrap's; the difference to the rules, and its standard error, are over the same texts. A judgement that is
    refused counts as that of the rules, which is published instead. Records without an answer are left out.
    With UNSPUN_LLM_REVIEWS_RULES=true the answers may include reviews of the rules' findings.
    """
    if records is None and public is None:
        raise click.UsageError("give --records, --public or both")
    if not responses and ask is None:
        raise click.UsageError("give --responses, --ask or both")
    settings = read_settings()
    name = model or settings.llm_model or _UNNAMED
    paths = [*responses, *([ask] if ask and ask.exists() and ask not in responses else [])]
    files = AnswerFiles(paths, settings, batch_server(settings, name))
    with judging_processes(settings, processes, PRELOAD) as pool:

        async def evaluate() -> tuple[EvaluatedAnswers, AskedModel]:
            async with AskedModel(files, settings, ask) as asked:
                found = await _evaluate(
                    pool,
                    asked,
                    records,
                    public,
                    name,
                    2 * processes,
                    reviews_rules=settings.llm_reviews_rules,
                )
                return found, asked

        evaluated, asked = asyncio.run(evaluate())
    unused = [*files.faults, *asked.unasked]
    for line in (*files.failed.values(), *asked.failed, *unused):
        click.echo(line, err=True)
    if as_json:
        click.echo(json.dumps(msgspec.to_builtins(evaluated), indent=1))
    else:
        print_card(tables(evaluated, settings.llm_price_input, settings.llm_price_output))
    if unused:
        raise Failure(f"{len(unused)} answers were not used")


async def _evaluate(
    pool: Processes,
    asked: AskedModel,
    records: Path | None,
    public: Path | None,
    model: str,
    ahead: int,
    *,
    reviews_rules: bool,
) -> EvaluatedAnswers:
    taxonomy = load_taxonomy()
    people: list[PairedFigure] = []
    sentences: list[JudgedSentence] = []
    unanswered = 0
    for chosen in SETS if public else ():
        assert public is not None
        rows, judged = await _sentences(pool, asked, chosen, public, taxonomy, ahead)
        unanswered += len(chosen.chosen(public)) - len(rows)
        sentences += judged
        people += human_figures(chosen, rows, judged) if rows else []
    texts: list[_Record] = []
    if records:
        work = (
            _record(pool, asked, line, taxonomy, model, reviews_rules=reviews_rules)
            for line in lines_of(records)
        )
        texts = [one async for one in in_order(work, ahead) if one is not None]
    used = [(one.label, one.judged) for one in texts if one.judged is not None]
    return EvaluatedAnswers(
        model=model,
        engine=LLM.digest(),
        rules=FULL.digest(),
        people=people,
        sentences=len(sentences),
        sentences_refused=sum(one.refusal is not None for one in sentences),
        sentence_drops=drop_counts(one.drops for one in sentences),
        stories=_story_figures(used) if used else [],
        counts=answer_counts([judged for _, judged in used]) if used else None,
        unanswered=unanswered + len(texts) - len(used),
        tokens=[one.tokens for one in texts if one.judged is not None],
    )


def _story_figures(used: Sequence[tuple[Label, JudgedText]]) -> list[PairedFigure]:
    by_model = [compared(label, judged.llm) for label, judged in used]
    by_rules = [compared(label, judged.rules) for label, judged in used]
    kinds = sorted({label.primary.value for label, _ in used})
    measures = [*MEASURES, *(Measure(f"f1_{kind}", f"F1 of {kind}", slack=None) for kind in kinds)]
    return paired_figures(
        measures,
        lambda places: measures_of([by_model[i] for i in places]),
        lambda places: measures_of([by_rules[i] for i in places]),
        len(used),
    )


async def _record(
    pool: Processes, asked: AskedModel, line: Line, taxonomy: Taxonomy, model: str, *, reviews_rules: bool
) -> _Record | None:
    """None for a text that cannot be scored."""
    if line.read(Certainty).confidence == 0:
        return None
    label = line.read(Label)
    article = await record_article(pool, line)
    question = await question_of_article(pool, article, taxonomy, asked.answer, reviews_rules=reviews_rules)
    assert question.progress is not None, "it is no story"
    found = question.progress
    proposal = found.proposal(model, recorded=True)
    judged = None
    if proposal is not None:
        judged = await pool.run(judge_text, article, taxonomy, proposal)
    return _Record(label=label, judged=judged, tokens=_tokens(found, asked))


async def _sentences(
    pool: Processes,
    asked: AskedModel,
    chosen: SentenceSet,
    public: Path,
    taxonomy: Taxonomy,
    ahead: int,
) -> tuple[list[Row], list[JudgedSentence]]:
    """The answered sentences of a set."""

    async def judged(row: Row) -> tuple[Row, JudgedSentence] | None:
        question = await question_of_sentence(pool, row.text, taxonomy, asked.answer)
        assert question.progress is not None, "it is no story"
        ((_, answer),) = question.progress.asked
        return None if answer is None else (row, await pool.run(judge_sentence, row.text, taxonomy, answer))

    work = (judged(row) for row in chosen.chosen(public))
    found = [one async for one in in_order(work, ahead) if one is not None]
    return [row for row, _ in found], [one for _, one in found]


def _tokens(found: Progress, asked: AskedModel) -> Tokens:
    """The tokens of all answered requests: as the server counts them, else estimated."""
    prompt = answer = 0
    counted = True
    for request, content in found.asked:
        if content is None:
            continue
        taken = asked.known(request)
        if taken is not None and taken.prompt_tokens is not None and taken.completion_tokens is not None:
            prompt, answer = prompt + taken.prompt_tokens, answer + taken.completion_tokens
        else:
            counted = False
            prompt += sum(len(message.content) for message in request.messages) // _CHARACTERS_PER_TOKEN
            answer += len(content) // _CHARACTERS_PER_TOKEN
    return Tokens(prompt=prompt, answer=answer, counted=counted)
