"""`unspun sources add|list|remove|poll`: manages the feeds of sources."""

import asyncio

import click

from api.cli.commands import Failure, read_settings
from api.cli.transaction import COMMAND_LINE, act, json_option
from api.clock import Clock
from api.errors import NotFound
from api.fetching.client import GuardedClient
from api.fetching.politeness import Pace
from api.fetching.robots import Robots
from api.operations.feeds.discover_feeds import Discovery, FoundFeed, discover_feeds
from api.operations.feeds.source_feeds import NO_FEED, add_feed, poll_now, remove_feed
from api.processes.pool import Processes
from api.runtime.fetch_policy import fetch_policy, resolver_of
from api.runtime.runtime import Runtime
from api.settings import Settings
from api.storage.database.pool import Connection
from api.storage.feeds import source_feeds
from api.storage.stories.sources import SourceRecord, find_source, get_source, upsert_source
from api.web.sites import source_domains
from api.web.urls import parse_target, url_key
from schemas.enums import SourceType
from schemas.ids import is_id
from schemas.source_feeds import Feed
from schemas.sources import Source
from schemas.wire import encode_json

PARSE_TIMEOUT_S = 10.0  # limit for parsing one document


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--source", "named", metavar="ID|SLUG", help="The source; by default, the one of the URL's domain."
)
@click.option("--name", help="Name of a new source.")
@click.option(
    "--type", "kind", type=click.Choice([kind.value for kind in SourceType]), help="Type of a new source."
)
@click.option("--dry-run", is_flag=True, help="Show the feeds without adding them.")
@json_option
def add(
    url: str, named: str | None, name: str | None, kind: str | None, dry_run: bool, as_json: bool
) -> None:
    """Find the feeds of a site, or use the feed at URL, and poll them from now on.

    Checks the URL itself, the links of its page, news sitemaps in robots.txt, and common paths. The source is
    the one of the domain; it is created if necessary.
    """
    settings = read_settings()
    if not dry_run:
        settings.database()
    discovery = asyncio.run(_discover(settings, url))
    if not discovery.feeds:
        raise Failure(f"No feed found at {url}.")
    if dry_run:
        click.echo(encode_json(discovery) if as_json else "\n".join(map(_describe, discovery.feeds)))
        return

    async def operation(connection: Connection, runtime: Runtime) -> tuple[Source, list[tuple[Feed, bool]]]:
        source = await _source(connection, runtime, url, named, name or discovery.site_name, kind)
        added: list[tuple[Feed, bool]] = []
        for found in discovery.feeds:
            existing = await source_feeds.find_feed_id(connection, url_key(found.url))
            policy = fetch_policy(settings)
            feed = await add_feed(connection, runtime, policy, source.id, found.url, origin=COMMAND_LINE)
            added.append((feed, existing is None))
        return source, added

    source, added = act(operation)
    if as_json:
        click.echo(encode_json([feed for feed, _ in added]))
        return
    click.echo(f"{source.name} ({source.slug})")
    for found, (feed, new) in zip(discovery.feeds, added, strict=True):
        click.echo(f"{'added' if new else 'known'}  {feed.id}  {_describe(found)}")


@click.command(name="list")
@click.option("--source", "named", metavar="ID|SLUG", help="Only feeds of this source.")
@click.option("--failing", is_flag=True, help="Only feeds whose last poll failed.")
@json_option
def list_(named: str | None, failing: bool, as_json: bool) -> None:
    """List the polled feeds and their state."""

    async def operation(connection: Connection, _: Runtime) -> list[tuple[Feed, str]]:
        source = None if named is None else await get_source(connection, named)
        if named is not None and source is None:
            raise NotFound("There is no such source.")
        found = await _all_feeds(connection, source.id if source else None, failing or None)
        slugs = {
            source_id: source_.slug
            for source_id in {feed.source_id for feed in found}
            if (source_ := await get_source(connection, source_id)) is not None
        }
        return [(feed, slugs[feed.source_id]) for feed in found]

    found = act(operation)
    if as_json:
        click.echo(encode_json([feed for feed, _ in found]))
        return
    for feed, slug in found:
        click.echo(_format(feed, slug))


