"""Who may do what in the database.

The owner migrates. `unspun_app` reads and writes rows: it makes no tables, and what is append-only it cannot
change. `unspun_readonly` reads everything, for back-ups and reports. Both are groups; who logs in is a member.

Every `unspun migrate` ends by granting both groups their rights on all tables and revoking changes of the
append-only ones, in one transaction. Default privileges were the alternative: they follow the role that makes a
table, and PgQueuer's tables are made by its own statements. A test plans every statement of the service as
`unspun_app`, so that a missing right is found before its first use.
"""

from urllib.parse import unquote, urlsplit

import asyncpg
from msgspec import Struct

from api.storage.database.migrate import MigrationFailed
from api.storage.database.pool import Connection
from api.storage.database.scram import scram_verifier

# One at a time in this database.
LOCK_RIGHTS = """
SELECT pg_advisory_xact_lock(hashtext('unspun rights'))
"""

# Roles belong to the server, so another database's migration may be quicker between the look and the making.
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

# Said anew after every migration, so that new tables have them too; one transaction, so that nothing that is
# taken away again was ever given.
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

# Whether the role exists, and whether its password is ours to set: a member of the group, and nobody mightier.
SELECT_ROLE = """
SELECT NOT r.rolsuper AND EXISTS (
    SELECT FROM pg_auth_members m WHERE m.member = r.oid AND m.roleid = to_regrole('unspun_app')
) AS ours
FROM pg_roles r WHERE r.rolname = $1
"""

# The statements that let a user in; names and values quoted by the server. The limits are for sessions that
# bring none of their own, as through a pooler: without them a slow query hangs.
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

# The statement that makes an existing user a member.
FORMAT_MEMBERSHIP = """
SELECT format('GRANT unspun_app TO %I', $1::text)
"""

# Who we are, whether we may change tables, and how many may come.
SELECT_OWN_RIGHTS = """
SELECT r.rolname AS name,
       r.rolsuper OR pg_has_role(t.relowner, 'MEMBER') AS mighty,
       current_setting('max_connections')::int AS max_connections
FROM pg_roles r, pg_class t
WHERE r.rolname = current_user AND t.oid = to_regclass('stories')
"""

_MAY_NOT = (
    "The owner of the tables may not make roles. Have an administrator of the server make the groups unspun_app "
    "and unspun_readonly (CREATE ROLE ... NOLOGIN) and the user of UNSPUN_DATABASE_URL as a member of the first."
)
_NOT_LET_IN = (asyncpg.InvalidPasswordError, asyncpg.InvalidAuthorizationSpecificationError)


async def set_rights(owner_url: str, app_url: str | None) -> None:
    """Give both groups their rights, and let the user of `app_url` in as a member; safe to run twice.

    Where the owner may not make roles and none are there, nothing is done, unless a user is to be let in: then
    MigrationFailed is raised.
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
                raise MigrationFailed(_MAY_NOT) from refused
            await connection.execute(GRANT_RIGHTS)
            if app_url is not None and _user(app_url) != _user(owner_url):
                await _let_in(connection, app_url)
    finally:
        await connection.close()


class OwnRights(Struct, kw_only=True, frozen=True):
    """`mighty`: may change tables."""

    user: str
    mighty: bool
    max_connections: int


async def read_own_rights(connection: Connection) -> OwnRights:
    """Of the user of this connection, in a migrated database."""
    row = await connection.fetchrow(SELECT_OWN_RIGHTS)
    assert row is not None
    return OwnRights(user=row["name"], mighty=row["mighty"], max_connections=row["max_connections"])


async def _let_in(connection: asyncpg.Connection, app_url: str) -> None:
    parts, user = urlsplit(app_url), _user(app_url)
    if not user or parts.password is None:
        raise MigrationFailed("UNSPUN_DATABASE_URL must name a user and its password beside the owner's URL.")
    ours: bool | None = await connection.fetchval(SELECT_ROLE, user)
    knows_password = await _enters(app_url)
    if knows_password and ours:
        return
    if ours is False and not knows_password:
        raise MigrationFailed(
            f"The role {user} of UNSPUN_DATABASE_URL exists with another password, and is not a member of "
            "unspun_app; its password is not ours to change."
        )
    if knows_password:
        statement = await connection.fetchval(FORMAT_MEMBERSHIP, user)
    else:
        try:
            verifier = scram_verifier(unquote(parts.password))
        except ValueError as error:
            raise MigrationFailed(f"UNSPUN_DATABASE_URL: {error}.") from error
        statement = await connection.fetchval(FORMAT_LOGIN, user, verifier, ours is not None)
    try:
        await connection.execute(statement)
    except asyncpg.InsufficientPrivilegeError as refused:
        raise MigrationFailed(_MAY_NOT) from refused


async def _enters(url: str) -> bool:
    """Whether the server lets in who comes with this URL. An unreachable server is no answer: raises."""
    try:
        await (await asyncpg.connect(url, timeout=10)).close()
    except _NOT_LET_IN:
        return False
    return True


def _user(url: str) -> str:
    return unquote(urlsplit(url).username or "")
