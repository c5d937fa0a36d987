"""The article record: all that an engine may know of one story.

It is immutable, and its digest names it in the verdict: with the same engine it gives the same assessment.
"""

import hashlib
from datetime import datetime

import msgspec
from msgspec import Struct

from api.analysis.text.disguises import without_invisible
from api.analysis.text.normal_form import nfc
from schemas.enums import InputFlag, SourceType

MAX_CHARACTERS = 60_000  # bounds the parser's cost: the rest is not analysed, and the input is flagged
MIN_WORDS = 80  # fewer hold too few places to weigh: not scorable


class SourceFacts(Struct, kw_only=True, frozen=True):
    """What is known of the publisher. `host` is the domain that carries the page, null for a draft."""

    name: str | None
    type: SourceType
    host: str | None


class Article(Struct, kw_only=True, frozen=True):
    """One immutable input. `text` is NFC(title + blank line + body); all spans point into it.

    `body_start` is where the body begins in `text` (0 without a title). `author_organization` is the
    organisation that a guest author writes for, where the page names one.
    """

    title: str
    text: str
    body_start: int
    url: str | None
    source: SourceFacts
    author: str | None
    author_organization: str | None
    published_at: datetime | None
    language: str | None
    flags: list[InputFlag]
    paywalled: bool
    page_type: str | None
    extractor: str

    @property
    def text_sha256(self) -> str:
        """Hexadecimal SHA-256 of the analysed text in UTF-8."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def digest(self) -> str:
        """Hexadecimal SHA-256 of the whole record, the verdict's `input_digest`."""
        return hashlib.sha256(msgspec.json.encode(self)).hexdigest()

    @property
    def words(self) -> int:
        """Words of the body, parted by white space."""
        return len(self.text[self.body_start :].split())


def analysed_text(title: str, body: str) -> tuple[str, int, bool]:
    """The analysed text of a title and a body: the text, where the body starts, whether it was cut.

    Both are normalised to NFC, white space at their ends and invisible characters go, NUL and lone surrogates
    become U+FFFD (PostgreSQL and UTF-8 can hold neither).
    """
    title, body = (_clean(part) for part in (title, body))
    head = f"{title}\n\n" if title and body else title
    whole = head + body
    return whole[:MAX_CHARACTERS].rstrip(), min(len(head), MAX_CHARACTERS), len(whole) > MAX_CHARACTERS


def _clean(text: str) -> str:
    text = "".join("\ufffd" if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in text)
    text = without_invisible(text.replace("\r\n", "\n").replace("\r", "\n"))
    return nfc(text).strip()
