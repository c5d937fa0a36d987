"""`unspun webhooks`: shows webhooks on a developer's machine; re-encrypts endpoint secrets."""

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
from api.webhooks.predicates import PredicateRefused, check, context, matches
from api.webhooks.signing import signed_headers
from schemas.event_types import EVENT_KINDS
from schemas.events import Event, EventType
from schemas.webhooks import Endpoint, EndpointSecret, Payload

_FORWARD_S: Final = 15.0  # the service's own timeout
_SHOWN: Final = ("webhook-id", "webhook-timestamp", "webhook-signature")


class Subscription(msgspec.Struct, frozen=True, kw_only=True):
    """The events to show, and the secret that signs them."""

    event_types: frozenset[str]
    predicate: str | None
    full: bool
    secret: str

    def includes(self, event: Event) -> bool:
        if self.event_types and event.type.value not in self.event_types:
            return False
        return self.predicate is None or matches(self.predicate, context(event))


@click.group()
def webhooks() -> None:
    """Test webhooks locally, and change the key that encrypts their secrets."""


@webhooks.command()
def reseal() -> None:
    """Re-encrypt all secrets in the database with the first key of UNSPUN_WEBHOOK_KEYS.

    To rotate the key: prepend the new one, separated by a full stop, for API and workers; run this command;
    remove the old key.
    """
    result = act(lambda connection, runtime: reseal_secrets(connection, runtime, origin=COMMAND_LINE))
    click.echo(f"{result.older} re-encrypted, {result.current} already up to date.")
    if result.lost:
        raise Failure(f"{result.lost} cannot be decrypted: restore their key, or rotate the secrets.")


@webhooks.command()
@click.option(
    "--at", metavar="URL", default="http://127.0.0.1:8000", show_default=True, help="URL of the service."
)
@click.option(
    "--key",
    metavar="KEY|@FILE",
    envvar="UNSPUN_API_KEY",
    help="API key, or a file that contains it. [env: UNSPUN_API_KEY]",
)
@click.option("--endpoint", metavar="ID", help="Use types, predicate, payload and secret of this endpoint.")
@click.option(
    "--type",
    "types",
    multiple=True,
    type=click.Choice([kind.value for kind in EventType]),
    help="Only this event type; repeatable.",
)
@click.option("--where", metavar="CEL", help="Only events that match this predicate.")
@click.option("--full", is_flag=True, help="Use full payloads, which include the verdict.")
@click.option(
    "--after", metavar="CURSOR", help="Start after this event (number or id). [default: new events]"
)
@click.option("--forward", metavar="URL", help="Forward each webhook, signed, to this URL.")
@click.option(
    "--receive", metavar="PORT", type=click.IntRange(0, 65_535), help="Receive deliveries on this local port."
)
@click.option("--secret", metavar="WHSEC", help="Signing secret; with --receive, the endpoint's.")
@click.option("--count", type=click.IntRange(1), help="Stop after this number of webhooks.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per delivery: headers and body.")
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
    """Print webhooks and verify their signatures.

    By default, this follows the event log with your key and builds the webhooks locally, with the same body, id
    and signed headers as the service. It needs no endpoint and works behind a router. --forward sends each
    webhook to the consumer that you develop.

    With --receive, it listens on a local port for real deliveries, which the service must be able to reach: on
    the same machine or through a tunnel.
    """
    given_key = _read_key(key)
    if receive is not None:
        if types or where or full or after or forward:
            raise click.UsageError("--receive can only be combined with --secret or --endpoint")
        _receive(receive, _secret_of(at, given_key, endpoint, secret), count, as_json)
        return
    if given_key is None:
        raise click.UsageError("give a --key with access to the event log")
    if endpoint is not None and (types or where or full or secret):
        raise click.UsageError("--endpoint cannot be combined with --type, --where, --full or --secret")
    subscription = (
        _endpoint_subscription(at, given_key, endpoint)
        if endpoint
        else _subscription(types, where, full, secret)
    )
    deliveries = _webhooks(at, given_key, after, subscription)
    for number, (headers, body) in enumerate(deliveries, 1):
        _show(headers, body, _verified(subscription.secret, headers, body), as_json)
        if forward is not None:
            _note(_forward(forward, headers, body))
        if number == count:
            return


def _webhooks(
    at: str, key: str, after: str | None, subscription: Subscription
) -> Iterator[tuple[dict[str, str], bytes]]:
    """Headers and body of each webhook."""
    clock = Clock()
    for _, data in follow(at, key, after, _note):
        event = msgspec.json.decode(data, type=Event)
        if not subscription.includes(event):
            continue
        body = thin_body(event)
        if subscription.full and event.type.value in WITH_VERDICT:
            verdict = ask(at, f"/v1/verdicts/{event.data['verdict_id']}", key)
            body = full_body(event, msgspec.json.encode(verdict))
        headers = {"content-type": "application/json"}
        yield headers | signed_headers(event.id, clock.now(), body, [subscription.secret]), body


