"""`unspun sources add|list|remove|poll`: the feeds of sources, found, shown, and asked at once."""

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
from api.processes import Processes
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

READ_SECONDS = 10.0  # the longest that one document may take to read


@click.command()
@click.argument("url", metavar="URL")
@click.option("--source", "named", metavar="ID|SLUG", help="The source, where the domain does not tell it.")
@click.option("--name", help="The name of a source that is not known yet.")
@click.option(
    "--type", "kind", type=click.Choice([kind.value for kind in SourceType]), help="The type of one."
)
@click.option("--dry-run", is_flag=True, help="Only say what there is.")
@json_option
def add(
    url: str, named: str | None, name: str | None, kind: str | None, dry_run: bool, as_json: bool
) -> None:
    """Find the feeds of a site, or take the one at URL, and have them polled from now on.

    Looked at are the address itself, what its page names, sitemaps of news that robots.txt names, and the usual
    places. The source is that of the domain; one that is not known is made.
    """
    settings = read_settings()
    if not dry_run:
        settings.database()
    discovery = asyncio.run(_discover(settings, url))
    if not discovery.feeds:
        raise Failure(f"No feed was found at {url}.")
    if dry_run:
        click.echo(encode_json(discovery) if as_json else "\n".join(map(_found, discovery.feeds)))
        return

    async def does(connection: Connection, runtime: Runtime) -> tuple[Source, list[tuple[Feed, bool]]]:
        source = await _source(connection, runtime, url, named, name or discovery.site_name, kind)
        added: list[tuple[Feed, bool]] = []
        for found in discovery.feeds:
            held = await source_feeds.find_feed_id(connection, url_key(found.url))
            policy = fetch_policy(settings)
            feed = await add_feed(connection, runtime, policy, source.id, found.url, origin=COMMAND_LINE)
            added.append((feed, held is None))
        return source, added

    source, added = act(does)
    if as_json:
        click.echo(encode_json([feed for feed, _ in added]))
        return
    click.echo(f"{source.name} ({source.slug})")
    for found, (feed, new) in zip(discovery.feeds, added, strict=True):
        click.echo(f"{'added' if new else 'known'}  {feed.id}  {_found(found)}")


@click.command(name="list")
@click.option("--source", "named", metavar="ID|SLUG", help="Those of one source.")
@click.option("--failing", is_flag=True, help="Only those whose last poll failed.")
@json_option
def list_(named: str | None, failing: bool, as_json: bool) -> None:
    """List the feeds that are polled, and how that goes."""

    async def does(connection: Connection, _: Runtime) -> list[tuple[Feed, str]]:
        source = None if named is None else await get_source(connection, named)
        if named is not None and source is None:
            raise NotFound("There is no such source.")
        found = await _all_feeds(connection, source.id if source else None, failing or None)
        slugs = {
            source_id: of.slug
            for source_id in {feed.source_id for feed in found}
            if (of := await get_source(connection, source_id)) is not None
        }
        return [(feed, slugs[feed.source_id]) for feed in found]

    found = act(does)
    if as_json:
        click.echo(encode_json([feed for feed, _ in found]))
        return
    for feed, slug in found:
        click.echo(_line(feed, slug))


@click.command()
@click.argument("feed", metavar="ID|URL")
@json_option
def remove(feed: str, as_json: bool) -> None:
    """Remove a feed: it is asked no more. The stories that it announced stay."""

    async def does(connection: Connection, runtime: Runtime) -> bytes:
        removed = await remove_feed(
            connection, runtime, await _feed_id(connection, feed), origin=COMMAND_LINE
        )
        return encode_json(removed) if as_json else f"{removed.id} is asked no more.".encode()

    click.echo(act(does))


@click.command()
@click.argument("feed", metavar="ID|URL")
@json_option
def poll(feed: str, as_json: bool) -> None:
    """Have a worker poll a feed at once, also one that was gone."""

    async def does(connection: Connection, runtime: Runtime) -> Feed:
        return await poll_now(connection, runtime, await _feed_id(connection, feed), origin=COMMAND_LINE)

    due = act(does)
    click.echo(encode_json(due) if as_json else f"{due.id} is polled by the next worker that is free.")


async def _discover(settings: Settings, url: str) -> Discovery:
    client = GuardedClient(fetch_policy(settings).for_feeds(), resolver_of(settings))
    processes = Processes(size=1, memory_mb=settings.analysis_memory_mb, cpu_s=READ_SECONDS)
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
    """The source that was named, or that of the address's domain, made where there is none."""
    domains = source_domains(parse_target(url).host)
    found = named
    if found is None:
        known = await find_source(connection, domains)
        found = known.id if known else None
    if found is None:
        record = SourceRecord(
            slug=domains[-1].replace(".", "-"),
            name=name or domains[-1],
            type=SourceType(kind) if kind else SourceType.OTHER,
            domains=[domains[-1]],
        )
        clock = runtime.clock
        found = await upsert_source(connection, record, clock.new_id("src"), clock.now())
    source = await get_source(connection, found)
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


def _found(feed: FoundFeed) -> str:
    newest = f", newest {feed.newest:%Y-%m-%d %H:%M}" if feed.newest else ""
    return f"{feed.kind:12}  {feed.url}  ({feed.entries} entries{newest})"


def _line(feed: Feed, slug: str) -> str:
    polled = f"{feed.last_polled_at:%Y-%m-%d %H:%M}" if feed.last_polled_at else "never"
    state = feed.last_error or (f"{feed.last_status}" if feed.last_status else "waits")
    if feed.failures > 1:
        state += f" ({feed.failures} times)"
    following = f"{feed.next_poll_at:%m-%d %H:%M}" if feed.next_poll_at else "never"
    counts = f"{feed.entries_taken} of {feed.entries_seen} entries analysed"
    return f"{feed.id}  {slug}  {feed.url}\n    polled {polled}, next {following}; {counts}; {state}"
