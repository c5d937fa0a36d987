"""Compares two assessments, field by field."""

from collections.abc import Iterator
from typing import Any

import msgspec


def compare_assessments(recorded: str, computed: bytes) -> list[str]:
    """JSON pointers (RFC 6901) of the smallest differing parts; empty if the bytes are equal.

    Lists of unequal length differ as a whole. If only the encoding differs, the result is the empty pointer.
    """
    if recorded.encode() == computed:
        return []
    return list(_differing(msgspec.json.decode(recorded), msgspec.json.decode(computed), "")) or [""]


def _differing(left: Any, right: Any, at: str) -> Iterator[str]:
    if isinstance(left, dict) and isinstance(right, dict):
        for name in [*left, *(name for name in right if name not in left)]:
            pointer = f"{at}/{name.replace('~', '~0').replace('/', '~1')}"
            if name in left and name in right:
                yield from _differing(left[name], right[name], pointer)
            else:
                yield pointer
    elif isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for place, (one, other) in enumerate(zip(left, right, strict=True)):
            yield from _differing(one, other, f"{at}/{place}")
    elif type(left) is not type(right) or left != right:
        yield at
