"""`unspun demo`: the service on this machine, with a sample page's verdict card."""

import asyncio
import json
import signal
import sys
import time
import urllib.error
import urllib.request
from typing import Any

import click
import msgspec

from api.cli.admin_key import FILE_NAME
from api.cli.commands import Failure, read_settings
from api.cli.local_service import LocalService, local_service, serve_until_asked
from api.cli.sample_pages import sample_pages
from api.cli.seed import run_seed
from api.cli.terminal import print_card
from api.clock import Clock
from api.operations.exports.export_files import remove_since
from api.rendering.card import CardFacts, card
from api.runtime.load_taxonomy import load_taxonomy
from api.settings import Settings, environment, variable
from schemas.analyses import Analysis
from schemas.enums import AnalysisStatus
from schemas.stories import Story

_WAIT_S = 60.0
_UNFINISHED = (AnalysisStatus.QUEUED, AnalysisStatus.RUNNING)


@click.command()
@click.option("--once", is_flag=True, help="Stop after printing the card.")
def demo(once: bool) -> None:
    """Start the service, analyse a sample page through the API, print its card, and serve.

    Uses the embedded servers unless UNSPUN_DATABASE_URL is set, and another port if 8000 is in use.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = read_settings()
    environ = environment()
    with sample_pages() as pages:
        changes = {
            variable("fetch_host_map"): pages.host_map,
            variable("allow_loopback_fetch"): "true",
            variable("log_level"): environ.get(variable("log_level")) or "warning",
            variable("log_format"): environ.get(variable("log_format")) or "console",
        }
        with local_service(settings, echo=_echo, meanwhile=_seed, changes=changes, for_demo=True) as service:
            url = pages.urls[0]
            _echo(f"Submitting {url} ...")
            story = _judge(service.settings, url)
            _print_story(story)
            _print_addresses(service, story, pages.urls[1:])
            if not once:
                serve_until_asked(service, lambda: _echo("Serving, Ctrl-C to stop."))


def _echo(line: str) -> None:
    click.echo(line, err=True)


def _seed(settings: Settings) -> None:
    _echo("Loading sources and sample stories ...")
    clock = Clock()
    reported_at = clock.monotonic()

    def report(done: int, total: int) -> None:
        nonlocal reported_at
        if clock.monotonic() - reported_at > 2:
            reported_at = clock.monotonic()
            _echo(f"  {done} of {total} stories")

    started = clock.now()
    asyncio.run(run_seed(settings, report))
    if settings.exports_folder is not None:
        # the worker has already exported some of the stories; it exports all within a minute
        remove_since(settings.exports_folder, started)


def _judge(settings: Settings, url: str) -> Story:
    """Submit a URL through the API, wait, and fetch the story. Raises Failure."""
    submission = {"url": url, "max_age": 0}
    body = _call(settings, "/v1/analyses", submission, {"Prefer": "wait=30"})
    analysis = msgspec.json.decode(body, type=Analysis)
    deadline = Clock().monotonic() + _WAIT_S
    while analysis.status in _UNFINISHED and Clock().monotonic() < deadline:
        time.sleep(0.5)
        analysis = msgspec.json.decode(_call(settings, f"/v1/analyses/{analysis.id}"), type=Analysis)
    if analysis.error is not None:
        raise Failure(f"The analysis failed: {analysis.error.title}: {analysis.error.detail}")
    if analysis.result is None or analysis.result.story_id is None:
        raise Failure(f"The analysis is still {analysis.status} after {_WAIT_S:.0f} s")
    return msgspec.json.decode(_call(settings, f"/v1/stories/{analysis.result.story_id}"), type=Story)


def _call(settings: Settings, path: str, body: Any = None, headers: dict[str, str] | None = None) -> bytes:
    """Send a request to the local API with the administrator's key."""
    assert settings.bootstrap_admin_key is not None, "local_service sets one"
    request = urllib.request.Request(
        f"http://127.0.0.1:{settings.port}{path}",
        data=None if body is None else json.dumps(body).encode(),
        headers={
            "Authorization": f"Bearer {settings.bootstrap_admin_key.reveal()}",
            "Content-Type": "application/json",
            **(headers or {}),
        },
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy for this machine
    try:
        with opener.open(request, timeout=_WAIT_S) as answer:
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError as error:
        raise Failure(
            f"{request.get_method()} {path} returned {error.code}: {error.read().decode()}"
        ) from error


def _print_story(story: Story) -> None:
    facts = CardFacts(
        title=story.title,
        source=story.source.name,
        url=story.url,
        published_at=story.published_at,
        words=story.input.words,
    )
    print_card(card(story.verdict, facts, load_taxonomy()))


def _print_addresses(service: LocalService, story: Story, others: list[str]) -> None:
    base = service.settings.base_url
    click.echo(
        f"This story      {base}/v1/stories/{story.slug}\n"
        f"its claims      {base}/v1/stories/{story.slug}/claims\n"
        f"its versions    {base}/v1/stories/{story.slug}/verdicts\n"
        f"All stories     {base}/v1/stories\n"
        f"The taxonomy    {base}/v1/taxonomy\n"
        f"The guide       {base}/guide.html\n"
        f"The API's docs  {base}/docs"
    )
    key = service.settings.data_dir / FILE_NAME
    if others and key.exists():
        submission = json.dumps({"url": others[0]})
        click.echo(
            "\nAnalyse another sample page:\n"
            f"  curl -s {base}/v1/analyses -H 'Prefer: wait=30' -H 'Content-Type: application/json' \\\n"
            f"    -H \"Authorization: Bearer $(cat {key})\" -d '{submission}'"
        )
    sys.stdout.flush()
