"""The item type of all lists in storage."""

from datetime import datetime
from typing import Any

from msgspec import Raw, Struct


class Listed(Struct, kw_only=True, frozen=True):
    """`key`: the values that order the list; `shown`: the object or its JSON."""

    key: Any
    shown: Struct | Raw
    changed_at: datetime
