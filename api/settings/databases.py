"""The URLs of PostgreSQL: for requests and jobs, for the tables' owner, and one that bypasses a pooler."""

from dataclasses import dataclass
from typing import Annotated

from api.settings.values import PREFIX, About, Secret, SettingsError


@dataclass(frozen=True, kw_only=True)
class Databases:
    """The first fields of `Settings`, and the choice between them."""

    database_url: Annotated[
        Secret | None,
        About(
            "PostgreSQL, tested with version 18. If empty, `unspun serve` and `unspun demo` start their own "
            "server.",
            schemes=("postgresql", "postgres"),
            example="postgresql://unspun:password@db.internal:5432/unspun",
        ),
    ] = None
    owner_database_url: Annotated[
        Secret | None,
        About(
            "The same database as the owner of its tables. Used only by `unspun migrate`, which grants the user "
            "of database_url the rights to read and write rows. If empty, database_url must be the owner's.",
            schemes=("postgresql", "postgres"),
            danger="Do not give it to API and worker processes.",
            example="postgresql://unspun_owner:password@db.internal:5432/unspun",
        ),
    ] = None
    direct_database_url: Annotated[
        Secret | None,
        About(
            "The same database without the pooler, for LISTEN. Set it if database_url connects through "
            "PgBouncer in transaction mode.",
            schemes=("postgresql", "postgres"),
            example="postgresql://unspun:password@db.internal:5432/unspun",
        ),
    ] = None

    def database(self) -> str:
        """The URL of PostgreSQL. Raises SettingsError if it is not set."""
        if self.database_url is None:
            raise SettingsError(
                f"{PREFIX}DATABASE_URL is not set: give the URL of a PostgreSQL database, "
                "or use `unspun serve`, which starts its own"
            )
        return self.database_url.reveal()

    def owner_database(self) -> str:
        """The URL that may change tables. Raises SettingsError if none is set."""
        return self.owner_database_url.reveal() if self.owner_database_url else self.database()

    def app_database(self) -> str | None:
        """The URL of the user that needs rights from the owner; None without owner_database_url."""
        return self.direct_database() if self.owner_database_url else None

    def direct_database(self) -> str:
        """The URL for features that need a session. Raises SettingsError if none is set."""
        return self.direct_database_url.reveal() if self.direct_database_url else self.database()
