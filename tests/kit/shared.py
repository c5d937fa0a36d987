"""The folder of labelled and public data beside the checkout; tests skip without it."""

import os
from pathlib import Path


def shared_folder() -> Path | None:
    """`UNSPUN_SHARED`, or `shared` beside the checkout; None if neither exists."""
    named = os.environ.get("UNSPUN_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[3] / "shared"
    return folder if folder.is_dir() else None
