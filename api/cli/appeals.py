"""`unspun appeals`: lists and decides appeals."""

import click

from api.cli.transaction import COMMAND_LINE, act, checked, json_option
from api.operations.appeals.decide_appeal import Decided, decide_appeal
from api.operations.stories.render_story import cache_rendered
from api.rendering.plain_text import plain
from api.runtime.runtime import Runtime
from api.storage.analyses.appeals import AppealFilter, list_cases
from api.storage.database.pool import Connection
from schemas.appeals import AppealCase, AppealDecision
from schemas.enums import AppealStatus
from schemas.wire import encode_json

_PAGE = 500


@click.group()
def appeals() -> None:
    """List and decide appeals against verdicts."""


@appeals.command(name="list")
@click.option(
    "--status",
    type=click.Choice([status.value for status in AppealStatus]),
    default=AppealStatus.OPEN.value,
    show_default=True,
)
@json_option
def list_(status: str, as_json: bool) -> None:
    """List appeals, newest first; with --json one per line."""
    filter_, before = AppealFilter(status=AppealStatus(status)), None
    while True:
        page = _page(filter_, before)
        for case in page:
            click.echo(encode_json(case) if as_json else _format(case))
        if len(page) < _PAGE:
            return
        before = page[-1].id


@appeals.command()
@click.argument("appeal", metavar="ID")
@click.argument("outcome", type=click.Choice([AppealStatus.UPHELD.value, AppealStatus.REJECTED.value]))
@click.option("--explanation", required=True, help="Public explanation.")
@click.option(
    "--dismiss",
    multiple=True,
    metavar="FINDING",
    help="A finding to dismiss: f1, f2 ...; repeatable. [default: the cited findings]",
)
@click.option("--hide-reply", is_flag=True, help="Do not publish the proposed reply.")
@json_option
def decide(
    appeal: str, outcome: str, explanation: str, dismiss: tuple[str, ...], hide_reply: bool, as_json: bool
) -> None:
    """Decide an appeal; final. After `upheld`, a worker publishes a new verdict."""
    decision = checked(
        AppealDecision,
        outcome=outcome,
        explanation=explanation,
        dismiss=list(dismiss) or None,
        show_reply=not hide_reply,
    )

    async def operation(connection: Connection, runtime: Runtime) -> Decided:
        return await decide_appeal(connection, runtime, appeal, decision, origin=COMMAND_LINE)

    async def after_commit(runtime: Runtime, decided: Decided) -> None:
        await cache_rendered(runtime, decided.rendered)

    case = act(operation, after_commit).case
    click.echo(encode_json(case) if as_json else _format(case))


def _page(filter_: AppealFilter, below_id: str | None) -> list[AppealCase]:
    async def operation(connection: Connection, _: Runtime) -> list[AppealCase]:
        return await list_cases(connection, filter_, below_id=below_id, limit=_PAGE)

    return act(operation)


def _format(case: AppealCase) -> str:
    """The appeal as text, without terminal control characters."""
    cited = [*case.findings, *(f"{place.start}:{place.end}" for place in case.passages)]
    lines = [case.statement]
    if case.proposed_reply is not None:
        lines.append(f"reply of {case.proposed_reply_by or 'unnamed author'}: {case.proposed_reply}")
    lines += [f"dismissed: {place.rule} at {place.start}:{place.end}" for place in case.dismissed]
    if case.explanation is not None:
        lines.append(f"{case.status}: {case.explanation}")
    head = f"{case.id}  {case.status}  {case.verdict_id}  cites {' '.join(cited)}"
    return "\n".join([head, *(f"  {plain(line)}" for line in lines)])
