"""Characters that make a text read otherwise by eyes than by machines: invisible, reordering, look-alike.

What nobody sees is taken out of the analysed text, so that a phrase cut in two by it is found all the same; words
spelt with foreign look-alikes stay as they are, and are read as what they look like. Both are flags of the
input. Sources: Unicode technical standards 39 (confusables) and 36; Boucher and Anderson (2021) on reordering.
Limits: a word of nothing but foreign look-alikes is a word of its own script, as far as can be told here.
"""

import re
import unicodedata
from typing import Final

from schemas.enums import InputFlag

MIN_SPLIT_WORDS: Final = 3  # words with something invisible in them; one or two are an editor's slip
MIN_TAGS: Final = 4  # of the letters that Unicode hides; fewer spell no word, and none belong to no flag

INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\u3164\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]"
    "|(?<=[A-Za-z])\u200d|\u200d(?=[A-Za-z])"  # elsewhere it joins emoji, and letters of other scripts
)
# Those that turn what follows round; pairs that only wrap a left-to-right passage are in what phones copy.
_REORDERING: Final = re.compile("[\u202b\u202d\u202e\u2067]")
_SPLIT: Final = re.compile("[A-Za-z][\u034f\u180e\u200b-\u200d\u2060-\u2064\ufeff]+(?=[A-Za-z])")
_FLAG: Final = re.compile("\U0001f3f4[\U000e0020-\U000e007f]+")  # England's, Scotland's, Wales's
_TAG: Final = re.compile("[\U000e0020-\U000e007e\U000e0100-\U000e01ef]")
_WORD: Final = re.compile(r"[^\W\d_]{3,}")

_CYRILLIC: Final = dict(
    zip("АВЕКМНОРСТУХЅІЈԌԚԜаеорсухѕіјһԁԛԝӏ", "ABEKMHOPCTYXSIJGQWaeopcyxsijhdqwl", strict=True)
)
_GREEK: Final = dict(zip("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαικνορτυ", "ABEZHIKMNOPTYXaikvoptu", strict=True))
# Letters of mathematics and of full width are Latin ones in another dress.
_DRESSED: Final = {
    character: plain
    for number in (*range(0x1D400, 0x1D800), *range(0xFF21, 0xFF5B))
    if len(plain := unicodedata.normalize("NFKC", character := chr(number))) == 1
    and plain.isascii()
    and plain.isalpha()
}
_PLAIN: Final = str.maketrans(_CYRILLIC | _GREEK | _DRESSED)
_DISGUISED: Final = frozenset(map(chr, _PLAIN))


def without_invisible(text: str) -> str:
    """The text without characters that nobody sees and that mean nothing in what is seen."""
    return text if text.isascii() else INVISIBLE.sub("", text)


def undisguised(text: str) -> str:
    """The text with its disguised words in plain Latin letters; every offset stays."""
    if text.isascii() or _DISGUISED.isdisjoint(text):
        return text
    return _WORD.sub(lambda word: _plain(word[0]), text)


def disguises(text: str) -> set[InputFlag]:
    """The flags of a text as it came, its invisible characters still in it."""
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


def _plain(word: str) -> str:
    """The word in plain letters where it mixes scripts, or is all in another dress; else as it is."""
    if word.isascii():
        return word
    latin = sum(letter.isascii() for letter in word)
    dressed = sum(letter in _DRESSED for letter in word)
    return word.translate(_PLAIN) if latin >= 2 or dressed == len(word) else word
