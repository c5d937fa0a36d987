"""Sentences about invented organisations that hold an expected item, and others that do not."""

import json
from pathlib import Path

from msgspec import Struct


class Examples(Struct, frozen=True):
    """Five sentences that hold the item, and three that do not."""

    holds: list[str]
    lacks: list[str]


EXAMPLES = {
    code: Examples(**row)
    for code, row in json.loads(
        (Path(__file__).parent / "expected_items.json").read_text(encoding="utf-8")
    ).items()
}
