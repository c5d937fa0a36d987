"""Where PostgreSQL is: for requests and jobs, for its owner, and past a pooler."""

from dataclasses import dataclass
from typing import Annotated

from api.settings.values import PREFIX, About, Secret, SettingsError


@dataclass(frozen=True, kw_only=True)
class Databases:
    """The first fields of `Settings`, and which of them is meant for what."""

    database_url: Annotated[
        Secret | None,
        About(
            "PostgreSQL, tested with version 18. Without it `unspun serve` and `unspun demo` start their own.",
            schemes=("postgresql", "postgres"),
            example="postgresql://unspun:password@db.internal:5432/unspun",
        ),
    ] = None
    owner_database_url: Annotated[
        Secret | None,
        About(
            "The same database as the owner of its tables, for `unspun migrate` alone, which gives the user of "
            "database_url the rights to read and write rows and no more. Without it database_url is the owner's.",
            schemes=("postgresql", "postgres"),
            danger="API and workers need not know it.",
            example="postgresql://unspun_owner:password@db.internal:5432/unspun",
        ),
    ] = None
    direct_database_url: Annotated[
        Secret | None,
        About(
            "The same database past a pooler: set it where database_url leads through PgBouncer in transaction "
            "mode. Used for what needs a session of its own: the queue's LISTEN.",
            schemes=("postgresql", "postgres"),
            example="postgresql://unspun:password@db.internal:5432/unspun",
        ),
    ] = None

    def database(self) -> str:
        """The URL of PostgreSQL. Raises SettingsError when none is set."""
        if self.database_url is None:
            raise SettingsError(
                f"{PREFIX}DATABASE_URL is not set: give the URL of a PostgreSQL database, "
                "or use `unspun serve`, which brings its own"
            )
        return self.database_url.reveal()

    def owner_database(self) -> str:
        """The URL that may change tables. Raises SettingsError when none is set."""
        return self.owner_database_url.reveal() if self.owner_database_url else self.database()

    def app_database(self) -> str | None:
        """The URL of a user whom the owner has to let in; None where there is no owner beside."""
        return self.direct_database() if self.owner_database_url else None

    def direct_database(self) -> str:
        """The URL for what needs a session of its own. Raises SettingsError when none is set."""
        return self.direct_database_url.reveal() if self.direct_database_url else self.database()