@click.command()
@click.argument("feed", metavar="ID|URL")
@json_option
def remove(feed: str, as_json: bool) -> None:
    """Stop polling a feed. Its stories remain."""

    async def operation(connection: Connection, runtime: Runtime) -> bytes:
        removed = await remove_feed(
            connection, runtime, await _feed_id(connection, feed), origin=COMMAND_LINE
        )
        return encode_json(removed) if as_json else f"{removed.id} has been removed.".encode()

    click.echo(act(operation))


@click.command()
@click.argument("feed", metavar="ID|URL")
@json_option
def poll(feed: str, as_json: bool) -> None:
    """Poll a feed now, even if it was marked as gone."""

    async def operation(connection: Connection, runtime: Runtime) -> Feed:
        return await poll_now(connection, runtime, await _feed_id(connection, feed), origin=COMMAND_LINE)

    feed_ = act(operation)
    click.echo(encode_json(feed_) if as_json else f"{feed_.id} will be polled by the next free worker.")


async def _discover(settings: Settings, url: str) -> Discovery:
    client = GuardedClient(fetch_policy(settings).for_feeds(), resolver_of(settings))
    processes = Processes(size=1, memory_mb=settings.analysis_memory_mb, cpu_s=PARSE_TIMEOUT_S)
    clock = Clock()
    try:
        pace = Pace(settings.fetch_delay_s, clock)
        return await discover_feeds(client, Robots(client, clock), pace, processes, url)
    finally:
        await client.aclose()
        await asyncio.to_thread(processes.close)


async def _source(
    connection: Connection, runtime: Runtime, url: str, named: str | None, name: str | None, kind: str | None
) -> Source:
    """The named source or the one of the URL's domain, created if it does not exist."""
    domains = source_domains(parse_target(url).host)
    source_id = named
    if source_id is None:
        existing = await find_source(connection, domains)
        source_id = existing.id if existing else None
    if source_id is None:
        record = SourceRecord(
            slug=domains[-1].replace(".", "-"),
            name=name or domains[-1],
            type=SourceType(kind) if kind else SourceType.OTHER,
            domains=[domains[-1]],
        )
        clock = runtime.clock
        source_id = await upsert_source(connection, record, clock.new_id("src"), clock.now())
    source = await get_source(connection, source_id)
    if source is None:
        raise NotFound("There is no such source.")
    return source


async def _all_feeds(connection: Connection, source_id: str | None, failing: bool | None) -> list[Feed]:
    found: list[Feed] = []
    while True:
        page = await source_feeds.list_feeds(
            connection,
            source_id=source_id,
            failing=failing,
            after=found[-1].id if found else None,
            limit=1_000,
        )
        found += page
        if len(page) < 1_000:
            return found


async def _feed_id(connection: Connection, id_or_url: str) -> str:
    if is_id("fed", id_or_url):
        return id_or_url
    found = await source_feeds.find_feed_id(connection, url_key(id_or_url))
    if found is None:
        raise NotFound(NO_FEED)
    return found


def _describe(feed: FoundFeed) -> str:
    newest = f", newest {feed.newest:%Y-%m-%d %H:%M}" if feed.newest else ""
    return f"{feed.kind:12}  {feed.url}  ({feed.entries} entries{newest})"


def _format(feed: Feed, slug: str) -> str:
    polled = f"{feed.last_polled_at:%Y-%m-%d %H:%M}" if feed.last_polled_at else "never"
    state = feed.last_error or (f"{feed.last_status}" if feed.last_status else "waits")
    if feed.failures > 1:
        state += f" ({feed.failures} times)"
    next_poll = f"{feed.next_poll_at:%m-%d %H:%M}" if feed.next_poll_at else "never"
    counts = f"{feed.entries_taken} of {feed.entries_seen} entries analysed"
    return f"{feed.id}  {slug}  {feed.url}\n    polled {polled}, next {next_poll}; {counts}; {state}"
