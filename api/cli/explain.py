"""`unspun explain`: how a score comes about, word by word, and what it would be without some of them."""

import asyncio
import re
from collections.abc import Sequence

import click
import msgspec

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.cli.analysis_pool import judging_processes
from api.cli.article import Given, article_of
from api.cli.commands import Failure, read_settings
from api.cli.terminal import print_card, waiting
from api.engines import engine_of
from api.processes import Processes
from api.rendering.explanation_card import explanation_card
from api.rendering.score_explanations import build_explanation
from api.runtime.load_taxonomy import load_taxonomy
from schemas.assessments import Ablation, Assessment, Finding
from schemas.enums import AblationKind, SourceType
from schemas.score_explanations import ScoreExplanation

_PLACE = re.compile(r"(\d{1,9}):(\d{1,9})")


@click.command()
@click.argument("target", metavar="URL|FILE|-", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@click.option(
    "--without",
    multiple=True,
    metavar="RULE|START:END",
    help="Leave out a rule's findings, or those that touch these characters; may be given several times.",
)
@click.option("--story", metavar="ID|SLUG", help="Explain a story of a running service instead.")
@click.option("--at", metavar="URL", help="With --story: the service; UNSPUN_BASE_URL where not given.")
@click.option("--title", help="Overrules the title that is found.")
@click.option("--source", help="Name of the publisher.")
@click.option("--source-type", type=click.Choice([kind.value for kind in SourceType]))
def explain(
    target: str | None,
    as_json: bool,
    without: tuple[str, ...],
    story: str | None,
    at: str | None,
    title: str | None,
    source: str | None,
    source_type: str | None,
) -> None:
    """Show a score as the sum that it is, and what it would be without some of the words.

    TARGET is read as by `unspun analyze`. Each step names its rule, its words and where they stand in the text.
    What is left out is weighed no more, as if a ruling had dismissed it; nothing else about the text changes.
    """
    if (target is None) == (story is None):
        raise click.UsageError("give either a text or --story")
    if at and not story:
        raise click.UsageError("--at belongs to --story")
    if story and (without or title or source or source_type):
        raise click.UsageError("a served story can only be explained as it is: leave the other options out")
    text = None
    if story:
        from api.cli.remote import explanation_of_story

        shown, explanation = explanation_of_story(at or read_settings().base_url, story)
    else:
        assert target is not None
        kind = SourceType(source_type) if source_type else None
        article, explanation = _explained(
            target, Given(title=title, source=source, source_type=kind), without
        )
        shown, text = article.title, article.text
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(explanation), indent=2).decode())
    else:
        print_card(explanation_card(explanation, shown, text, load_taxonomy()))


def _explained(target: str, given: Given, without: Sequence[str]) -> tuple[Article, ScoreExplanation]:
    from api.pages.reader import read_article

    settings, taxonomy = read_settings(), load_taxonomy()
    engine = engine_of(settings.engine_profile)

    async def work(pool: Processes) -> tuple[Article, Assessment]:
        article = await article_of(target, given, settings, pool)
        proposal = await engine.proposal(article, taxonomy)
        said = (await pool.run(read_article, article, taxonomy, (), engine.load, proposal)).assessment
        if not without or said.spin is None:
            return article, said
        left_out = chosen_findings(said, without)
        rulings = [_dismissal(finding, said) for finding in left_out]
        after = (await pool.run(read_article, article, taxonomy, rulings, engine.load, proposal)).assessment
        assert after.spin is not None, "what can be judged can be judged under rulings"
        chosen = Ablation(
            kind=AblationKind.CHOSEN,
            type=None,
            term=None,
            finding_ids=[finding.id for finding in left_out],
            score=after.spin.score,
            primary=after.spin.primary,
        )
        return article, msgspec.structs.replace(said, ablations=[*(said.ablations or []), chosen])

    with judging_processes(settings, 1, engine) as pool, waiting("Reading and judging ..."):
        article, assessment = asyncio.run(work(pool))
    return article, build_explanation(assessment)


def chosen_findings(said: Assessment, without: Sequence[str]) -> list[Finding]:
    """The findings that count and that any of `without` names. Raises Failure for one that names none."""
    single = [a.finding_ids[0] for a in said.ablations or [] if a.kind is AblationKind.FINDING]
    counting = [finding for finding in said.findings if finding.id in single]
    chosen: set[str] = set()
    for name in without:
        place = _PLACE.fullmatch(name)
        named = {
            finding.id
            for finding in counting
            if (_touches(finding, int(place[1]), int(place[2])) if place else finding.rule == name)
        }
        if not named:
            rules = ", ".join(sorted({finding.rule for finding in counting})) or "none"
            raise Failure(f"Nothing that counts is found by or at {name}. Rules with findings here: {rules}.")
        chosen |= named
    return [finding for finding in counting if finding.id in chosen]


def _touches(finding: Finding, start: int, end: int) -> bool:
    return any(span.start < end and start < span.end for span in finding.spans)


def _dismissal(finding: Finding, said: Assessment) -> Ruling:
    first, last = finding.spans[0], finding.spans[-1]
    return Ruling(
        text_sha256=said.text_sha256,
        rule=finding.rule,
        start=first.start,
        end=last.end,
        note="unspun explain",
    )
