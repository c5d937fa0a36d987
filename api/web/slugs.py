"""The readable part of a story's URL."""

import re
import unicodedata
from typing import Final

MAX_WORDS_LENGTH: Final = 60  # keeps the slug below 80 characters, which browsers display
SHORT_ID_LENGTH: Final = 8  # 40 random bits: equal titles collide once in 10^12 pairs

_WORD = re.compile(r"[a-z0-9]+")
_APOSTROPHE = re.compile(r"['`]")


def slug(title: str, story_id: str) -> str:
    """Title words and the end of the id, joined by hyphens: `a-quiet-year-for-tin-9q4k7d2m`.

    Lower-case ASCII letters, digits and hyphens; never changed, even if the title is. Without Latin letters or
    digits, `story-` and the short id.
    """
    folded = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    words: list[str] = []
    for word in _WORD.findall(_APOSTROPHE.sub("", folded)):
        if sum(map(len, words)) + len(words) + len(word) > MAX_WORDS_LENGTH:
            break
        words.append(word)
    return "-".join([*(words or ["story"]), story_id[-SHORT_ID_LENGTH:].lower()])
