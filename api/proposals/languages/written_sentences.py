"""Checks sentences that a model wrote on a text that was not parsed, in the text's language or in English.

Quotes are exact, figures have a value of the text, names are of the text in any of their forms. Limits: a name of
one word at the start of a sentence passes; where nouns have capitals, so does every name of one word that is no
abbreviation. A number in words is one of a short list. The rest is as in `sentence_checks.py`.
"""

import re
from collections.abc import Sequence
from typing import Final

from api.analysis.text.article import Article
from api.analysis.text.document import Sentence
from api.proposals.drops import DropReason
from api.proposals.languages.codes import ENGLISH
from api.proposals.languages.figures import Figures, figures, without_figures
from api.proposals.languages.language import Language, language_named
from api.proposals.languages.quotation_marks import outside, quoted, unquoted
from api.proposals.numbered_text import one_line
from api.proposals.plain_writing import PlainWriting, addresses_machines, in_other_marks
from api.proposals.quotes import LEFT_OUT, QuoteFinder
from api.proposals.sentence_checks import FIRST, SentenceCheck

_PIECE: Final = re.compile(r"[^\W_]+")  # of a word
_WORD: Final = re.compile(r"[^\W\d_][\w'’&.-]*")
_IN_LETTERS: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ELIDED: Final = re.compile(r"^[^\W\d_]{1,7}['’](?=\w)")  # French and Italian: l', dell'
_JOINTS: Final = re.compile(r"[-/&.'’]+")
_BEFORE_OPENING: Final = " \"'“”„«»‹›‚‘’(¿¡"
_ENDS: Final = ".!?:;–—"
_PREFIX: Final = 3  # letters that all forms of a name share
_STEM: Final = 4  # the same where endings are long
_LONG_ENDINGS: Final = 4
_LOUD: Final = 2  # capitals in a word that is no noun
_SMALL: Final = "two three four five six seven eight nine ten eleven twelve"
_LARGE: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ENGLISH_NUMBERS: Final = {word: value for value, word in enumerate(_SMALL.split(), start=2)} | _LARGE
# Words for signs of the text.
_SIGNS: Final = {"€": ("euro", "euros"), "$": ("dollar", "dollars"), "%": ("prozent",), "£": ("pfund",)}


class WrittenSentences:
    """The check against one article in `language`; `prose` is the sentences' language. Both are codes."""

    def __init__(self, article: Article, language: str, prose: str) -> None:
        self.language = prose
        self._written = None if prose == ENGLISH else language_named(prose)
        self._facts = _facts(article)
        self._finder = QuoteFinder(article.text)
        self._writing = PlainWriting(article.text, [article.title, *self._facts])
        self._english = SentenceCheck(article)
        self._names = _Names(article, self._facts)
        self._of_text = language
        self._figures = Figures([article.text, article.title, *self._facts], language)
        self._text = article.text.lower()
        spelled = map(language_named(language).number, set(_IN_LETTERS.findall(article.text)))
        self._spelled = frozenset(value for value in spelled if value is not None)

    def fault(self, sentence: str, limit: int) -> DropReason | None:
        """Why a sentence of at most `limit` characters cannot be published; None if it can."""
        if sentence != one_line(sentence) or not any(map(str.isalpha, sentence)):
            return DropReason.MALFORMED
        if len(sentence) > limit:
            return DropReason.TOO_LONG
        if not self._writing.has(sentence):
            return DropReason.MALFORMED
        if addresses_machines(sentence):
            return DropReason.ADDRESSES_MODEL
        bare = unquoted(sentence)
        if self._has_other_figures(bare, self._figures) or not all(
            map(self._is_quote, [*quoted(sentence), *in_other_marks(sentence)])
        ):
            return DropReason.INVENTED
        if self._written is None:
            plain = one_line(
                outside(FIRST.sub(lambda first: first[0].lower(), sentence), self._without_numbers)
            )
            return self._english.fault(plain, limit)
        if self._english.has_address(sentence):
            return DropReason.CONTAINS_ADDRESS
        if self._written.addresses.search(bare):
            return DropReason.ADDRESSES_READER
        in_letters = (self._is_number(word, self._written) for word in _IN_LETTERS.findall(bare))
        return None if all(in_letters) and self._names.has_all(bare, self._written) else DropReason.INVENTED

    def has_numbers_beyond(self, text: str, sentences: Sequence[Sentence]) -> bool:
        """Whether a figure outside quotation marks is neither in these sentences nor in the record."""
        near = Figures([*(sentence.text for sentence in sentences), *self._facts], self._of_text)
        return self._has_other_figures(unquoted(text), near)

    def _has_other_figures(self, bare: str, known: Figures) -> bool:
        return not all(known.has(figure, self.language) for figure in figures(bare))

    def _is_quote(self, words: str) -> bool:
        parts = [part for part in LEFT_OUT.split(words) if part]
        return bool(parts) and all(self._finder.first(part) is not None for part in parts)

    def _is_number(self, word: str, language: Language) -> bool:
        """False for a number in words that the text has neither in words nor in figures."""
        value = language.number(word)
        return value is None or self._has_value(value) or word.lower() in self._text

    def _has_value(self, value: int) -> bool:
        return value in self._spelled or self._figures.has_value(str(value))

    def _without_numbers(self, words: str) -> str:
        """English words without the figures, and without the numbers in letters that the text has."""

        def known(word: re.Match[str]) -> str:
            value = _ENGLISH_NUMBERS.get(word[0].lower())
            return "" if value is not None and self._has_value(value) else word[0]

        return _IN_LETTERS.sub(known, without_figures(words))


