"""What every list in storage gives: an object as it is shown, with its place in the order and its date."""

from datetime import datetime
from typing import Any

from msgspec import Raw, Struct


class Listed(Struct, kw_only=True, frozen=True):
    """`key` holds the values that order the list, `shown` the object or its JSON as it is served."""

    key: Any
    shown: Struct | Raw
    changed_at: datetime
