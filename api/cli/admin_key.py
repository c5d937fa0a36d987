"""Keys of one machine, kept beside its data; elsewhere the administrator's first key is shown once."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import asyncpg

from api.clock import Clock
from api.operations.keys.bootstrap_key import ensure_admin_key
from api.operations.keys.key_format import new_key
from api.settings import Settings
from api.webhooks.encryption import new_ring_key

FILE_NAME: Final = "admin.key"
WEBHOOK_FILE_NAME: Final = "webhook.key"


def kept_admin_key(folder: Path) -> str:
    """The key in `folder`, made at the first call; readable by this user alone."""
    return _kept(folder / FILE_NAME, new_key)


def kept_webhook_key(folder: Path) -> str:
    """The key that seals the secrets of webhook endpoints, kept in the same way."""
    return _kept(folder / WEBHOOK_FILE_NAME, new_ring_key)


def _kept(path: Path, make: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(make() + "\n", encoding="ascii")
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
