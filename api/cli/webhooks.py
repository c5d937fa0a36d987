"""`unspun webhooks`: what an endpoint is sent, seen on the machine of who develops it; the seals of secrets."""

import os
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import click
import msgspec
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from api.cli.commands import Failure
from api.cli.event_source import ask, follow, webhook_path
from api.cli.local_receiver import receiver
from api.cli.transaction import COMMAND_LINE, act
from api.clock import Clock
from api.operations.webhooks.reseal_secrets import reseal_secrets
from api.webhooks.encryption import new_secret
from api.webhooks.payloads import WITH_VERDICT, full_body, thin_body
from api.webhooks.predicates import PredicateRefused, compiled, context, matches
from api.webhooks.signing import signed_headers
from schemas.events import Event, EventType
from schemas.webhooks import Endpoint, EndpointSecret, Payload

_FORWARD_S: Final = 15.0  # as long as the service waits for an answer
_SHOWN: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be shown, and the secret that signs it."""

    event_types: frozenset[str]
    predicate: str | None
    full: bool
    secret: str

    def holds(self, event: Event) -> bool:
        if self.event_types and event.type.value not in self.event_types:
            return False
        return self.predicate is None or matches(self.predicate, context(event))


@click.group()
def webhooks() -> None:
    """See on your own machine what webhook endpoints are sent; change the key that seals their secrets."""


@webhooks.command()
def reseal() -> None:
    """Seal all secrets in the database with the first of UNSPUN_WEBHOOK_KEYS.

    To change the key: put the new one in front, parted by a full stop, for API and workers; run this; take the
    old one away.
    """
    done = act(lambda connection, runtime: reseal_secrets(connection, runtime, origin=COMMAND_LINE))
    click.echo(f"{done.older} sealed with the first key, {done.current} had it already.")
    if done.lost:
        raise Failure(
            f"{done.lost} cannot be opened with any key: put back the key that sealed them, or rotate them."
        )


@webhooks.command()
@click.option("--at", metavar="URL", default="http://127.0.0.1:8000", show_default=True, help="The service.")
@click.option(
    "--key",
    metavar="KEY|@FILE",
    envvar="UNSPUN_API_KEY",
    help="A key of it, or the file that holds one; also from UNSPUN_API_KEY.",
)
@click.option("--endpoint", metavar="ID", help="Take types, predicate, payload and secret of this endpoint.")
@click.option(
    "--type",
    "types",
    multiple=True,
    type=click.Choice([kind.value for kind in EventType]),
    help="Only these types of events.",
)
@click.option("--where", metavar="CEL", help="Only events of which this predicate holds.")
@click.option(
    "--full", is_flag=True, help="With what the verdict says, as endpoints with full payloads get it."
)
@click.option(
    "--after", metavar="CURSOR", help="Begin behind this event (its number or id); else with the next."
)
@click.option("--forward", metavar="URL", help="Send each to this address, signed, as the service would.")
@click.option(
    "--receive", metavar="PORT", type=click.IntRange(0, 65_535), help="Take deliveries here instead."
)
@click.option("--secret", metavar="WHSEC", help="The secret that signs: of the endpoint, with --receive.")
@click.option("--count", type=click.IntRange(1), help="End after so many.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a delivery: headers and body.")
def listen(
    at: str,
    key: str | None,
    endpoint: str | None,
    types: tuple[str, ...],
    where: str | None,
    full: bool,
    after: str | None,
    forward: str | None,
    receive: int | None,
    secret: str | None,
    count: int | None,
    as_json: bool,
) -> None:
    """Print webhooks as they are sent, with their signatures verified.

    Without --receive the event log is followed with your key, and what an endpoint would be sent is made here:
    the same body, id and headers, signed. So it works behind any router, and no endpoint is needed. --forward
    hands each to the consumer that you are writing.

    With --receive the deliveries themselves are taken on a port of this machine, where the service can reach it:
    on the same machine, or by a tunnel.
    """
    given_key = _read_key(key)
    if receive is not None:
        if types or where or full or after or forward:
            raise click.UsageError("--receive shows what is sent; it goes with --secret or --endpoint")
        _receive(receive, _secret_of(at, given_key, endpoint, secret), count, as_json)
        return
    if given_key is None:
        raise click.UsageError("give a --key that may read the event log")
    if endpoint is not None and (types or where or full or secret):
        raise click.UsageError("--endpoint brings its own types, predicate, payload and secret")
    wanted = _wanted_of(at, given_key, endpoint) if endpoint else _wanted(types, where, full, secret)
    made = _made(at, given_key, after, wanted)
    for number, (headers, body) in enumerate(made, 1):
        _show(headers, body, _verified(wanted.secret, headers, body), as_json)
        if forward is not None:
            _note(_forwarded(forward, headers, body))
        if number == count:
            return


def _made(at: str, key: str, after: str | None, wanted: Wanted) -> Iterator[tuple[dict[str, str], bytes]]:
    """Headers and body of what would be sent."""
    clock = Clock()
    for _, data in follow(at, key, after, _note):
        event = msgspec.json.decode(data, type=Event)
        if not wanted.holds(event):
            continue
        body = thin_body(event)
        if wanted.full and event.type.value in WITH_VERDICT:
            verdict = ask(at, f"/v1/verdicts/{event.data['verdict_id']}", key)
            body = full_body(event, msgspec.json.encode(verdict))
        headers = {"content-type": "application/json"}
        yield headers | signed_headers(event.id, clock.now(), body, [wanted.secret]), body


def _receive(port: int, secret: str, count: int | None, as_json: bool) -> None:
    seen, taken = set[str](), 0

    def take(headers: dict[str, str], body: bytes) -> bool:
        nonlocal taken
        genuine = _verified(secret, headers, body)
        again = genuine and headers["webhook-id"] in seen
        if genuine:
            seen.add(headers["webhook-id"])
        _show(headers, body, genuine, as_json, again=again)
        taken += 1
        return genuine

    with receiver(port, take) as server:
        _note(f"Listening on http://127.0.0.1:{server.server_port}/, end with Ctrl-C")
        while count is None or taken < count:
            server.handle_request()


def _wanted(types: tuple[str, ...], where: str | None, full: bool, secret: str | None) -> Wanted:
    if where is not None:
        try:
            compiled(where)
        except PredicateRefused as refused:
            raise click.UsageError(f"--where cannot be used: {refused}") from None
    secret = secret or new_secret(os.urandom)
    _note(f"Signed with {secret}")
    return Wanted(event_types=frozenset(types), predicate=where, full=full, secret=_checked(secret))


def _wanted_of(at: str, key: str, endpoint_id: str) -> Wanted:
    endpoint = msgspec.convert(ask(at, webhook_path(endpoint_id), key), Endpoint)
    if endpoint.status != "active":
        _note(f"The endpoint is {endpoint.status}: the service sends nothing of this to it")
    return Wanted(
        event_types=frozenset(kind.value for kind in endpoint.event_types),
        predicate=endpoint.predicate,
        full=endpoint.payload is Payload.FULL,
        secret=_secret_of(at, key, endpoint_id, None),
    )


def _secret_of(at: str, key: str | None, endpoint: str | None, secret: str | None) -> str:
    if (endpoint is None) == (secret is None):
        raise click.UsageError("give either --endpoint, with a --key, or its --secret")
    if secret is not None:
        return _checked(secret)
    if key is None or endpoint is None:
        raise click.UsageError("--endpoint needs a --key with the scope webhooks:manage")
    found = msgspec.convert(ask(at, f"{webhook_path(endpoint)}/secret", key), EndpointSecret)
    return _checked(found.secret or "")


def _checked(secret: str) -> str:
    try:
        if not secret.startswith("whsec_"):
            raise ValueError(secret)
        Webhook(secret)
    except (ValueError, RuntimeError):
        raise click.UsageError("The secret of an endpoint is whsec_ and base64.") from None
    return secret


def _read_key(key: str | None) -> str | None:
    if key is None or not key.startswith("@"):
        return key
    return Path(key[1:]).read_text(encoding="utf-8").strip()


def _verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """As consumers do; the library raises ValueError for a header that is no signature."""
    try:
        Webhook(secret).verify(body, headers)
    except (WebhookVerificationError, ValueError):
        return False
    return True


def _forwarded(url: str, headers: dict[str, str], body: bytes) -> str:
    if not url.startswith(("http://", "https://")):
        raise Failure(f"{url} is no address to forward to.")
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310  # http or https, see above
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a consumer on this machine
    began = time.monotonic()
    try:
        with opener.open(request, timeout=_FORWARD_S) as answer:
            code = str(answer.status)
    except urllib.error.HTTPError as error:
        code = f"{error.code}, a failure"
    except OSError as error:
        code = f"nothing ({error}), a failure"
    return f"    {url} answered {code} after {round((time.monotonic() - began) * 1000)} ms"


def _show(headers: dict[str, str], body: bytes, genuine: bool, as_json: bool, *, again: bool = False) -> None:
    if as_json:
        shown = {name: value for name, value in headers.items() if name in _SHOWN}
        line = {"genuine": genuine, "headers": shown, "body": body.decode("utf-8", "replace")}
        click.echo(msgspec.json.encode(line))
        return
    marks = ["genuine" if genuine else "NOT GENUINE", *(["again"] if again else [])]
    try:
        event = msgspec.json.decode(body, type=Event)
    except msgspec.DecodeError:
        click.echo(f"{headers.get('webhook-id', '-')}  {len(body)} bytes, no event  {', '.join(marks)}")
        return
    age = Clock().now() - event.timestamp
    late = f"{max(age / timedelta(seconds=1), 0):.1f} s old"
    click.echo(
        f"{event.sequence:>8}  {event.type}  {event.id}  {len(body)} bytes  {late}  {', '.join(marks)}"
    )
    click.echo(f"          {msgspec.json.encode(event.data).decode()}")


def _note(text: str) -> None:
    click.echo(text, err=True)
