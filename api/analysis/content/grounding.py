"""Nothing is invented: what a generated sentence says that neither the text nor the source record holds.

Checked are numbers, names, dates and quotations: a reader must be able to find each in the text. A sentence
that fails is dropped by the engine, not published. Limits: a name is known by its capital, so one in lower case
passes; a fact that is put together wrongly from right parts passes too, which is why generated sentences quote
the text.
"""

import re
from functools import cached_property

from spacy.lang.en.stop_words import STOP_WORDS

from api.analysis.text.article import Article
from api.analysis.text.lexicon import words

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_][\w'’&.-]*")
_LATIN = re.compile(r"[A-Za-z]+")
_POSSESSIVE = re.compile(r"['’]s$")
_LEFT_OUT = re.compile(r"\s*(?:…|\[\.\.\.\])\s*")
_STRAIGHT_QUOTED = re.compile(r'"([^"]+)"')
_OPENING = re.compile(r"(?:^|[.!?:;][”\"’»)]*\s+|[“\"‘«(]\s*)[\"“‘«(]*$")
_QUOTE_MARKS = str.maketrans(dict.fromkeys("“”„«»\"‘’'`", None))
# "one" is left out: it is a pronoun as often as a number.
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_LARGE = words(
    "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen"
)
_NUMBER_WORDS = {word: str(value) for value, word in enumerate(_SMALL.split()) if value != 1}
_NUMBER_WORDS |= {word: word for word in sorted(_LARGE)}
# Words with which our own sentences open, beside the language's stop words: capitals that name nothing.
OPENERS = words(
    "access according asking attention bad being business care doing emphasises inclusion jargon nobody prices "
    "protection relies responsibility rivals something things"
)


def ungrounded(sentence: str, article: Article) -> list[str]:
    """The quotes, numbers and names of `sentence` that the article does not hold; [] when all is there."""
    return Grounding(article).ungrounded(sentence)


class Grounding:
    """What may be said of one article: what its text holds, and the facts of its source and its making."""

    def __init__(self, article: Article) -> None:
        source = article.source
        facts = [source.name, source.host, article.author, article.author_organization, article.url]
        published = article.published_at
        if published is not None:
            facts += [published.isoformat(), published.strftime("%A %B %d %Y"), str(published.day)]
        self._whole = "\n".join([article.text, article.title, *(fact for fact in facts if fact)])

    @cached_property
    def _plain(self) -> str:
        return _plain(self._whole)

    @cached_property
    def _numbers(self) -> frozenset[str]:
        return frozenset(_numbers(self._whole))

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(map(_word, frozenset(_WORD.findall(self._whole))))

    @cached_property
    def _lower(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self._words)

    def ungrounded(self, sentence: str) -> list[str]:
        """As the function of that name, for many sentences on one article."""
        return [
            *(quote for quote in _quotes(sentence) if not self._holds(quote)),
            *(number for number in _numbers(sentence) if number not in self._numbers),
            *(name for name, opens in _names(sentence) if not self._names(name, opens)),
        ]

    def _names(self, name: str, opens: bool) -> bool:
        """Whether the word is one of the record; at an opening in any case, and there common words may stand."""
        if name in self._words:
            return True
        low = name.lower()
        return opens and (low in self._lower or low in STOP_WORDS or low in OPENERS)

    def _holds(self, quote: str) -> bool:
        return all(_plain(part) in self._plain for part in _LEFT_OUT.split(quote))


def _plain(text: str) -> str:
    return " ".join(text.translate(_QUOTE_MARKS).split())


def _word(word: str) -> str:
    word = word.strip("'’.-&")
    return _POSSESSIVE.sub("", word)


def _quotes(sentence: str) -> list[str]:
    """What stands between quotation marks; within typographic ones, to the matching mark."""
    found: list[str] = []
    depth = start = 0
    for at, mark in enumerate(sentence):
        if mark == "“":
            depth += 1
            if depth == 1:
                start = at + 1
        elif mark == "”" and depth:
            depth -= 1
            if depth == 0:
                found.append(sentence[start:at])
    if depth:
        found.append(sentence[start:])
    if not found:
        found = _STRAIGHT_QUOTED.findall(sentence)
    return [quote for quote in found if quote.strip()]


def _numbers(sentence: str) -> list[str]:
    found = [match.group().replace(",", "") for match in _NUMBER.finditer(sentence)]
    parts = (match.group().lower() for match in _LATIN.finditer(sentence))
    return [*found, *(_NUMBER_WORDS[word] for word in parts if word in _NUMBER_WORDS)]


def _names(sentence: str) -> list[tuple[str, bool]]:
    """Words with a capital, and whether each opens a sentence or a quotation."""
    found: list[tuple[str, bool]] = []
    for match in _WORD.finditer(sentence):
        word = _word(match.group())
        if any(c.isupper() for c in word):
            before = sentence[max(0, match.start() - 8) : match.start()]
            found.append((word, _OPENING.search(before) is not None))
    return found