class _Names:
    """The words of a text and its record, in which names are looked up by their stems."""

    def __init__(self, article: Article, facts: Sequence[str]) -> None:
        found = set(_PIECE.findall("\n".join([article.text, article.title, *facts]).lower()))
        found |= {word for sign, words in _SIGNS.items() if sign in article.text for word in words}
        self._words: dict[str, list[str]] = {}
        for word in sorted(found):
            self._words.setdefault(word[:_PREFIX], []).append(word)

    def has_all(self, bare: str, language: Language) -> bool:
        """Whether the text has all names of words outside quotation marks."""
        follows = -1  # where the name before ends, if it does not open a sentence
        for match in _WORD.finditer(bare):
            word = _ELIDED.sub("", match.group()).rstrip("'’.-&")
            parts = [part for part in _JOINTS.split(word) if any(map(str.isupper, part))]
            if not parts:
                continue
            opens = _opens(bare, match.start()) and word == match.group().rstrip("'’.-&")
            if opens or (language.nouns_have_capitals and match.start() != follows + 1):
                parts = [part for part in parts if sum(map(str.isupper, part)) >= _LOUD]
            if not all(self._has(part.lower(), language.endings) for part in parts):
                return False
            follows = -1 if opens else match.end()
        return True

    def _has(self, name: str, endings: int) -> bool:
        return any(_is_form(name, word, endings) for word in self._words.get(name[:_PREFIX], ()))


def _is_form(name: str, word: str, endings: int) -> bool:
    """Whether two words are forms of one name: they differ by an ending of so many letters."""
    shorter, longer = sorted((name, word), key=len)
    if longer.startswith(shorter):
        return longer == shorter or (len(shorter) >= _PREFIX and len(longer) - len(shorter) <= endings)
    if endings < _LONG_ENDINGS or name[:_STEM] != word[:_STEM]:
        return False
    shared = next(at for at, (a, b) in enumerate(zip(name, word, strict=False)) if a != b)
    return len(longer) - shared <= endings


def _opens(bare: str, start: int) -> bool:
    """Whether a sentence or clause begins at `start`."""
    before = bare[:start].rstrip(_BEFORE_OPENING)
    return not before or before[-1] in _ENDS


def _facts(article: Article) -> list[str]:
    """What the record says besides the text."""
    source, published = article.source, article.published_at
    facts = [source.name, source.host, article.author, article.author_organization, article.url]
    if published is not None:
        facts += [published.date().isoformat()]
    return [fact for fact in facts if fact]
