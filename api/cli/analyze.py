"""`unspun analyze`: analyses pages and texts without a server."""

import asyncio
import sys
from contextlib import ExitStack
from pathlib import Path

import click
import msgspec

from api.analysis.text.article import Article
from api.cli.analysis_pool import judging_processes, preload_for_one
from api.cli.article import Given, article_of, local_file
from api.cli.commands import Failure, read_settings
from api.cli.terminal import print_card, waiting
from api.engines import FAST, FULL, engine_of
from api.processes.pool import Processes
from api.rendering.card import CardFacts, card
from schemas.assessments import Assessment
from schemas.enums import SourceType


@click.command()
@click.argument("target", metavar="URL|FILE|-")
@click.option("--json", "as_json", is_flag=True, help="Print the assessment as JSON instead of a card.")
@click.option(
    "--jsonl", is_flag=True, help="Read one record {id, title, text, source, source_type} per line."
)
@click.option("--flat", is_flag=True, help="With --jsonl: write a flat record with the main fields.")
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    default=2,
    show_default=True,
    help="With --jsonl: worker processes.",
)
@click.option(
    "--profile",
    type=click.Choice([FULL.profile, FAST.profile]),
    help="Engine: full fills every field, fast takes a tenth of the time. [default: UNSPUN_ENGINE_PROFILE]",
)
@click.option("--title", help="Title, instead of the extracted one.")
@click.option("--source", help="Name of the publisher, instead of the detected one.")
@click.option(
    "--source-type", type=click.Choice([type_.value for type_ in SourceType]), help="Type of the publisher."
)
def analyze(
    target: str,
    as_json: bool,
    jsonl: bool,
    flat: bool,
    processes: int,
    profile: str | None,
    title: str | None,
    source: str | None,
    source_type: str | None,
) -> None:
    """Analyse a page or text, or many with --jsonl. Needs no server and stores nothing.

    A URL is fetched like in the service: robots.txt applies, private addresses are refused. A FILE, or standard
    input for -, is HTML or plain text.
    """
    if flat and not jsonl:
        raise click.UsageError("--flat requires --jsonl")
    if jsonl and (as_json or title or source or source_type):
        raise click.UsageError("--jsonl cannot be combined with --json, --title, --source or --source-type")
    if jsonl:
        _analyze_records(target, flat_form=flat, size=processes, profile=profile)
        return
    type_ = SourceType(source_type) if source_type else None
    _analyze_one(
        target, Given(title=title, source=source, source_type=type_), as_json=as_json, profile=profile
    )


def _analyze_records(target: str, *, flat_form: bool, size: int, profile: str | None) -> None:
    from api.cli.records import analyze_records

    settings = read_settings()
    engine = engine_of(profile or settings.engine_profile)
    if engine.propose is not None:
        raise click.UsageError(f"--jsonl does not support the engine {engine.profile}")

    with ExitStack() as stack:
        lines = sys.stdin.buffer if target == "-" else stack.enter_context(Path(target).open("rb"))
        pool = stack.enter_context(judging_processes(settings, size, (*engine.preload, "api.cli.records")))
        work = analyze_records(
            lines, sys.stdout.buffer, pool, flat_form=flat_form, size=size, load=engine.load
        )
        failed = asyncio.run(work)
    if failed:
        raise Failure(f"{failed} lines could not be analysed")


def _analyze_one(target: str, given: Given, *, as_json: bool, profile: str | None) -> None:
    from api.pages.reader import assess_article
    from api.runtime.load_taxonomy import load_taxonomy

    settings, taxonomy, local = read_settings(), load_taxonomy(), local_file(target)
    engine = engine_of(profile or settings.engine_profile)
    if engine.propose is not None:
        raise click.UsageError(f"the command line does not support the engine {engine.profile}")

    async def analyze_one(pool: Processes) -> tuple[Article, Assessment]:
        article = await article_of(target, local, given, settings, pool)
        proposal = await engine.proposal(article, taxonomy)
        return article, await pool.run(assess_article, article, taxonomy, (), engine.load, proposal)

    with judging_processes(settings, 1, preload_for_one(engine, local)) as pool, waiting("Analysing ..."):
        article, assessment = asyncio.run(analyze_one(pool))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(assessment), indent=2).decode())
        return
    facts = CardFacts(
        title=article.title,
        source=article.source.name,
        url=article.url,
        published_at=article.published_at,
        words=article.words,
    )
    print_card(card(assessment, facts, taxonomy))
