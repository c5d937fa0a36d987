"""Changes of a webhook endpoint by its owner: its properties, whether it gets anything, its secret, its end."""

import os
from collections.abc import Container
from datetime import timedelta

from msgspec import UNSET
from msgspec.structs import asdict, replace

from api.errors import Conflict, NotFound, PreconditionFailed
from api.fetching.policy import FetchPolicy
from api.operations.webhooks.check_endpoint import check_headers, check_predicate, checked_url
from api.operations.webhooks.send_message import send_ping
from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Origin, append_audit
from api.storage.webhooks.deliveries import cancel_deliveries, cancel_logged, cancel_pings, hold_waiting
from api.storage.webhooks.fan_outs import brought_through, note_missed
from api.storage.webhooks.webhooks import (
    StoredEndpoint,
    delete_endpoint,
    list_secrets,
    lock_endpoint,
    replace_headers,
    replace_secret,
    update_endpoint,
)
from api.webhooks.encryption import new_secret, seal_headers
from schemas.webhooks import (
    DeletedEndpoint,
    DisabledReason,
    Endpoint,
    EndpointChange,
    EndpointSecret,
    EndpointStatus,
    SecretRotation,
)

NO_ENDPOINT = "There is no such webhook endpoint."
MAX_OLD_SECRETS = 10  # every live secret signs each delivery; the same bound as Svix's


async def held_endpoint(
    connection: Connection, endpoint_id: str, account_id: str, versions: Container[int] | None = None
) -> StoredEndpoint:
    """The endpoint, locked until the transaction ends.

    Raises NotFound, also for another account's; PreconditionFailed for a state that is not among `versions`.
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
    held: StoredEndpoint,
    change: EndpointChange,
    origin: Origin,
) -> StoredEndpoint:
    """Raises what `check_endpoint` raises.

    With another URL the endpoint is pinged before it is active again, and gets nothing else until then.
    """
    given = {name: value for name, value in asdict(change).items() if value is not UNSET}
    if "url" in given:
        given["url"] = checked_url(policy, given["url"])
    if "event_types" in given:
        given["event_types"] = sorted(set(given["event_types"]))
    headers = given.pop("headers", None)
    if headers is not None:
        given["header_names"] = check_headers(headers)
        sealed = seal_headers(key_ring(runtime.settings), headers, held.endpoint.id)
        await replace_headers(connection, held.endpoint.id, sealed)
    changed = replace(held.endpoint, **given)
    check_predicate(changed.predicate, changed.event_types)
    if changed.url != held.endpoint.url and changed.status is EndpointStatus.ACTIVE:
        changed = replace(changed, status=EndpointStatus.PENDING)
        # what waited for the old address, and what comes until the new one answers, is recovered then
        after = await brought_through(connection)
        first = await cancel_logged(connection, changed.id, runtime.clock.now())
        await note_missed(connection, [changed.id], after if first is None else min(first - 1, after))
    return await _store(connection, runtime, held, changed, "endpoint.changed", origin)


async def enable_endpoint(
    connection: Connection, runtime: Runtime, held: StoredEndpoint, origin: Origin
) -> StoredEndpoint:
    """It is pinged, and active once it has answered; one that is active stays as it is."""
    if held.endpoint.status is EndpointStatus.ACTIVE:
        return held
    changed = replace(held.endpoint, status=EndpointStatus.PENDING, disabled_reason=None)
    return await _store(connection, runtime, held, changed, "endpoint.enabled", origin)


async def disable_endpoint(
    connection: Connection, runtime: Runtime, held: StoredEndpoint, origin: Origin
) -> StoredEndpoint:
    """Nothing more is sent, also of what was waiting; one that is disabled stays as it is."""
    if held.endpoint.status is EndpointStatus.DISABLED:
        return held
    changed = replace(held.endpoint, status=EndpointStatus.DISABLED, disabled_reason=DisabledReason.BY_OWNER)
    await cancel_deliveries(connection, changed.id, runtime.clock.now())
    return await _store(connection, runtime, held, changed, "endpoint.disabled", origin)


async def remove_endpoint(
    connection: Connection, runtime: Runtime, held: StoredEndpoint, origin: Origin
) -> DeletedEndpoint:
    """With all that was to be delivered to it."""
    endpoint = held.endpoint
    await hold_waiting(connection, endpoint.id)
    await delete_endpoint(connection, endpoint.id)
    now = runtime.clock.now()
    await append_audit(
        connection, origin, "endpoint.deleted", endpoint.id, before=endpoint, after=None, at=now
    )
    return DeletedEndpoint(id=endpoint.id)


async def rotate_secret(
    connection: Connection, runtime: Runtime, held: StoredEndpoint, rotation: SecretRotation, origin: Origin
) -> EndpointSecret:
    """A new secret; the old one signs beside it for a while. Raises Conflict while too many do."""
    ring, now, endpoint = key_ring(runtime.settings), runtime.clock.now(), held.endpoint
    old = await list_secrets(connection, [endpoint.id], now)
    if len(old) > MAX_OLD_SECRETS:
        raise Conflict(f"{MAX_OLD_SECRETS} older secrets sign still. Wait until some of them are over.")
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
    held: StoredEndpoint,
    changed: Endpoint,
    action: str,
    origin: Origin,
) -> StoredEndpoint:
    now = runtime.clock.now()
    changed = replace(changed, failing_since=None, updated_at=now)
    await update_endpoint(connection, changed)
    if changed.status is EndpointStatus.PENDING:
        await cancel_pings(connection, changed.id, now)  # one is enough, however often it is changed
        await send_ping(connection, runtime.clock, changed)
    await append_audit(connection, origin, action, changed.id, before=held.endpoint, after=changed, at=now)
    return StoredEndpoint(endpoint=changed, row_version=held.row_version + 1)
