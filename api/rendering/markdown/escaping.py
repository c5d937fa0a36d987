"""Text that stays text in Markdown and in the YAML of its front matter.

Strangers' words cannot change a document's structure. Here every mark is escaped, and quotations stand in block
quotes that are marked as data; in HTML the template engine escapes every expression (`html/environment.py`), so
that no template can forget to. Property tests compare the structure of a hostile story's document with a
harmless one's.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

from api.rendering.plain_text import plain

# What CommonMark, GitHub's tables and strike-through, and formulas give a meaning.
_MEANING: Final = re.compile(r"[\\`*_\[\]<>#|~&$]")
_AT_THE_START: Final = re.compile(r"^(\d{0,9})(?=[-+=.):])")  # lists, underlined headings
_LINK: Final = re.compile(r":(?=//)|(?<=[Ww]{3})\.")  # bare addresses, which some readers turn into links
# A URL by RFC 3986, without the dollar, which begins a formula to some readers wherever it stands.
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!&'()*+,;=%-]+")
# YAML takes no other characters as they are (YAML 1.2, c-printable), and two of these as line breaks.
_UNPRINTABLE: Final = re.compile(
    "[^\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]|[\u2028\u2029]"
)

Scalar = str | int | float | bool | None


def inline(text: str) -> str:
    """`text` in one line, every mark of Markdown escaped."""
    escaped = _LINK.sub(r"\\\g<0>", _MEANING.sub(r"\\\g<0>", plain(text)))
    return _AT_THE_START.sub(r"\1\\", escaped)


def address(url: str) -> str:
    """An address of the web, to be read as it stands and followed; as plain text where it is none.

    Inside the angles nothing means anything but their end, which no such address holds.
    """
    return f"<{url}>" if _ADDRESS.fullmatch(url) else inline(url)


def quoted(text: str, indent: str = "") -> str:
    """Words of the story as a block quote."""
    return f"{indent}> “{inline(text)}”"


def front_matter(values: Mapping[str, Scalar]) -> str:
    """YAML between its fences; None is left out. Strings are JSON's, which YAML reads the same."""
    lines = [f"{key}: {_scalar(value)}" for key, value in values.items() if value is not None]
    return "\n".join(["---", *lines, "---"])


def _scalar(value: Scalar) -> str:
    if isinstance(value, str):
        return _UNPRINTABLE.sub(_escape, json.dumps(plain(value), ensure_ascii=False))
    return json.dumps(value)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
