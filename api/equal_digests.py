"""Digests of different code versions with equal output, so that moved code makes no new verdict or document.

`make equal-digests` writes the lists after it has compared the output for the sample stories.
"""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class EqualDigests(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One engine or renderer over time. `made`: SHA-256 of the output for the sample stories."""

    name: str
    version: str
    made: str
    digests: list[str]


@cache
def equal_digests() -> list[EqualDigests]:
    """All lists of the package. No digest covers them."""
    return msgspec.json.decode((files("api") / "equal_digests.json").read_bytes(), type=list[EqualDigests])


def first_equal(digest: str) -> str:
    """The oldest digest with equal output; `digest` itself if it is in no list."""
    return _firsts().get(digest, digest)


def same_engine(left: str, right: str) -> bool:
    """Whether engines with these digests give the same assessments."""
    return first_equal(left) == first_equal(right)


@cache
def _firsts() -> dict[str, str]:
    return {digest: equal.digests[0] for equal in equal_digests() for digest in equal.digests}
