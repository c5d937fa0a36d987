"""Checks sentences that a model wrote on a text that was not parsed, in the text's language or in English.

Quotes are exact, also in languages that inflect them; figures have a value of the text, names are of the text in
any of their forms. Limits: a name of one word at the start of a sentence passes; where nouns have capitals, so
does every name of one word that is no abbreviation, and one of two words at the start. Numbers are those of
`numbers.py`. The rest is as in `sentence_checks.py`.
"""

import re
from collections.abc import Sequence
from typing import Final

from api.analysis.text.article import Article
from api.analysis.text.document import Sentence
from api.proposals.drops import DropReason
from api.proposals.languages.codes import ENGLISH
from api.proposals.languages.figures import without_figures
from api.proposals.languages.language import Language, language_named
from api.proposals.languages.name_forms import SHARED, is_form
from api.proposals.languages.numbers import Numbers
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
_LAST_WORD: Final = re.compile(r"(?<![^\W\d])([^\W\d]{1,12})\.\Z")
_MORE_THAN_A_PAIR: Final = 3
_LOUD: Final = 2  # capitals in a word that is no noun
_SMALL: Final = "two three four five six seven eight nine ten eleven twelve"
_LARGE: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ENGLISH_NUMBERS: Final = {word: value for value, word in enumerate(_SMALL.split(), start=2)} | _LARGE
# Words for signs and words of the text.
_SIGNS: Final = {
    "€": ("euro", "euros", "eur"),
    "euro": ("eur",),
    "korun": ("kč",),
    "$": ("dollar", "dollars"),
    "%": ("prozent",),
    "£": ("pfund",),
}


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
        self._title = article.title
        self._numbers = Numbers([article.text, article.title, *self._facts], language)

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
        if not self._numbers.has_figures(bare, self.language) or not all(
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
        has_all = self._numbers.has_words(bare, self.language) and self._names.has_all(bare, self._written)
        return None if has_all else DropReason.INVENTED

    def has_numbers_beyond(self, text: str, sentences: Sequence[Sentence]) -> bool:
        """Whether a number outside quotation marks is neither in these sentences nor in title and record.

        Of numbers in letters two is free: it counts pairs. In English all are, as in `sentence_checks.py`.
        """
        near = Numbers([*(sentence.text for sentence in sentences), *self._facts, self._title], self._of_text)
        bare = unquoted(text)
        if not near.has_figures(bare, self.language):
            return True
        return self._written is not None and not near.has_words(bare, self.language, least=_MORE_THAN_A_PAIR)

    def _is_quote(self, words: str) -> bool:
        parts = [part for part in LEFT_OUT.split(words) if part]
        return bool(parts) and all(self._finder.first(part) is not None for part in parts)

    def _without_numbers(self, words: str) -> str:
        """English words without the figures, and without the numbers in letters that the text has."""

        def known(word: re.Match[str]) -> str:
            value = _ENGLISH_NUMBERS.get(word[0].lower())
            return "" if value is not None and self._numbers.has_value(str(value)) else word[0]

        return _IN_LETTERS.sub(known, without_figures(words))


class _Names:
    """The words of a text and its record, in which names are looked up by their stems."""

    def __init__(self, article: Article, facts: Sequence[str]) -> None:
        found = set(_PIECE.findall("\n".join([article.text, article.title, *facts]).lower()))
        found |= {word for sign, words in _SIGNS.items() if sign in article.text for word in words}
        self._words: dict[str, list[str]] = {}
        for word in sorted(found):
            self._words.setdefault(word[:SHARED], []).append(word)

    def has_all(self, bare: str, language: Language) -> bool:
        """Whether the text has all names of words outside quotation marks."""
        follows = -1  # where the name before ends, if it does not open a sentence
        for match in _WORD.finditer(bare):
            word = _ELIDED.sub("", match.group()).rstrip("'’.-&")
            parts = [part for part in _JOINTS.split(word) if any(map(str.isupper, part))]
            if not parts or word.lower() in language.titles or _is_unit(bare, match):
                continue
            opens = _opens(bare, match.start(), language) and word == match.group().rstrip("'’.-&")
            if opens or (language.nouns_have_capitals and match.start() != follows + 1):
                parts = [part for part in parts if sum(map(str.isupper, part)) >= _LOUD]
            if not all(self._has(part.lower(), language.endings) for part in parts):
                return False
            is_last = opens or _is_amount(bare, match, language) or self._is_genitive(word.lower())
            follows = -1 if is_last else match.end()
        return True

    def _is_genitive(self, name: str) -> bool:
        """Whether a name has an ending that the text has not, as in "Peter Lunds Antwort": no name goes on."""
        words = self._words.get(name[:SHARED], ())
        return name.endswith("s") and name not in words and name[:-1] in words

    def _has(self, name: str, endings: int) -> bool:
        return any(is_form(name, word, endings) for word in self._words.get(name[:SHARED], ()))


def _is_unit(bare: str, match: re.Match[str]) -> bool:
    """Whether a word is one letter behind a figure, as in "1,1 M€"."""
    return len(match.group()) == 1 and bare[: match.start()].rstrip()[-1:].isdigit()


def _is_amount(bare: str, match: re.Match[str], language: Language) -> bool:
    """Whether a word is a unit or a number, as in "9.000 Quadratmeter Fläche": no name goes on behind it."""
    before = bare[: match.start()].rstrip()
    return before[-1:].isdigit() or language.number((match.group(),)) is not None


def _opens(bare: str, start: int, language: Language) -> bool:
    """Whether a sentence or clause begins at `start`. None does behind a title or an initial."""
    before = bare[:start].rstrip(_BEFORE_OPENING)
    last = _LAST_WORD.search(before)
    if last is not None and (
        len(last[1]) == 1 or last[1].lower() in language.abbreviations or last[1].lower() in language.titles
    ):
        return False
    return not before or before[-1] in _ENDS


def _facts(article: Article) -> list[str]:
    """What the record says besides the text."""
    source, published = article.source, article.published_at
    facts = [source.name, source.host, article.author, article.author_organization, article.url]
    if published is not None:
        facts += [str(published.year)]  # day and month would be numbers of anything
    return [fact for fact in facts if fact]
