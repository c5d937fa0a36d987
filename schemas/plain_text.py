"""Text that users send for display: plain text without control or invisible characters.

It is untrusted and must be escaped for each output format.
"""

from typing import Annotated, Final

from msgspec import Meta

# Not blank; no control characters but the line feed, no bidirectional or invisible characters. "(?![\\s\\S])"
# instead of "$", which in some dialects also matches before a final line feed.
_STEERING: Final = "\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff"
PLAIN: Final = "^(?=[\\s\\S]*\\S)[^\\x00-\\x09\\x0b-\\x1f" + _STEERING + "]*(?![\\s\\S])"
LINE: Final = "^(?=[\\s\\S]*\\S)[^\\x00-\\x1f" + _STEERING + "]*(?![\\s\\S])"

Line = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]
Paragraph = Annotated[str, Meta(min_length=1, max_length=1_000, pattern=PLAIN)]
Paragraphs = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=PLAIN)]
