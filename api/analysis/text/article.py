"""The article record: the engine's whole input for one story, immutable.

The verdict names it by its digest; the same engine and digest give the same assessment.
"""

import hashlib
from datetime import datetime

import msgspec
from msgspec import Struct

from api.analysis.text.disguises import without_invisible
from api.analysis.text.normal_form import nfc
from schemas.enums import InputFlag, SourceType

MAX_CHARACTERS = 60_000  # bounds the parser's cost; the rest is not analysed and the input is flagged
MIN_WORDS = 80  # a shorter text is not scorable


class SourceFacts(Struct, kw_only=True, frozen=True):
    """The publisher. `host` is the domain that serves the page, None for a draft."""

    name: str | None
    type: SourceType
    host: str | None


class Article(Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One immutable input. `text` is NFC(title + blank line + body); all spans point into it.

    `body_start` is the body's offset in `text`. `author_organization` is a guest author's, if the page names it;
    `publisher_kind` the schema.org type of the publisher that the page declares. A field that is added needs a
    default, which the encoding omits: so the digests of older records stay.
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
    publisher_kind: str | None = None

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
        """Number of words in the body, split at white space."""
        return len(self.text[self.body_start :].split())


def analysed_text(title: str, body: str) -> tuple[str, int, bool]:
    """Return the analysed text, the offset of the body, and whether the text was cut.

    Normalises to NFC, strips, and removes invisible characters. NUL and lone surrogates, which PostgreSQL and
    UTF-8 cannot store, become U+FFFD.
    """
    title, body = (_clean(part) for part in (title, body))
    head = f"{title}\n\n" if title and body else title
    whole = head + body
    return whole[:MAX_CHARACTERS].rstrip(), min(len(head), MAX_CHARACTERS), len(whole) > MAX_CHARACTERS


def _clean(text: str) -> str:
    text = "".join("\ufffd" if c == "\x00" or "\ud800" <= c <= "\udfff" else c for c in text)
    text = without_invisible(text.replace("\r\n", "\n").replace("\r", "\n"))
    return nfc(text).strip()