def _receive(port: int, secret: str, count: int | None, as_json: bool) -> None:
    seen, received = set[str](), 0

    def take(headers: dict[str, str], body: bytes) -> bool:
        nonlocal received
        genuine = _verified(secret, headers, body)
        repeated = genuine and headers["webhook-id"] in seen
        if genuine:
            seen.add(headers["webhook-id"])
        _show(headers, body, genuine, as_json, repeated=repeated)
        received += 1
        return genuine

    with receiver(port, take) as server:
        _note(f"Listening on http://127.0.0.1:{server.server_port}/, Ctrl-C to stop")
        while count is None or received < count:
            server.handle_request()


def _subscription(types: tuple[str, ...], where: str | None, full: bool, secret: str | None) -> Subscription:
    if where is not None:
        try:
            check(where, [kind for kind in EVENT_KINDS if not types or kind.type.value in types])
        except PredicateRefused as refused:
            raise click.UsageError(f"--where is invalid: {refused}") from None
    secret = secret or new_secret(os.urandom)
    _note(f"Signed with {secret}")
    return Subscription(event_types=frozenset(types), predicate=where, full=full, secret=_checked(secret))


def _endpoint_subscription(at: str, key: str, endpoint_id: str) -> Subscription:
    endpoint = msgspec.convert(ask(at, webhook_path(endpoint_id), key), Endpoint)
    if endpoint.status != "active":
        _note(f"The endpoint is {endpoint.status}: the service does not send it these events")
    return Subscription(
        event_types=frozenset(kind.value for kind in endpoint.event_types),
        predicate=endpoint.predicate,
        full=endpoint.payload is Payload.FULL,
        secret=_secret_of(at, key, endpoint_id, None),
    )


def _secret_of(at: str, key: str | None, endpoint: str | None, secret: str | None) -> str:
    if (endpoint is None) == (secret is None):
        raise click.UsageError("give either --endpoint with --key, or --secret")
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
        raise click.UsageError("A secret consists of whsec_ and base64.") from None
    return secret


def _read_key(key: str | None) -> str | None:
    if key is None or not key.startswith("@"):
        return key
    return Path(key[1:]).read_text(encoding="utf-8").strip()


def _verified(secret: str, headers: dict[str, str], body: bytes) -> bool:
    """Verify like a consumer; the library raises ValueError for a malformed header."""
    try:
        Webhook(secret).verify(body, headers)
    except (WebhookVerificationError, ValueError):
        return False
    return True


def _forward(url: str, headers: dict[str, str], body: bytes) -> str:
    if not url.startswith(("http://", "https://")):
        raise Failure(f"{url} is not an HTTP URL.")
    request = urllib.request.Request(url, data=body, headers=headers, method="POST")  # noqa: S310  # http or https, see above
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a consumer on this machine
    started = time.monotonic()
    try:
        with opener.open(request, timeout=_FORWARD_S) as response:
            code = str(response.status)
    except urllib.error.HTTPError as error:
        code = f"{error.code} (failure)"
    except OSError as error:
        code = f"an error ({error})"
    return f"    {url} returned {code} after {round((time.monotonic() - started) * 1000)} ms"


def _show(
    headers: dict[str, str], body: bytes, genuine: bool, as_json: bool, *, repeated: bool = False
) -> None:
    if as_json:
        shown = {name: value for name, value in headers.items() if name in _SHOWN}
        line = {"genuine": genuine, "headers": shown, "body": body.decode("utf-8", "replace")}
        click.echo(msgspec.json.encode(line))
        return
    marks = ["genuine" if genuine else "NOT GENUINE", *(["repeated"] if repeated else [])]
    try:
        event = msgspec.json.decode(body, type=Event)
    except msgspec.DecodeError:
        click.echo(f"{headers.get('webhook-id', '-')}  {len(body)} bytes, not an event  {', '.join(marks)}")
        return
    age = Clock().now() - event.timestamp
    age_text = f"{max(age / timedelta(seconds=1), 0):.1f} s old"
    click.echo(
        f"{event.sequence or '-':>8}  {event.type}  {event.id}  {len(body)} bytes  {age_text}  {', '.join(marks)}"
    )
    click.echo(f"          {msgspec.json.encode(event.data).decode()}")


def _note(text: str) -> None:
    click.echo(text, err=True)
