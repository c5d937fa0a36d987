"""The administrator's key of a service on one machine: made once, kept beside the data."""

from pathlib import Path
from typing import Final

from api.operations.bootstrap_key import new_key

FILE_NAME: Final = "admin.key"


def kept_admin_key(folder: Path) -> str:
    """The key in `folder`, made at the first call; readable by this user alone."""
    path = folder / FILE_NAME
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(new_key() + "\n", encoding="ascii")
    return path.read_text(encoding="ascii").strip()
