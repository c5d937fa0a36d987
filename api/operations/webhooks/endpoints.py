"""Creates, validates, changes and deletes webhook endpoints."""

import os
import re
from collections.abc import Container, Mapping, Sequence
from datetime import timedelta
from typing import Final

from msgspec import UNSET
from msgspec.structs import asdict, replace

from api.errors import Conflict, InvalidRequest, NotFound, PreconditionFailed, placed
from api.fetching.policy import FetchPolicy
from api.operations.webhooks.send_message import send_ping
from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Origin, append_audit
from api.storage.webhooks.deliveries import cancel_deliveries, cancel_logged, cancel_pings, hold_waiting
from api.storage.webhooks.fan_outs import brought_through, note_missed
from api.storage.webhooks.webhooks import (
    StoredEndpoint,
    count_endpoints,
    delete_endpoint,
    get_headers,
    insert_endpoint,
    list_secrets,
    lock_endpoint,
    replace_headers,
    replace_secret,
    update_endpoint,
)
from api.web.urls import parse_target
from api.webhooks.encryption import new_secret, open_headers, seal_headers
from api.webhooks.predicates import PredicateRefused, check
from schemas.event_types import EVENT_KINDS
from schemas.events import EventType
from schemas.problems import FieldError
from schemas.webhooks import (
    DeletedEndpoint,
    DisabledReason,
    Endpoint,
    EndpointChange,
    EndpointCreation,
    EndpointSecret,
    EndpointStatus,
    NewEndpoint,
    SecretRotation,
)


async def create_endpoint(
    connection: Connection,
    runtime: Runtime,
    policy: FetchPolicy,
    creation: EndpointCreation,
    *,
    account_id: str,
    origin: Origin,
) -> NewEndpoint:
    """The new endpoint with its secret, in the caller's transaction. It is pinged first.

    Raises what the checks below raise; Unavailable without a key ring; Conflict at the account's limit.
    """
    url, ring = checked_url(policy, creation.url), key_ring(runtime.settings)
    check_predicate(creation.predicate, creation.event_types)
    header_names = check_headers(creation.headers)
    most = runtime.settings.max_endpoints
    if await count_endpoints(connection, account_id) >= most:
        raise Conflict(f"The account has {most} webhook endpoints, the most it may have.")
    now = runtime.clock.now()
    endpoint = Endpoint(
        id=runtime.clock.new_id("whe"),
        account_id=account_id,
        url=url,
        description=creation.description,
        event_types=sorted(set(creation.event_types)),
        predicate=creation.predicate,
        payload=creation.payload,
        rate_limit=creation.rate_limit,
        header_names=header_names,
        status=EndpointStatus.PENDING,
        disabled_reason=None,
        failing_since=None,
        lost_through=None,
        created_at=now,
        updated_at=now,
    )
    secret = new_secret(os.urandom)
    await insert_endpoint(connection, endpoint)
    await replace_headers(connection, endpoint.id, seal_headers(ring, creation.headers, endpoint.id))
    await replace_secret(connection, endpoint.id, ring.seal(secret, endpoint.id), at=now, old_ends_at=now)
    await send_ping(connection, runtime.clock, endpoint)
    await append_audit(
        connection, origin, "endpoint.created", endpoint.id, before=None, after=endpoint, at=now
    )
    return NewEndpoint(**asdict(endpoint), secret=secret)


NO_ENDPOINT = "There is no such webhook endpoint."
MAX_OLD_SECRETS = 10  # every valid secret signs each delivery; Svix has the same limit


async def lock_account_endpoint(
    connection: Connection, endpoint_id: str, account_id: str, versions: Container[int] | None = None
) -> StoredEndpoint:
    """The endpoint, locked until the transaction ends.

    Raises NotFound, also for another account's endpoint; PreconditionFailed if its version is not in
    `versions`.
    """
    found = await lock_endpoint(connection, endpoint_id, account_id)
    if found is None:
        raise NotFound(NO_ENDPOINT)
    if versions is not None and found.row_version not in versions:
        raise PreconditionFailed("The endpoint has changed since it was read. Read it again.")
    return found


