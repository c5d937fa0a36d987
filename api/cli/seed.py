"""`unspun seed`: loads the sample data."""

import asyncio
from collections.abc import Callable

import click

from api.cli.commands import read_settings
from api.clock import Clock
from api.operations.exports.seed import Seeded
from api.operations.exports.seed import seed as load_seeds
from api.runtime.load_taxonomy import load_taxonomy
from api.runtime.runtime import open_runtime
from api.settings import Settings


@click.command()
def seed() -> None:
    """Load sources and sample stories. Existing data is not changed."""
    loaded = asyncio.run(run_seed(read_settings(), _report))
    click.echo(f"{loaded.sources} sources and {loaded.stories} sample stories have been loaded.")


async def run_seed(settings: Settings, report: Callable[[int, int], None]) -> Seeded:
    """Load the seeds with a separate runtime; `report` receives (done, total)."""
    settings.database()
    runtime = open_runtime(
        settings,
        load_taxonomy(),
        Clock(),
        statement_timeout_ms=settings.worker_statement_timeout_ms,
    )
    try:
        return await load_seeds(runtime, report)
    finally:
        await runtime.cache.close()
        await runtime.pool.close()


def _report(done: int, total: int) -> None:
    if done and done % 5 == 0:
        click.echo(f"{done} of {total} sample stories", err=True)
