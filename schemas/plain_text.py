"""Sentences that people send to be shown: plain text without characters that steer a screen or a reader.

Whoever shows them escapes them as their form demands: they are words of strangers.
"""

from typing import Annotated, Final

from msgspec import Meta

# Something to see, no control characters but the line feed, none that turn the direction of what follows or that
# nobody sees. The end is written so that it is the end to every dialect: "$" also stands before a last line feed.
_STEERING: Final = "\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff"
PLAIN: Final = "^(?=[\\s\\S]*\\S)[^\\x00-\\x09\\x0b-\\x1f" + _STEERING + "]*(?![\\s\\S])"
LINE: Final = "^(?=[\\s\\S]*\\S)[^\\x00-\\x1f" + _STEERING + "]*(?![\\s\\S])"

Line = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]
Paragraph = Annotated[str, Meta(min_length=1, max_length=1_000, pattern=PLAIN)]
Paragraphs = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=PLAIN)]