async def change_endpoint(
    connection: Connection,
    runtime: Runtime,
    policy: FetchPolicy,
    stored: StoredEndpoint,
    change: EndpointChange,
    origin: Origin,
) -> StoredEndpoint:
    """Change properties. After a new URL the endpoint gets nothing until it answers a ping.

    If all values are the present ones, nothing happens. Raises what `checked_url`, `check_predicate` and
    `check_headers` raise.
    """
    given = {name: value for name, value in asdict(change).items() if value is not UNSET}
    if "url" in given:
        given["url"] = checked_url(policy, given["url"])
    if "event_types" in given:
        given["event_types"] = sorted(set(given["event_types"]))
    headers = given.pop("headers", None)
    if headers is not None:
        given["header_names"] = check_headers(headers)
        if await _sends(connection, runtime, stored.endpoint.id, headers):
            headers = None
    changed = replace(stored.endpoint, **given)
    if headers is None and changed == stored.endpoint:
        return stored
    selection = (changed.predicate, changed.event_types)
    if selection != (stored.endpoint.predicate, stored.endpoint.event_types):  # older ones stay as they are
        check_predicate(*selection)
    if headers is not None:
        sealed = seal_headers(key_ring(runtime.settings), headers, changed.id)
        await replace_headers(connection, changed.id, sealed)
    if changed.url != stored.endpoint.url and changed.status is EndpointStatus.ACTIVE:
        changed = replace(changed, status=EndpointStatus.PENDING)
        # deliveries cancelled here, and events until the new URL answers, are recovered from the log
        after = await brought_through(connection)
        first = await cancel_logged(connection, changed.id, runtime.clock.now())
        await note_missed(connection, [changed.id], after if first is None else min(first - 1, after))
    return await _store(connection, runtime, stored, changed, "endpoint.changed", origin)


async def _sends(
    connection: Connection, runtime: Runtime, endpoint_id: str, headers: Mapping[str, str]
) -> bool:
    """Whether these are the endpoint's present headers. Returns False if no key of the ring decrypts those."""
    sealed = await get_headers(connection, endpoint_id)
    try:
        return open_headers(key_ring(runtime.settings), sealed, endpoint_id) == headers
    except ValueError:
        return False


async def enable_endpoint(
    connection: Connection, runtime: Runtime, stored: StoredEndpoint, origin: Origin
) -> StoredEndpoint:
    """Ping the endpoint; it becomes active once it answers. An active one stays as it is."""
    if stored.endpoint.status is EndpointStatus.ACTIVE:
        return stored
    changed = replace(stored.endpoint, status=EndpointStatus.PENDING, disabled_reason=None)
    return await _store(connection, runtime, stored, changed, "endpoint.enabled", origin)


async def disable_endpoint(
    connection: Connection, runtime: Runtime, stored: StoredEndpoint, origin: Origin
) -> StoredEndpoint:
    """Cancel waiting deliveries and send nothing more. A disabled endpoint stays as it is."""
    if stored.endpoint.status is EndpointStatus.DISABLED:
        return stored
    changed = replace(
        stored.endpoint, status=EndpointStatus.DISABLED, disabled_reason=DisabledReason.BY_OWNER
    )
    await cancel_deliveries(connection, changed.id, runtime.clock.now())
    return await _store(connection, runtime, stored, changed, "endpoint.disabled", origin)


async def remove_endpoint(
    connection: Connection, runtime: Runtime, stored: StoredEndpoint, origin: Origin
) -> DeletedEndpoint:
    """Delete the endpoint with its deliveries."""
    endpoint = stored.endpoint
    await hold_waiting(connection, endpoint.id)
    await delete_endpoint(connection, endpoint.id)
    now = runtime.clock.now()
    await append_audit(
        connection, origin, "endpoint.deleted", endpoint.id, before=endpoint, after=None, at=now
    )
    return DeletedEndpoint(id=endpoint.id)


