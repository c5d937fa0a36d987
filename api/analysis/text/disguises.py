"""Characters that people and machines read differently: invisible, reordering, look-alike.

Invisible characters are removed from the analysed text, so that they cannot split a phrase. Words with foreign
look-alike letters stay but match as Latin words. Both set a flag on the input. Sources: Unicode technical
standards 39 (confusables) and 36; Boucher and Anderson (2021) on reordering. Limits: a word made only of foreign
look-alikes counts as a word of that script.
"""

import re
import unicodedata
from typing import Final

from schemas.enums import InputFlag

MIN_SPLIT_WORDS: Final = 3  # words with an invisible character inside; one or two are an editor's slip
MIN_TAGS: Final = 4  # invisible tag letters outside flag emoji; fewer spell no word

INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
    "|(?<=[A-Za-z])\u200d|\u200d(?=[A-Za-z])"  # elsewhere it joins emoji or letters of other scripts
)
# Only characters that reverse the text; phones copy harmless left-to-right pairs along.
_REORDERING: Final = re.compile("[\u202b\u202d\u202e\u2067]")
_SPLIT: Final = re.compile("[A-Za-z][\u034f\u180e\u200b-\u200d\u2060-\u2064\ufeff]+(?=[A-Za-z])")
_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")  # England's, Scotland's, Wales's
_TAG: Final = re.compile("[\U000e0020-\U000e007e\U000e0100-\U000e01ef]")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")

_CYRILLIC: Final = dict(
    zip("АВЕКМНОРСТУХЅІЈԌԚԜаеорсухѕіјһԁԛԝӏ", "ABEKMHOPCTYXSIJGQWaeopcyxsijhdqwl", strict=True)
)
_GREEK: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυ", "ABEZHIKMNOPTYXaikvoptu", strict=True))
# Mathematical and full-width forms of Latin letters.
_STYLED: Final = {
    character: plain
    for number in (*range(0x1D400, 0x1D800), *range(0xFF21, 0xFF5B))
    if len(plain := unicodedata.normalize("NFKC", character := chr(number))) == 1
    and plain.isascii()
    and plain.isalpha()
}
# Typographic apostrophes, hyphens and white space, one character to one.
_FOLD: Final = str.maketrans(
    {"\u2019": "'", "\u2018": "'", "\u00a0": " ", "\n": " ", "\t": " ", "\u2011": "-"}
)
_TO_LATIN: Final = str.maketrans(_CYRILLIC | _GREEK | _STYLED)
_DISGUISED: Final = frozenset(map(chr, _TO_LATIN))


def without_invisible(text: str) -> str:
    """The text without invisible, meaningless characters."""
    return text if text.isascii() else INVISIBLE.sub("", text)


def undisguised(text: str) -> str:
    """The text with disguised words in plain Latin letters; offsets are unchanged."""
    if text.isascii() or _DISGUISED.isdisjoint(text):
        return text
    return _WORD.sub(lambda word: _latin(word[0]), text)


def folded(text: str) -> str:
    """The undisguised text in lower case with plain apostrophes, hyphens and spaces; offsets are unchanged.

    Characters whose lower case is longer stay.
    """
    plain = undisguised(text)
    low = plain.lower()
    if len(low) != len(plain):
        low = "".join(low if len(low := c.lower()) == 1 else c for c in plain)
    return low.translate(_FOLD)


def disguises(text: str) -> set[InputFlag]:
    """Flags of a raw text, which still has its invisible characters."""
    if text.isascii():
        return set()
    flags = set()
    if _REORDERING.search(text):
        flags.add(InputFlag.BIDI_OVERRIDE)
    if len(_SPLIT.findall(text)) >= MIN_SPLIT_WORDS:
        flags.add(InputFlag.INVISIBLE_CHARACTERS)
    if len(_TAG.findall(_FLAG.sub("", text))) >= MIN_TAGS:
        flags.add(InputFlag.HIDDEN_TEXT)
    visible = INVISIBLE.sub("", text)
    if undisguised(visible) != visible:
        flags.add(InputFlag.LOOK_ALIKE_LETTERS)
    return flags


def _latin(word: str) -> str:
    """The word in Latin letters if it mixes scripts or is all styled; else unchanged."""
    if word.isascii():
        return word
    latin = sum(letter.isascii() for letter in word)
    styled = sum(letter in _STYLED for letter in word)
    return word.translate(_TO_LATIN) if latin >= 2 or styled == len(word) else word
