"""Keys stored in the data folder, and the first administrator's key of other installations."""

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


def stored_admin_key(folder: Path) -> str:
    """The key in `folder`, created at the first call; readable by this user only."""
    return _load_or_create(folder / FILE_NAME, new_key)


def stored_webhook_key(folder: Path) -> str:
    """The key that encrypts the secrets of webhook endpoints, stored in the same way."""
    return _load_or_create(folder / WEBHOOK_FILE_NAME, new_ring_key)


def _load_or_create(path: Path, create: Callable[[], str]) -> str:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(create() + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()


async def show_first_key(settings: Settings, echo: Callable[[str], None]) -> None:
    """Create and print an administrator's key if none is configured and none exists."""
    if settings.bootstrap_admin_key is not None:
        return
    connection = await asyncpg.connect(settings.database(), timeout=10)
    try:
        async with connection.transaction():
            key = await ensure_admin_key(connection, Clock(), None)
    finally:
        await connection.close()
    if key is not None:
        echo(f"The administrator's key, shown only once: {key}")