async def rotate_secret(
    connection: Connection, runtime: Runtime, stored: StoredEndpoint, rotation: SecretRotation, origin: Origin
) -> EndpointSecret:
    """A new secret; the old one also signs during the overlap.

    Raises Conflict if too many old ones still do.
    """
    ring, now, endpoint = key_ring(runtime.settings), runtime.clock.now(), stored.endpoint
    old = await list_secrets(connection, [endpoint.id], now)
    if len(old) > MAX_OLD_SECRETS:
        raise Conflict(f"{MAX_OLD_SECRETS} older secrets still sign. Wait until one of them expires.")
    secret = new_secret(os.urandom)
    ends = now + timedelta(seconds=rotation.overlap_s)
    await replace_secret(connection, endpoint.id, ring.seal(secret, endpoint.id), at=now, old_ends_at=ends)
    await append_audit(
        connection, origin, "endpoint.secret_rotated", endpoint.id, before=endpoint, after=endpoint, at=now
    )
    signs_too = len(old) if rotation.overlap_s else len(old) - 1
    return EndpointSecret(endpoint_id=endpoint.id, secret=secret, created_at=now, signs_too=signs_too)


async def _store(
    connection: Connection,
    runtime: Runtime,
    stored: StoredEndpoint,
    changed: Endpoint,
    action: str,
    origin: Origin,
) -> StoredEndpoint:
    now = runtime.clock.now()
    changed = replace(changed, failing_since=None, updated_at=now)
    await update_endpoint(connection, changed)
    if changed.status is EndpointStatus.PENDING:
        await cancel_pings(connection, changed.id, now)  # one ping is enough for several changes
        await send_ping(connection, runtime.clock, changed)
    await append_audit(connection, origin, action, changed.id, before=stored.endpoint, after=changed, at=now)
    return StoredEndpoint(endpoint=changed, row_version=stored.row_version + 1)


# Headers that gateways require; none that states where a request came from or goes to.
_HEADER: Final = re.compile(
    r"authorization|cf-access-[a-z0-9-]+|x-(?!forwarded|real-|original-|rewrite-|http-method)[a-z0-9-]+",
    re.IGNORECASE,
)
_MAX_NAME: Final = 64
_VALUE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")  # visible ASCII without white space at the ends


def checked_url(policy: FetchPolicy, url: str) -> str:
    """The normalized URL, checked by the policy for deliveries, without a DNS look-up.

    Raises InvalidRequest and UrlNotAllowed.
    """
    if "#" in url:
        raise _refusal("url", "malformed", "The URL of an endpoint must not have a fragment.")
    with placed(pointer="#/url"):
        target = parse_target(url)
        policy.refuse(target)
    return target.url


def check_predicate(predicate: str | None, event_types: Sequence[EventType]) -> None:
    """Raises InvalidRequest if the predicate is not CEL, or can be true of no event of these types."""
    if predicate is None:
        return
    wanted = event_types or [kind.type for kind in EVENT_KINDS]
    try:
        check(predicate, [kind for kind in EVENT_KINDS if kind.type in wanted])
    except PredicateRefused as refused:
        raise _refusal("predicate", "not_a_predicate", f"The predicate cannot be used: {refused}") from None


def check_headers(headers: Mapping[str, str]) -> list[str]:
    """The names in order. Raises InvalidRequest for a header that is not allowed, or repeated."""
    if len({name.lower() for name in headers}) < len(headers):
        raise _refusal("headers", "repeated", "A header is repeated; names are compared without case.")
    for name, value in headers.items():
        if len(name) > _MAX_NAME or not _HEADER.fullmatch(name):
            detail = (
                f"{name!r} may not be sent: only Authorization, CF-Access-*, and X-* that proxies do not set."
            )
            raise _refusal("headers", "not_allowed", detail)
        if not _VALUE.fullmatch(value):
            detail = f"The value of {name} must be visible ASCII without white space at its ends."
            raise _refusal("headers", "malformed", detail)
    return sorted(headers, key=str.lower)


def _refusal(name: str, code: str, detail: str) -> InvalidRequest:
    error = FieldError(pointer=f"#/{name}", parameter=None, code=code, detail=detail)
    return InvalidRequest(f"#/{name}: {detail}", errors=[error])
