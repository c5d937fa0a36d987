"""`unspun explain`: how a score is computed, and the effect of omitting findings."""

import asyncio
import re
from collections.abc import Sequence

import click
import msgspec
from msgspec.structs import replace

from api.analysis.text.article import Article
from api.analysis.text.rulings import Ruling
from api.cli.analysis_pool import judging_processes, preload_for_one
from api.cli.article import Given, article_of, local_file
from api.cli.commands import Failure, read_settings
from api.cli.terminal import print_card, waiting
from api.engines import engine_of
from api.processes.pool import Processes
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
    help="Omit a rule's findings, or those that overlap these characters; repeatable.",
)
@click.option("--read-again", is_flag=True, help="Also judge the text again without some of its sentences.")
@click.option("--story", metavar="ID|SLUG", help="Explain a story of a running service.")
@click.option("--at", metavar="URL", help="With --story: URL of the service. [default: UNSPUN_BASE_URL]")
@click.option("--title", help="Title, instead of the extracted one.")
@click.option("--source", help="Name of the publisher, instead of the detected one.")
@click.option(
    "--source-type", type=click.Choice([type_.value for type_ in SourceType]), help="Type of the publisher."
)
def explain(
    target: str | None,
    as_json: bool,
    without: tuple[str, ...],
    read_again: bool,
    story: str | None,
    at: str | None,
    title: str | None,
    source: str | None,
    source_type: str | None,
) -> None:
    """Show a score as a sum, and its value without some of the findings.

    TARGET is the same as for `unspun analyze`. Each step shows its rule, words and position in the text.
    Omitted findings have no weight, as if a ruling had dismissed them; the rest of the analysis is unchanged.
    --read-again omits whole sentences instead: the engine reads what is left from the start, up to twelve times.
    """
    if (target is None) == (story is None):
        raise click.UsageError("give either TARGET or --story")
    if at and not story:
        raise click.UsageError("--at requires --story")
    if story and (without or read_again or title or source or source_type):
        raise click.UsageError(
            "--story cannot be combined with --without, --read-again, --title, --source or --source-type"
        )
    text = None
    if story:
        from api.cli.remote import explanation_of_story

        title_, explanation = explanation_of_story(at or read_settings().base_url, story)
    else:
        assert target is not None
        type_ = SourceType(source_type) if source_type else None
        article, explanation = _explained(
            target, Given(title=title, source=source, source_type=type_), without, again=read_again
        )
        title_, text = article.title, article.text
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(explanation), indent=2).decode())
    else:
        print_card(explanation_card(explanation, title_, text, load_taxonomy()))


def _explained(
    target: str, given: Given, without: Sequence[str], *, again: bool
) -> tuple[Article, ScoreExplanation]:
    from api.pages.reader import assess_article, read_again

    settings, taxonomy, local = read_settings(), load_taxonomy(), local_file(target)
    engine = engine_of(settings.engine_profile)

    async def work(pool: Processes) -> tuple[Article, ScoreExplanation]:
        article = await article_of(target, local, given, settings, pool)
        proposal = await engine.proposal(article, taxonomy)
        assessment = await pool.run(assess_article, article, taxonomy, (), engine.load, proposal)
        explanation = build_explanation(assessment)
        if without and assessment.spin is not None:
            omitted = chosen_findings(assessment, without)
            rulings = [ruling for finding in omitted for ruling in _dismissal(finding, assessment)]
            after = await pool.run(assess_article, article, taxonomy, rulings, engine.load, proposal)
            chosen = _chosen(omitted, after)
            explanation = replace(explanation, ablations=[*(explanation.ablations or []), chosen])
        if again:
            readings = await pool.run(read_again, article, assessment, taxonomy, (), engine.load, proposal)
            explanation = replace(explanation, read_again=readings)
        return article, explanation

    with judging_processes(settings, 1, preload_for_one(engine, local)) as pool, waiting("Analysing ..."):
        return asyncio.run(work(pool))


def _chosen(omitted: Sequence[Finding], after: Assessment) -> Ablation:
    assert after.spin is not None, "rulings do not prevent a score"
    return Ablation(
        kind=AblationKind.CHOSEN,
        type=None,
        term=None,
        finding_ids=[finding.id for finding in omitted],
        score=after.spin.score,
        primary=after.spin.primary,
    )


def chosen_findings(assessment: Assessment, without: Sequence[str]) -> list[Finding]:
    """The scored findings that match `without`. Raises Failure if an entry matches none."""
    scored_ids = [a.finding_ids[0] for a in assessment.ablations or [] if a.kind is AblationKind.FINDING]
    scored = [finding for finding in assessment.findings if finding.id in scored_ids]
    chosen: set[str] = set()
    for pattern in without:
        place = _PLACE.fullmatch(pattern)
        matching = {
            finding.id
            for finding in scored
            if (_overlaps(finding, int(place[1]), int(place[2])) if place else pattern in finding.all_rules)
        }
        if not matching:
            rules = ", ".join(sorted({rule for finding in scored for rule in finding.all_rules})) or "none"
            raise Failure(f"No scored finding matches {pattern}. Rules with findings: {rules}.")
        chosen |= matching
    return [finding for finding in scored if finding.id in chosen]


def _overlaps(finding: Finding, start: int, end: int) -> bool:
    return any(span.start < end and start < span.end for span in finding.spans)


def _dismissal(finding: Finding, assessment: Assessment) -> list[Ruling]:
    first, last = finding.spans[0], finding.spans[-1]
    return [
        Ruling(
            text_sha256=assessment.text_sha256,
            rule=rule,
            start=first.start,
            end=last.end,
            note="unspun explain",
        )
        for rule in finding.all_rules
    ]
