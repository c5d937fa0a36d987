"""Code of different sources that makes the same: a moved file makes no new verdict and no new document.

`make equal-digests` writes the lists, after it has compared what engines and renderer make of the sample stories.
"""

from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class EqualDigests(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """One engine or renderer over time. `made`: SHA-256 of what each of these made of the sample stories."""

    name: str
    version: str
    made: str
    digests: list[str]


@cache
def equal_digests() -> list[EqualDigests]:
    """All lists of the package. They lie outside of what a digest covers."""
    return msgspec.json.decode((files("api") / "equal_digests.json").read_bytes(), type=list[EqualDigests])


def first_equal(digest: str) -> str:
    """The oldest digest of those that make the same; the digest itself if it is in no list."""
    return _firsts().get(digest, digest)


def same_engine(left: str, right: str) -> bool:
    """Whether engines with these digests give the same assessments."""
    return first_equal(left) == first_equal(right)


@cache
def _firsts() -> dict[str, str]:
    return {digest: equal.digests[0] for equal in equal_digests() for digest in equal.digests}
