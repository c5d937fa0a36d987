"""Authenticates a request by its key."""

from api.errors import Forbidden, Unauthorized, Unavailable
from api.operations.keys.bootstrap_key import ensure_admin_key
from api.operations.keys.key_format import is_well_formed, key_digest
from api.runtime.runtime import Runtime
from api.storage.keys.keys import KeyHolder, find_holder, touch_key

KEPT_S = 5.0  # a revoked key works at most this long, as the guide promises
_RETRY_PAUSE_S = (
    1.0  # pause after a failed look-up, so that public reads do not wait for the database one by one
)
RECENTLY_S = 600.0  # how long a key that was valid is not treated as a guess
_MAX_CACHED = 10_000  # entries, some megabytes; beyond it the cache is cleared
_MAX_LENGTH = 200  # ours have 57 characters, configured ones may have more


class Authenticator:
    """One for each process; caches holders for `KEPT_S`, never a refusal."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._cache: dict[bytes, tuple[float, KeyHolder]] = {}
        self._retry_at = 0.0
        configured = runtime.settings.bootstrap_admin_key
        self._configured_digest = key_digest(configured.reveal()) if configured else None

    async def authenticate(self, key: str | None, scope: str | None) -> KeyHolder:
        """The holder of a key with `scope`, or with all scopes; `scope` None accepts any valid key.

        Raises Unauthorized if the key is missing, unknown, expired or revoked; Forbidden without the scope;
        Unavailable if PostgreSQL is down and the key is not cached.
        """
        if key is None:
            raise no_key()
        if not 0 < len(key) <= _MAX_LENGTH:
            raise _unauthorized("The key is unknown.")
        holder = await self._holder(key)
        check_scope(holder, scope)
        return holder

    def was_recently_valid(self, key: str) -> bool:
        """Whether this process found the key valid in the last minutes; it may be revoked since."""
        cached = self._cache.get(key_digest(key)) if len(key) <= _MAX_LENGTH else None
        return cached is not None and cached[0] > self._runtime.clock.monotonic() - RECENTLY_S

    async def _holder(self, key: str) -> KeyHolder:
        digest, clock = key_digest(key), self._runtime.clock
        # taken before the look-up: a revocation during it takes effect within KEPT_S
        now = clock.monotonic()
        cached = self._cache.get(digest)
        if cached is not None and cached[0] > now:
            holder = cached[1]
            if holder.expires_at is None or holder.expires_at > clock.now():
                return holder
        # only the configured key may have another form: other input costs no query
        if digest != self._configured_digest and not is_well_formed(key):
            raise _unauthorized("The key is malformed.")
        if now < self._retry_at:
            raise Unavailable("Keys cannot be looked up at the moment.", retry_after=5)
        try:
            found = await self._runtime.single_flight.run(("key", digest), lambda: self._find(key, digest))
        except Unavailable:
            self._retry_at = clock.monotonic() + _RETRY_PAUSE_S
            raise
        if found is None:
            self._cache.pop(digest, None)
            raise _unauthorized("The key is unknown, expired or revoked.")
        if len(self._cache) >= _MAX_CACHED:
            self._cache.clear()
        self._cache[digest] = (now + KEPT_S, found)
        return found

    async def _find(self, key: str, digest: bytes) -> KeyHolder | None:
        clock = self._runtime.clock
        async with self._runtime.pool.connection() as connection:
            holder = await find_holder(connection, digest, clock.now())
            if holder is None and digest == self._configured_digest:
                # the database may have been down or empty when this process started
                async with connection.transaction():
                    await ensure_admin_key(connection, clock, key)
                holder = await find_holder(connection, digest, clock.now())
            if holder is not None:
                await touch_key(connection, holder.key_id, clock.now())
            return holder


def check_scope(holder: KeyHolder, scope: str | None) -> None:
    """Raises Forbidden if the key lacks the scope and is not an administrator's."""
    if scope is not None and scope not in holder.scopes and not holder.is_admin:
        raise Forbidden(
            f"The key lacks the scope {scope}.",
            headers={"WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'},
        )


def no_key() -> Unauthorized:
    """The error for a call without a key that needs one."""
    # no error code, because no token was sent (RFC 6750 section 3.1)
    challenge = {"WWW-Authenticate": 'Bearer realm="api"'}
    return Unauthorized("Send a key: Authorization: Bearer unspun_live_...", headers=challenge)


def _unauthorized(detail: str) -> Unauthorized:
    return Unauthorized(detail, headers={"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'})
