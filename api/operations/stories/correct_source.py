"""Corrects the record of a publisher."""

from msgspec import UNSET
from msgspec.structs import asdict, replace

from api.clock import Clock
from api.errors import Conflict, NotFound
from api.storage.database.pool import Connection
from api.storage.log.audit_log import Origin, append_audit
from api.storage.stories.sources import correct, lock_source
from schemas.sources import Source, SourceCorrection

NO_SOURCE = "There is no such source."


async def correct_source(
    connection: Connection, clock: Clock, id_or_slug: str, correction: SourceCorrection, *, origin: Origin
) -> Source:
    """The corrected source, in the caller's transaction.

    Documents that show it are rendered again when read. Raises NotFound; Conflict if another source has a
    domain.
    """
    old = await lock_source(connection, id_or_slug)
    if old is None:
        raise NotFound(NO_SOURCE)
    given = {name: value for name, value in asdict(correction).items() if value is not UNSET}
    if "domains" in given:
        given["domains"] = list(dict.fromkeys(given["domains"]))
    if replace(old, **given) == old:
        return old
    now = clock.now()
    new = replace(old, **given, known=True, corrected_at=now, updated_at=now)
    conflicting = await correct(connection, new, now)
    if conflicting:
        raise Conflict(f"{', '.join(conflicting)}: another source has this domain; remove it there first.")
    await append_audit(connection, origin, "source.corrected", old.id, before=old, after=new, at=now)
    return new
