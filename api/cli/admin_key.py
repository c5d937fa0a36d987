"""The administrator's first key: on one machine kept beside the data, elsewhere shown once."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import asyncpg

from api.clock import Clock
from api.operations.bootstrap_key import ensure_admin_key
from api.operations.key_form import new_key
from api.settings import Settings

FILE_NAME: Final = "admin.key"


def kept_admin_key(folder: Path) -> str:
    """The key in `folder`, made at the first call; readable by this user alone."""
    path = folder / FILE_NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(new_key() + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


async def show_first_key(settings: Settings, say: Callable[[str], None]) -> None:
    """Make an administrator's key and `say` it, where none is configured and none exists."""
    if settings.bootstrap_admin_key is not None:
        return
    connection = await asyncpg.connect(settings.database(), timeout=10)
    try:
        async with connection.transaction():
            made = await ensure_admin_key(connection, Clock(), None)
    finally:
        await connection.close()
    if made is not None:
        say(f"The administrator's key, shown this once: {made}")
