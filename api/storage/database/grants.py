"""Roles and rights in the database.

The owner migrates. The group `unspun_app` reads and writes rows, but cannot create tables or change append-only
ones. The group `unspun_readonly` reads everything, for backups and reports. Users are members of a group.

`unspun migrate` grants these rights on all tables in one transaction. Default privileges do not work for
PgQueuer's tables, which it creates itself. A test plans every statement as `unspun_app`.
"""

from urllib.parse import unquote, urlsplit

import asyncpg
from msgspec import Struct

from api.storage.database.migrate import MigrationFailed
from api.storage.database.pool import Connection
from api.storage.database.scram import scram_verifier

# Serialises changes of rights in this database.
LOCK_RIGHTS = """
SELECT pg_advisory_xact_lock(hashtext('unspun rights'))
"""

# Roles are shared by all databases, so a concurrent migration may create one in between.
CREATE_GROUPS = """
DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['unspun_app', 'unspun_readonly'] LOOP
        IF to_regrole(name) IS NULL THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
            END;
        END IF;
    END LOOP;
END $$
"""

# Repeated after every migration for new tables; in one transaction, so that no revoked right is ever visible.
GRANT_RIGHTS = """
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public, queue TO unspun_app, unspun_readonly;
GRANT SELECT ON ALL TABLES IN SCHEMA public, queue TO unspun_app, unspun_readonly;
GRANT SELECT ON ALL SEQUENCES IN SCHEMA public, queue TO unspun_app, unspun_readonly;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public, queue TO unspun_app;
GRANT INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public, queue TO unspun_app;
REVOKE UPDATE, DELETE ON audit_log, verdicts FROM unspun_app;
REVOKE UPDATE ON events FROM unspun_app;
REVOKE INSERT, UPDATE, DELETE ON schema_migrations FROM unspun_app;
"""

# Whether the role exists, and whether we may set its password: it is a member of the group and no superuser.
SELECT_ROLE = """
SELECT NOT r.rolsuper AND EXISTS (
    SELECT FROM pg_auth_members m WHERE m.member = r.oid AND m.roleid = to_regrole('unspun_app')
) AS ours
FROM pg_roles r WHERE r.rolname = $1
"""

# Creates or updates a user; the server quotes names and values. The limits apply to sessions without their own,
# as with a pooler: without them a slow query hangs.
FORMAT_LOGIN = """
SELECT format(
    CASE WHEN $3::boolean THEN 'ALTER' ELSE 'CREATE' END || ' ROLE %1$I LOGIN PASSWORD %2$L;
    GRANT unspun_app TO %1$I;
    ALTER ROLE %1$I SET statement_timeout = ''60s'';
    ALTER ROLE %1$I SET lock_timeout = ''1s'';
    ALTER ROLE %1$I SET idle_in_transaction_session_timeout = ''10s'';
    ALTER ROLE %1$I SET plan_cache_mode = ''force_custom_plan'';
    ALTER ROLE %1$I SET random_page_cost = ''1.1'';
    ALTER ROLE %1$I SET max_parallel_workers_per_gather = ''0''',
    $1::text, $2::text
)
"""

# Makes an existing user a member.
FORMAT_MEMBERSHIP = """
SELECT format('GRANT unspun_app TO %I', $1::text)
"""

# The current user, whether it can change tables, and the connection limit.
SELECT_OWN_RIGHTS = """
SELECT r.rolname AS name,
       r.rolsuper OR pg_has_role(t.relowner, 'MEMBER') AS mighty,
       current_setting('max_connections')::int AS max_connections
FROM pg_roles r, pg_class t
WHERE r.rolname = current_user AND t.oid = to_regclass('stories')
"""

_NO_ROLE_RIGHTS = (
    "The tables' owner cannot create roles. Ask the server's administrator to create the groups unspun_app "
    "and unspun_readonly (CREATE ROLE ... NOLOGIN), and UNSPUN_DATABASE_URL's user as a member of unspun_app."
)
_LOGIN_ERRORS = (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)


async def set_rights(owner_url: str, app_url: str | None) -> None:
    """Grant both groups their rights, and make the user of `app_url` a member; idempotent.

    If the owner cannot create the missing groups, this does nothing without `app_url` and raises
    MigrationFailed with it.
    """
    connection = await asyncpg.connect(owner_url, timeout=10)
    try:
        async with connection.transaction():
            await connection.execute(LOCK_RIGHTS)
            try:
                async with connection.transaction():
                    await connection.execute(CREATE_GROUPS)
            except asyncpg.InsufficientPrivilegeError as refused:
                if app_url is None or _user(app_url) == _user(owner_url):
                    return
                raise MigrationFailed(_NO_ROLE_RIGHTS) from refused
            await connection.execute(GRANT_RIGHTS)
            if app_url is not None and _user(app_url) != _user(owner_url):
                await _add_user(connection, app_url)
    finally:
        await connection.close()


class OwnRights(Struct, kw_only=True, frozen=True):
    """`mighty`: the user can change tables."""

    user: str
    mighty: bool
    max_connections: int


async def read_own_rights(connection: Connection) -> OwnRights:
    """The rights of the connection's user in a migrated database."""
    row = await connection.fetchrow(SELECT_OWN_RIGHTS)
    assert row is not None
    return OwnRights(user=row["name"], mighty=row["mighty"], max_connections=row["max_connections"])


async def _add_user(connection: asyncpg.Connection, app_url: str) -> None:
    parts, user = urlsplit(app_url), _user(app_url)
    if not user or parts.password is None:
        raise MigrationFailed("UNSPUN_DATABASE_URL must contain its own user and password.")
    password_is_ours: bool | None = await connection.fetchval(SELECT_ROLE, user)
    knows_password = await _can_log_in(app_url)
    if knows_password and password_is_ours:
        return
    if password_is_ours is False and not knows_password:
        raise MigrationFailed(
            f"The role {user} of UNSPUN_DATABASE_URL exists with another password and is not a member of "
            "unspun_app. Correct the password, or grant it unspun_app."
        )
    if knows_password:
        statement = await connection.fetchval(FORMAT_MEMBERSHIP, user)
    else:
        try:
            verifier = scram_verifier(unquote(parts.password))
        except ValueError as error:
            raise MigrationFailed(f"UNSPUN_DATABASE_URL: {error}.") from error
        statement = await connection.fetchval(FORMAT_LOGIN, user, verifier, password_is_ours is not None)
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError as refused:
        raise MigrationFailed(_NO_ROLE_RIGHTS) from refused


async def _can_log_in(url: str) -> bool:
    """Whether the server accepts this URL's user. Raises if it is unreachable."""
    try:
        await (await asyncpg.connect(url, timeout=10)).close()
    except _LOGIN_ERRORS:
        return False
    return True


def _user(url: str) -> str:
    return unquote(urlsplit(url).username or "")
