"""Checks generated sentences for content that neither the text nor the source record has.

It checks numbers, names, dates and quotations. The engine drops a sentence that fails. Limits: names are
recognised by their capital; a wrong combination of right parts passes, which is why generated sentences quote
the text.
"""

import re
from functools import cached_property

from api.analysis.text.article import Article
from api.analysis.text.lexicon import words
from api.analysis.text.stop_words import STOP_WORDS

_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_][\w'’&.-]*")
_LATIN = re.compile(r"[A-Za-z]+")
_POSSESSIVE = re.compile(r"['’]s$")
_LEFT_OUT = re.compile(r"\s*(?:…|\[\.\.\.\])\s*")
_STRAIGHT_QUOTED = re.compile(r'"([^"]+)"')
_OPENING = re.compile(r"(?:^|[.!?:;][”\"’»)]*\s+|[“\"‘«(]\s*)[\"“‘«(]*$")
_QUOTE_MARKS = str.maketrans(dict.fromkeys("“”„«»\"‘’'`", None))
# Without "one", which is a pronoun as often as a number.
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty"
)
_LARGE = words(
    "thirty forty fifty sixty seventy eighty ninety hundred thousand million billion trillion dozen"
)
_NUMBER_WORDS = {word: str(value) for value, word in enumerate(_SMALL.split()) if value != 1}
_NUMBER_WORDS |= {word: word for word in sorted(_LARGE)}
# Words, besides stop words, that open template sentences: capitalised, but no names.
OPENERS = words(
    "access according amid asking attention care deeds deed general gives good jargon kind mild mission names "
    "newness news next praise prices protection puts responsibility rivals shows text told under urgency waiting "
    "words"
)


class Grounding:
    """The permitted content of one article: its text, and the facts of its source and publication."""

    def __init__(self, article: Article) -> None:
        source = article.source
        facts = [source.name, source.host, article.author, article.author_organization, article.url]
        published = article.published_at
        if published is not None:
            facts += [published.isoformat(), published.strftime("%A %B %d %Y"), str(published.day)]
        self._record = "\n".join([article.text, article.title, *(fact for fact in facts if fact)])

    @cached_property
    def _normalized_text(self) -> str:
        return _normalized(self._record)

    @cached_property
    def _known_numbers(self) -> frozenset[str]:
        return frozenset(_numbers(self._record))

    @cached_property
    def _known_words(self) -> frozenset[str]:
        return frozenset(map(_word, frozenset(_WORD.findall(self._record))))

    @cached_property
    def _known_folded(self) -> frozenset[str]:
        return frozenset(word.lower() for word in self._known_words)

    def ungrounded(self, sentence: str) -> list[str]:
        """The quotes, numbers and names of `sentence` that the article lacks; [] if it is grounded."""
        return [
            *(quote for quote in _quotes(sentence) if not self._has_quote(quote)),
            *(number for number in _numbers(sentence) if number not in self._known_numbers),
            *(name for name, opens in _names(sentence) if not self._has_name(name, opens)),
        ]

    def _has_name(self, name: str, opens: bool) -> bool:
        """Whether the record has the word; at an opening, any case and common words are accepted."""
        if name in self._known_words:
            return True
        folded = name.lower()
        return opens and (folded in self._known_folded or folded in STOP_WORDS or folded in OPENERS)

    def _has_quote(self, quote: str) -> bool:
        return all(_normalized(part) in self._normalized_text for part in _LEFT_OUT.split(quote))


def _normalized(text: str) -> str:
    return " ".join(text.translate(_QUOTE_MARKS).split())


def _word(word: str) -> str:
    word = word.strip("'’.-&")
    return _POSSESSIVE.sub("", word)


def _quotes(sentence: str) -> list[str]:
    """Passages between quotation marks; nested typographic ones count as one."""
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
    """Capitalised words, and whether each opens a sentence or a quotation."""
    found: list[tuple[str, bool]] = []
    for match in _WORD.finditer(sentence):
        word = _word(match.group())
        if any(c.isupper() for c in word):
            before = sentence[max(0, match.start() - 8) : match.start()]
            found.append((word, _OPENING.search(before) is not None))
    return found
