"""Makes a webhook endpoint: stored with its sealed secret, and pinged before anything else is sent to it."""

import os

from msgspec.structs import asdict

from api.errors import Conflict
from api.fetching.policy import FetchPolicy
from api.operations.webhooks.check_endpoint import check_headers, check_predicate, checked_url
from api.operations.webhooks.send_message import send_ping
from api.runtime.key_ring import key_ring
from api.runtime.runtime import Runtime
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Origin, append_audit
from api.storage.webhooks.webhooks import (
    count_endpoints,
    insert_endpoint,
    replace_headers,
    replace_secret,
)
from api.webhooks.encryption import new_secret, seal_headers
from schemas.webhooks import Endpoint, EndpointCreation, EndpointStatus, NewEndpoint


async def create_endpoint(
    connection: Connection,
    runtime: Runtime,
    policy: FetchPolicy,
    creation: EndpointCreation,
    *,
    account_id: str,
    origin: Origin,
) -> NewEndpoint:
    """The new endpoint with its secret, inside the caller's transaction.

    Raises what `check_endpoint` raises; Unavailable without a key ring; Conflict for one too many.
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
