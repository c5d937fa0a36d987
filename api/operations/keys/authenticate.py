"""Who calls: from the key in a request to its holder."""

from api.errors import Forbidden, Unauthorized, Unavailable
from api.operations.keys.bootstrap_key import ensure_admin_key
from api.operations.keys.key_format import is_well_formed, key_digest
from api.runtime.runtime import Runtime
from api.storage.keys.keys import KeyHolder, find_holder, touch_key

KEPT_S = 5.0  # a revoked key works no longer than this, as the guide promises
_AWAY_S = (
    1.0  # after a look-up found no database, the next are not tried: public reads must not wait for one each
)
LATELY_S = 600.0  # so long a key that was valid is not taken for a guess
_MAX_KEPT = 10_000  # some megabytes; past it all are forgotten and looked up anew
_MAX_LENGTH = 200  # our keys have 57 characters, configured ones may have more


class Authenticator:
    """One a process; remembers holders for `KEPT_S`, never a refusal."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._kept: dict[bytes, tuple[float, KeyHolder]] = {}
        self._away_until = 0.0
        configured = runtime.settings.bootstrap_admin_key
        self._configured_digest = key_digest(configured.reveal()) if configured else None

    async def authenticate(self, key: str | None, scope: str | None) -> KeyHolder:
        """The holder of a key that has `scope`, or may do everything; None asks for a valid key alone.

        Raises Unauthorized for no key and for one that is unknown, expired or revoked; Forbidden for one without
        the scope; Unavailable when the key must be looked up and PostgreSQL is away.
        """
        if key is None:
            raise no_key()
        if not 0 < len(key) <= _MAX_LENGTH:
            raise _unauthorized("The key is not known.")
        holder = await self._holder(key)
        check_scope(holder, scope)
        return holder

    def knew_lately(self, key: str) -> bool:
        """Whether the key was valid in the last minutes, to this process's knowledge; it may be revoked since."""
        kept = self._kept.get(key_digest(key)) if len(key) <= _MAX_LENGTH else None
        return kept is not None and kept[0] > self._runtime.clock.monotonic() - LATELY_S

    async def _holder(self, key: str) -> KeyHolder:
        digest, clock = key_digest(key), self._runtime.clock
        # before the look-up: a revocation that this one does not see yet is at most KEPT_S older in the end
        now = clock.monotonic()
        kept = self._kept.get(digest)
        if kept is not None and kept[0] > now:
            holder = kept[1]
            if holder.expires_at is None or holder.expires_at > clock.now():
                return holder
        # a key of another form can only be the configured one: whatever else is sent costs no query
        if digest != self._configured_digest and not is_well_formed(key):
            raise _unauthorized("The key is not of the form of our keys.")
        if now < self._away_until:
            raise Unavailable("Keys cannot be looked up at the moment.", retry_after=5)
        try:
            found = await self._runtime.single_flight.run(("key", digest), lambda: self._find(key, digest))
        except Unavailable:
            self._away_until = clock.monotonic() + _AWAY_S
            raise
        if found is None:
            self._kept.pop(digest, None)
            raise _unauthorized("The key is not known, has expired or was revoked.")
        if len(self._kept) >= _MAX_KEPT:
            self._kept.clear()
        self._kept[digest] = (now + KEPT_S, found)
        return found

    async def _find(self, key: str, digest: bytes) -> KeyHolder | None:
        clock = self._runtime.clock
        async with self._runtime.pool.connection() as connection:
            holder = await find_holder(connection, digest, clock.now())
            if holder is None and digest == self._configured_digest:
                # the database may have been away, or empty, when this process started
                async with connection.transaction():
                    await ensure_admin_key(connection, clock, key)
                holder = await find_holder(connection, digest, clock.now())
            if holder is not None:
                await touch_key(connection, holder.key_id, clock.now())
            return holder


def check_scope(holder: KeyHolder, scope: str | None) -> None:
    """Raises Forbidden where the key lacks the scope and may not do everything."""
    if scope is not None and scope not in holder.scopes and not holder.is_admin:
        raise Forbidden(
            f"The key lacks the scope {scope}.",
            headers={"WWW-Authenticate": f'Bearer realm="api", error="insufficient_scope", scope="{scope}"'},
        )


def no_key() -> Unauthorized:
    """What a call hears that needs a key and came without one."""
    return _unauthorized("Send a key: Authorization: Bearer unspun_live_...")


def _unauthorized(detail: str) -> Unauthorized:
    return Unauthorized(detail, headers={"WWW-Authenticate": 'Bearer realm="api", error="invalid_token"'})
