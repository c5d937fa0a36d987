"""API keys: created by an administrator; rotated and revoked by an administrator or the key's account."""

from functools import partial
from typing import Annotated, Final

from litestar.params import FromPath
from msgspec import UNSET, Meta, UnsetType
from msgspec.structs import replace

from api.errors import Conflict, Forbidden, InvalidCursor, NotFound, PreconditionFailed, Unauthorized
from api.operations.keys.change_key import check_key_change, revoke_key, rotate_key
from api.operations.keys.create_key import create_key
from api.routes.http.admission.authentication import ANY_SCOPE, holder_of, origin_of
from api.routes.http.admission.idempotency import once
from api.routes.http.admission.operation import NoParameters, Operation, read, write
from api.routes.http.representation.pagination import page_answer, page_start
from api.routes.http.request.bodies import read_body, read_no_body
from api.routes.http.request.headers import Versions
from api.routes.http.request.query import PageQuery, read_query
from api.routes.http.request.types import HttpRequest
from api.routes.http.response.answers import PRIVATE, Answer, private_answer, private_read, runtime_of
from api.storage.database.pool import Connection
from api.storage.keys import keys
from api.storage.keys.keys import StoredKey
from schemas.ids import AccountId, KeyId
from schemas.keys import Key, KeyCreation, KeyRotation, NewKey, Scope
from schemas.lists import Page

_EXAMPLES: Final = {
    "reader": {"name": "newsroom reader", "scopes": ["stories:read"]},
    "another account": {
        "name": "desk",
        "scopes": ["stories:read", "analyses:write"],
        "account_name": "Brightwater Newsroom",
        "expires_at": "2027-12-31T23:59:59Z",
        "networks": ["192.0.2.0/24", "2001:db8::/32"],
    },
}


class KeyQuery(PageQuery, kw_only=True, frozen=True):
    """Filters of the key list."""

    account_id: (
        Annotated[AccountId, Meta(description="Filter by account. Administrators can see all accounts.")]
        | UnsetType
    ) = UNSET


@write(
    "/keys",
    Operation(
        id="createKey",
        headers=("ETag",),
        tag="keys",
        answer=NewKey,
        body=KeyCreation,
        examples=_EXAMPLES,
        scope=Scope.ADMIN,
        status=201,
        errors=(Unauthorized, Forbidden),
    ),
)
async def post_key(request: HttpRequest) -> Answer:
    """Create a key.

    The `secret` is only in this response and cannot be shown again. If you lose it, revoke the key and create
    another.
    """
    read_query(request, NoParameters)
    creation = await read_body(request, KeyCreation)
    clock, account_id = runtime_of(request).clock, holder_of(request).account_id

    async def create(connection: Connection) -> NewKey:
        return await create_key(connection, clock, creation, account_id=account_id, origin=origin_of(request))

    done = await once(
        request, creation, create, partial(_created_response, request), repeat=partial(_repeated, request)
    )
    return done.answer


@read(
    "/keys",
    Operation(
        id="listKeys",
        tag="keys",
        answer=Page[Key],
        query=KeyQuery,
        scope=ANY_SCOPE,
        errors=(InvalidCursor, Unauthorized, Forbidden),
    ),
)
async def get_keys(request: HttpRequest) -> Answer:
    """List the account's keys, newest first; an administrator sees the keys of all accounts.

    Revoked and expired keys are included.
    """
    query, holder = read_query(request, KeyQuery), holder_of(request)
    below = page_start(request, query, KeyId)
    async with runtime_of(request).pool.connection() as connection:
        found = await keys.list_keys(
            connection,
            seen_by=holder.sees,
            account_id=None if query.account_id is UNSET else query.account_id,
            below_id=below,
            limit=query.limit + 1,
        )
    return page_answer(
        request,
        query,
        found,
        key=lambda key: key.id,
        show=lambda key: key,
        changed_at=lambda key: key.created_at,
        policy=PRIVATE,
    )


@read(
    "/keys/{key:str}",
    Operation(
        id="getKey",
        headers=("ETag",),
        tag="keys",
        answer=Key,
        scope=ANY_SCOPE,
        errors=(Unauthorized, Forbidden, NotFound),
    ),
)
async def get_key(request: HttpRequest, key: FromPath[str]) -> Answer:
    """Get a key of the account; an administrator can get any key.

    Use the ETag of the response in If-Match and If-None-Match. Using the key does not change it: after a 304,
    `last_used_at` may be newer.
    """
    read_query(request, NoParameters)
    async with runtime_of(request).pool.connection() as connection:
        found = await keys.get_key(connection, key, holder_of(request).sees)
    if found is None:
        raise NotFound("There is no such key.")
    return private_read(request, found.key, str(found.row_version))


@write(
    "/keys/{key:str}/rotate",
    Operation(
        id="rotateKey",
        headers=("ETag",),
        tag="keys",
        answer=NewKey,
        body=KeyRotation,
        examples={"a day": {}, "at once": {"overlap_s": 0}},
        scope=ANY_SCOPE,
        status=201,
        matched=True,
        errors=(Unauthorized, Forbidden, NotFound, Conflict, PreconditionFailed),
    ),
)
async def post_rotation(request: HttpRequest, key: FromPath[str]) -> Answer:
    """Replace a key with a new one; the old key keeps working for a while.

    An administrator may rotate any key, other callers only the calling key.
    """
    read_query(request, NoParameters)
    rotation = await read_body(request, KeyRotation)
    runtime, holder = runtime_of(request), holder_of(request)
    versions = Versions(request.scope)
    await check_key_change(runtime.pool, holder, key, expires_at=rotation.expires_at)

    async def rotate(connection: Connection) -> NewKey:
        return await rotate_key(
            connection,
            runtime.clock,
            key,
            rotation,
            seen_by=holder.sees,
            origin=origin_of(request),
            versions=versions,
        )

    done = await once(
        request, rotation, rotate, partial(_created_response, request), repeat=partial(_repeated, request)
    )
    return done.answer


@write(
    "/keys/{key:str}/revoke",
    Operation(
        id="revokeKey",
        headers=("ETag",),
        tag="keys",
        answer=Key,
        scope=ANY_SCOPE,
        matched=True,
        errors=(Unauthorized, Forbidden, NotFound, PreconditionFailed),
    ),
)
async def post_revocation(request: HttpRequest, key: FromPath[str]) -> Answer:
    """Revoke a key permanently. It is refused everywhere within five seconds.

    An administrator may revoke any key, other callers only the calling key.
    """
    read_query(request, NoParameters)
    await read_no_body(request)
    runtime, holder = runtime_of(request), holder_of(request)
    versions = Versions(request.scope)
    await check_key_change(runtime.pool, holder, key)

    async def revoke(connection: Connection) -> StoredKey:
        return await revoke_key(
            connection,
            runtime.clock,
            key,
            seen_by=holder.sees,
            origin=origin_of(request),
            versions=versions,
        )

    return (await once(request, None, revoke, _response)).answer


def _created_response(request: HttpRequest, key: NewKey) -> Answer:
    location = f"{runtime_of(request).base_url}/v1/keys/{key.id}".encode()
    return private_answer(201, key, [(b"location", location), (b"etag", b'"1"')])


def _repeated(request: HttpRequest, key: NewKey) -> Answer:
    """The stored response for repeated requests, without the secret."""
    return _created_response(request, replace(key, secret=None))


def _response(stored: StoredKey) -> Answer:
    return private_answer(200, stored.key, [(b"etag", b'"%d"' % stored.row_version)])


ROUTES = [post_key, get_keys, get_key, post_rotation, post_revocation]
