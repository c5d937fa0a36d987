"""Decoding of pages with any declared charset; never fails, but reports doubt."""

import codecs
import re
from typing import Final

from charset_normalizer import from_bytes

# Labels as in browsers (https://encoding.spec.whatwg.org/#names-and-labels): old names stand for larger sets. A
# closed list, so a page cannot select a Python codec such as rot13 or zip.
_CODECS: Final = {
    "utf-8": "utf-8 utf8 unicode-1-1-utf-8",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2",
    "utf-16-be": "utf-16be",
    "cp1252": "iso-8859-1 iso8859-1 latin1 latin-1 ascii us-ascii windows-1252 cp1252",
    "cp1250": "windows-1250 cp1250",
    "cp1251": "windows-1251 cp1251",
    "cp1253": "windows-1253 cp1253",
    "cp1254": "windows-1254 cp1254 iso-8859-9 latin5",
    "cp1255": "windows-1255 cp1255 iso-8859-8 iso-8859-8-i",
    "cp1256": "windows-1256 cp1256",
    "cp1257": "windows-1257 cp1257",
    "cp1258": "windows-1258 cp1258",
    "cp874": "windows-874 tis-620 iso-8859-11",
    "iso8859-2": "iso-8859-2 iso8859-2 latin2",
    "iso8859-5": "iso-8859-5",
    "iso8859-6": "iso-8859-6",
    "iso8859-7": "iso-8859-7 greek",
    "iso8859-15": "iso-8859-15 latin9",
    "koi8-r": "koi8-r koi8",
    "koi8-u": "koi8-u",
    "cp932": "shift_jis shift-jis sjis x-sjis windows-31j ms_kanji",
    "euc_jp": "euc-jp x-euc-jp",
    "iso2022_jp": "iso-2022-jp",
    "cp949": "euc-kr ks_c_5601-1987 korean windows-949",
    "gb18030": "gb2312 gbk gb18030 x-gbk",
    "big5hkscs": "big5 big5-hkscs x-x-big5",
}
_BY_LABEL: Final = {label: codec for codec, labels in _CODECS.items() for label in labels.split()}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([A-Za-z0-9._:-]+)", re.IGNORECASE)
_META_WITHIN: Final = 4_096  # the standard says 1,024, but many pages start with scripts
_SAMPLE: Final = 20_000  # bytes for the guess; more do not improve it
_STRAY: Final = 0.002  # share of undecodable bytes in a page that is otherwise UTF-8


def decode_html(body: bytes, declared: str | None) -> tuple[str, bool]:
    """The text, and whether its encoding is doubtful: undecodable bytes, NUL, or a wrong declaration.

    `declared` is the header's charset. The order: byte order mark, valid non-ASCII UTF-8, declarations, guess.
    Undecodable bytes and NUL become U+FFFD.
    """
    text, doubtful = _decode(body, declared)
    if "\x00" in text:
        return text.replace("\x00", "\ufffd"), True
    return text, doubtful


def _decode(body: bytes, declared: str | None) -> tuple[str, bool]:
    for bom, codec in _BOMS:
        if body.startswith(bom):
            marked = body[len(bom) :].decode(codec, "replace")
            return marked, "\ufffd" in marked
    candidates = _declared(body, declared)
    # Other encodings are rarely valid UTF-8; pure ASCII may be ISO-2022-JP or UTF-16.
    order = [*candidates, "utf-8"] if body.isascii() else ["utf-8", *candidates]
    for codec in order:
        text = _strict(body, codec)
        if text is not None:
            return text, bool(candidates) and codec != candidates[0] and not body.isascii()
    return _guess(body, candidates), True


def _declared(body: bytes, declared: str | None) -> list[str]:
    """The codecs declared by the header, then by the page."""
    meta = _META.search(body[:_META_WITHIN])
    labels = [(declared or "").strip().lower(), meta[1].decode("ascii").lower() if meta else ""]
    codecs_named = [_BY_LABEL.get(label) for label in labels]
    if codecs_named[1] in ("utf-16-le", "utf-16-be"):
        codecs_named[1] = "utf-8"  # a readable meta element is not in UTF-16
    return [codec for codec in dict.fromkeys(codecs_named) if codec is not None]


def _strict(body: bytes, codec: str) -> str | None:
    if codec.startswith("utf-16") and b"\x00" not in body:
        return None  # any even number of bytes would pass; markup in UTF-16 contains NUL
    try:
        return body.decode(codec)
    except UnicodeError:
        return None


def _guess(body: bytes, candidates: list[str]) -> str:
    text = body.decode("utf-8", "replace")
    if text.count("\ufffd") <= max(3, _STRAY * len(text)):
        return text
    best = from_bytes(body[:_SAMPLE]).best()
    codec = best.encoding if best is not None and best.encoding != "ascii" else (candidates or ["cp1252"])[0]
    return body.decode(codec, "replace")
