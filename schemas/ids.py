"""Prefixed, sortable identifiers: `sty_` + UUIDv7 (RFC 9562) in Crockford base32, 26 characters."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Final

from msgspec import Meta

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
PREFIXES: Final = (
    "acc", "key", "src", "sty", "vrd", "clm", "ent", "ana", "evt", "whe", "dlv", "att", "apl", "job", "fed",
    "exp",
)  # fmt: skip
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_MS: Final = 253_402_300_799_999  # end of the year 9999, the last of datetime
_BODY: Final = "[0-9a-hjkmnp-tv-z]{26}$"

AccountId = Annotated[str, Meta(pattern="^acc_" + _BODY)]
KeyId = Annotated[str, Meta(pattern="^key_" + _BODY)]
SourceId = Annotated[str, Meta(pattern="^src_" + _BODY)]
StoryId = Annotated[str, Meta(pattern="^sty_" + _BODY)]
VerdictId = Annotated[str, Meta(pattern="^vrd_" + _BODY)]
ClaimId = Annotated[str, Meta(pattern="^clm_" + _BODY)]
EntityId = Annotated[str, Meta(pattern="^ent_" + _BODY)]
AppealId = Annotated[str, Meta(pattern="^apl_" + _BODY)]
EndpointId = Annotated[str, Meta(pattern="^whe_" + _BODY)]
DeliveryId = Annotated[str, Meta(pattern="^dlv_" + _BODY)]
AttemptId = Annotated[str, Meta(pattern="^att_" + _BODY)]
ExportId = Annotated[str, Meta(pattern="^exp_" + _BODY)]
FeedId = Annotated[str, Meta(pattern="^fed_" + _BODY)]


def make_id(prefix: str, at: datetime, entropy: bytes) -> str:
    """An id of `prefix` for the time `at`, made unique by 10 bytes of `entropy`.

    Raises ValueError for an unknown prefix or too little entropy.
    """
    if prefix not in PREFIXES:
        raise ValueError(f"unknown id prefix {prefix!r}")
    if len(entropy) < 10:
        raise ValueError("an id needs 10 bytes of entropy")
    random = int.from_bytes(entropy[:10], "big")
    value = (
        (int(at.timestamp() * 1000) & ((1 << 48) - 1)) << 80
        | 0x7 << 76
        | ((random >> 64) & 0xFFF) << 64
        | 0b10 << 62
        | (random & ((1 << 62) - 1))
    )
    return f"{prefix}_" + "".join(ALPHABET[(value >> shift) & 31] for shift in range(125, -1, -5))


def made_at(identifier: str) -> datetime | None:
    """The creation time in an id, to the millisecond; None if `make_id` cannot have made the id."""
    head, _, body = identifier.partition("_")
    if not is_id(head, identifier):
        return None
    value = 0
    for character in body:
        value = value << 5 | ALPHABET.index(character)
    milliseconds = value >> 80
    if milliseconds > _LAST_MS or (value >> 76) & 0xF != 0x7 or (value >> 62) & 0b11 != 0b10:
        return None
    return _EPOCH + timedelta(milliseconds=milliseconds)


def is_id(prefix: str, text: str) -> bool:
    """Whether `text` has the form of an id of `prefix`."""
    head, _, body = text.partition("_")
    return head == prefix and len(body) == 26 and all(c in ALPHABET for c in body)
