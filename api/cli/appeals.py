"""`unspun appeals`: what is held against verdicts, for who decides it."""

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
    """List appeals against verdicts, and decide them."""


@appeals.command(name="list")
@click.option(
    "--status",
    type=click.Choice([status.value for status in AppealStatus]),
    default=AppealStatus.OPEN.value,
    show_default=True,
)
@json_option
def list_(status: str, as_json: bool) -> None:
    """List appeals, newest first. With --json one a line."""
    where, below = AppealFilter(status=AppealStatus(status)), None
    while True:
        found = _listed(where, below)
        for case in found:
            click.echo(encode_json(case) if as_json else _shown(case))
        if len(found) < _PAGE:
            return
        below = found[-1].id


@appeals.command()
@click.argument("appeal", metavar="ID")
@click.argument("outcome", type=click.Choice([AppealStatus.UPHELD.value, AppealStatus.REJECTED.value]))
@click.option("--explanation", required=True, help="Why; everybody reads it.")
@click.option(
    "--dismiss",
    multiple=True,
    metavar="FINDING",
    help="A finding that counts no more, f1, f2 ...; may be given several times. Else those that are cited.",
)
@click.option("--hide-reply", is_flag=True, help="The reply may not be shown.")
@json_option
def decide(
    appeal: str, outcome: str, explanation: str, dismiss: tuple[str, ...], hide_reply: bool, as_json: bool
) -> None:
    """Decide an appeal, for good. Upheld, a worker publishes the new verdict."""
    decision = checked(
        AppealDecision,
        outcome=outcome,
        explanation=explanation,
        dismiss=list(dismiss) or None,
        show_reply=not hide_reply,
    )

    async def does(connection: Connection, runtime: Runtime) -> Decided:
        return await decide_appeal(connection, runtime, appeal, decision, origin=COMMAND_LINE)

    async def then(runtime: Runtime, decided: Decided) -> None:
        await cache_rendered(runtime, decided.rendered)

    case = act(does, then).case
    click.echo(encode_json(case) if as_json else _shown(case))


def _listed(where: AppealFilter, below_id: str | None) -> list[AppealCase]:
    async def does(connection: Connection, _: Runtime) -> list[AppealCase]:
        return await list_cases(connection, where, below_id=below_id, limit=_PAGE)

    return act(does)


def _shown(case: AppealCase) -> str:
    """Words of strangers lose what a terminal would obey."""
    cited = [*case.findings, *(f"{place.start}:{place.end}" for place in case.passages)]
    lines = [case.statement]
    if case.proposed_reply is not None:
        lines.append(f"reply of {case.proposed_reply_by or 'somebody unnamed'}: {case.proposed_reply}")
    lines += [f"dismissed: {place.rule} at {place.start}:{place.end}" for place in case.dismissed]
    if case.explanation is not None:
        lines.append(f"{case.status}: {case.explanation}")
    head = f"{case.id}  {case.status}  {case.verdict_id}  cites {' '.join(cited)}"
    return "\n".join([head, *(f"  {plain(line)}" for line in lines)])
