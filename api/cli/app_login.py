"""The database user of API and worker on a single machine; its password is stored in the data folder."""

import secrets
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

FILE_NAME: Final = "app.password"
USER: Final = "unspun"


def app_url(owner_url: str, folder: Path) -> str:
    """The database URL for a user that may only read and write rows."""
    path = folder / FILE_NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(24), encoding="ascii")
    password = path.read_text(encoding="ascii").strip()
    parts = urlsplit(owner_url)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{USER}:{password}@{address}"))
