"""Escaping for Markdown and its YAML front matter: third-party words cannot change a document's structure.

Every mark is escaped, and quotations are in block quotes marked as data. In HTML the template engine escapes
every expression (`html/environment.py`), so that no template can omit it. Property tests compare the structure
of documents of hostile and harmless stories.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from api.rendering.plain_text import plain

# Marks of CommonMark, GitHub's tables and strike-through, and formulas.
_MEANING: Final = re.compile(r"[\\`*_\[\]<>#|~&$]")
_AT_THE_START: Final = re.compile(r"^(\d{0,9})(?=[-+=.):])")  # lists, underlined headings
_LINK: Final = re.compile(r":(?=//)|(?<=[Ww]{3})\.")  # bare addresses, which some parsers turn into links
# A URL by RFC 3986, without the dollar, which begins a formula for some parsers.
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!&'()*+,;=%-]+")
# Characters that YAML does not allow unescaped (YAML 1.2, c-printable), and its two line separators.
_UNPRINTABLE: Final = re.compile(
    "[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]"
)

Scalar = str | int | float | bool | None


def inline(text: str) -> str:
    """`text` in one line with all Markdown escaped."""
    escaped = _LINK.sub(r"\\\g<0>", _MEANING.sub(r"\\\g<0>", plain(text)))
    return _AT_THE_START.sub(r"\1\\", escaped)


def address(url: str) -> str:
    """A web address as a link; other text escaped.

    Between angle brackets only their end has a meaning, and such an address cannot contain it.
    """
    return f"<{url}>" if _ADDRESS.fullmatch(url) else inline(url)


def quoted(text: str, indent: str = "") -> str:
    """Words of the story as a block quote."""
    return f"{indent}> “{inline(text)}”"


def front_matter(values: Mapping[str, Scalar]) -> str:
    """YAML between fences, without None values. Strings are JSON strings, which YAML reads alike."""
    lines = [f"{key}: {_scalar(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["---", *lines, "---"])


def _scalar(value: Scalar) -> str:
    if isinstance(value, str):
        return _UNPRINTABLE.sub(_escape, json.dumps(plain(value), ensure_ascii=False))
    return json.dumps(value)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
