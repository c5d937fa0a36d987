"""Checks the writing of a model's sentence, whatever its language: its letters and marks, not its words.

A sentence is published as it stands, in JSON too, and a client may render it as HTML or Markdown, or hand it to
another model. So it has Latin letters, digits and the marks of prose. A word with anything else (a look-alike
letter, markup, an emoji, a combining mark, a sign of an address) counts if the text or its record has that very
word. Limits: a page that shows such a word permits it.
"""

import re
from collections.abc import Iterable
from typing import Final

from api.analysis.text.prompt_injection import has_prompt_injection

MAX_WORD: Final = 40  # letters; German has compounds of thirty
_LETTERS: Final = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff0-9"
_OUTER: Final = ".,:;!?'\"()“”„‟‘’‚«»‹›¿¡…"
_STRANGE: Final = re.compile(rf"[^{_LETTERS}{re.escape(_OUTER)}\s/%&+–—€$£¥§°-]|(?<!\w)/|/(?!\w)")
_LEFT_OUT: Final = re.compile(r"\[(?:\.{3}|…)\]")
_BEGINNING: Final = re.compile(rf"[{_LETTERS}\"'“„”‘‚«‹»(¿¡…€$£]")
_REPEATED: Final = re.compile(r"\b(\w{1,40}+)(?:\W{1,4}\1\b){2}", re.IGNORECASE)
_STOP: Final = re.compile(r"[.!?]\s+")
# Words between marks that are not the usual ones of English. In single marks, an apostrophe has letters on both
# sides, or stands behind one.
_IN_OTHER_MARKS: Final = re.compile(
    r"(?<!\w)['‘‚](?=\S)((?:[^'‘’‚]|(?<=\w)['’](?=\w)){1,400})(?<=\S)['‘’](?!\w)"
    r"|„([^„“”\"]{1,400})[“”\"]?|«([^«»]{1,400})»?|»([^«»]{1,400})«|‹([^‹›]{1,400})›?|(?<!\w)”(?=\w)([^“”]{1,400})”"
)


class PlainWriting:
    """The check against the words of one text; `record` are the text and what is known of it."""

    def __init__(self, text: str, record: Iterable[str]) -> None:
        self._known = frozenset(_bare(word) for part in (text, *record) for word in part.split())

    def has(self, sentence: str) -> bool:
        """Whether a sentence of one line is plain: no strange word, no endless one, nothing said thrice."""
        if _BEGINNING.match(sentence) is None or _REPEATED.search(sentence):
            return False
        parts = _STOP.split(sentence)
        if len(parts) > len(set(parts)):
            return False
        words = _LEFT_OUT.sub(" ", sentence).split()
        strange = (word for word in words if len(word) > MAX_WORD or _STRANGE.search(word))
        return all(_bare(word) in self._known for word in strange)


def in_other_marks(sentence: str) -> list[str]:
    """The words between quotation marks of other languages, and between single ones."""
    return [next(filter(None, match.groups())).strip() for match in _IN_OTHER_MARKS.finditer(sentence)]


def addresses_machines(sentence: str) -> bool:
    """Whether the sentence gives orders to the models that read a verdict."""
    return has_prompt_injection(sentence)


def _bare(word: str) -> str:
    return word.strip(_OUTER)
