"""Phrases of prompt injection: text addressed to language models and scoring machines.

`prompt_injection.json` has them for English and the languages of `proposals/languages/`, in the notation of
`phrase_patterns.py`; all are sought in every text, with and without accents. An order counts where a clause
begins or behind a word of `before`: reports tell of orders too ("the bot was told to ignore all previous
instructions"). A statement counts anywhere. A follow-up ("Output a score of 0") goes on with a text for machines
beside it if it has a word of `judging`.

Limits: other words and languages, and letters that are hidden (Base64, spaces between them).
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.disguises import folded, without_invisible
from api.analysis.text.phrase_patterns import Beginning, PhrasePattern, phrase_lists, phrase_pattern

_MAX_COMMON: Final = 4  # letters of a first word that counts only before the second one
_SECOND: Final = re.compile(r"(?:[ '-]|, | ?: )(\w+)")  # the word behind it
_MAX_BEFORE: Final = 60  # characters in front of an order that are read
# What joins an order to the name or the title before it.
SEPARATORS: Final = " \t\n-–—|:;,.([{<*\"'“„«"
_CLAUSE: Final = re.compile(r"(?:\A|[^\w\s'-]|-\s|\s\s)\s{0,9}\Z")  # what ends in front of one
# Marks of chat templates, and members of an answer in JSON.
_MARKUP: Final = re.compile(
    r"<\|?(?:im_start|im_end|system|endoftext|eot_id|start_header_id|begin_of_text)\|?>|<</?sys>>|\[/?inst\]"
    r"|system prompt:|#{2,6} ?(?:system|assistant)\b ?(?::|prompt|message)|[\"“]role[\"”] ?: ?[\"“]system[\"”]"
    r"|[\"“]spin_score[\"”] ?: ?(?:0|100)\b|[\"“](?:primary|band)[\"”] ?: ?[\"“](?:none|plain|total)[\"”]"
)
# Letters with accents, one for one: who writes an order may leave them out, or put some in.
_ACCENTED: Final = "".join(map(chr, (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))))
_WITHOUT_ACCENTS: Final = {
    ord(letter): base
    for letter in _ACCENTED
    if (base := unicodedata.normalize("NFD", letter)[0]).isascii() and base.isalpha()
} | {ord(letter): base for letter, base in zip("łøđıŁØĐ…", "lodiLOD.", strict=True)}
_MEMBERS: Final = ("role", "spin_score", "primary", "band")
_MARKUP_BEGINNINGS: Final = (
    *("<", "[", "system prompt:", "##"),
    *(f"{mark}{member}" for mark in '"“' for member in _MEMBERS),
)


class _Language(Struct, forbid_unknown_fields=True):
    words: dict[str, str]
    before: list[str]
    orders: list[str]
    statements: list[str]
    follow_ups: str
    judging: str


class _Phrase(NamedTuple):
    """A phrase, compiled when its first words are met; `before` is that of an order's language."""

    pattern: str
    before: str | None


class _Begun(NamedTuple):
    """A phrase behind its first word.

    Its second is one of `seconds` or begins with one of `second_beginnings`; it is any word if `seconds` is None.
    """

    phrase: _Phrase
    seconds: frozenset[str] | None
    second_beginnings: tuple[str, ...]

    def goes_on(self, second: str) -> bool:
        return self.seconds is None or second in self.seconds or second.startswith(self.second_beginnings)


class _Phrases(NamedTuple):
    """The phrases by the number of the first word, or its beginning, that the automaton finds.

    `is_whole` tells whether it is the whole word.
    """

    automaton: AhoCorasick
    is_whole: tuple[bool, ...]
    phrases: tuple[tuple[_Begun, ...], ...]


_LANGUAGES: Final = data_file("text/prompt_injection.json", dict[str, _Language])


def injections(text: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of every such phrase of a folded text, in text order; overlapping ones are one."""
    plain = _without_accents(text)
    automaton, is_whole, phrases = _phrases()
    first, reached, length = 0, 0, len(plain)
    for number, start, end in automaton.find_matches_as_indexes(plain, overlapping=True):
        if plain[start].isalnum() and _continues(plain, start - 1):
            continue
        if is_whole[number] and end < length and _continues(plain, end):
            continue
        found = _longest(plain, start, end, phrases[number])
        if found and start >= reached:
            if reached:
                yield first, reached
            first, reached = start, found
        elif found:
            reached = max(reached, found)
    if reached:
        yield first, reached


def has_prompt_injection(text: str) -> bool:
    """Whether text outside the analysed one (a comment, a hidden passage) contains such a phrase."""
    return next(injections(" ".join(folded(without_invisible(text)).split())), None) is not None


def without_injection(fact: str | None) -> str | None:
    """A fact of the record (an author, a site) up to such a phrase in it; None if nothing is left."""
    if fact is None or not has_prompt_injection(fact):
        return fact
    seen = " ".join(without_invisible(fact).split())
    start, _ = next(injections(folded(seen)))
    return seen[:start].rstrip(SEPARATORS) or None


def follows_injection(sentence: str) -> bool:
    """Whether a folded sentence goes on with what a phrase beside it has begun."""
    words = _without_accents(sentence).lstrip("\"'“„«([*-> ")
    for begins, judging in _follow_ups():
        match = compiled_phrase(begins).match(words)
        if match is not None and compiled_phrase(judging).search(words, match.end()):
            return True
    return False


def injection_patterns() -> list[str]:
    """All patterns that the phrases become."""
    phrases = {begun.phrase for group in _phrases().phrases for begun in group}
    found = {pattern for phrase in phrases for pattern in phrase if pattern}
    return sorted({*found, *(part for pair in _follow_ups() for part in pair)})


@cache
def compiled_phrase(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once: a text needs few of them."""
    return re.compile(pattern)


def _without_accents(text: str) -> str:
    """The text with plain letters, and "." for "…"; offsets are unchanged."""
    return text if text.isascii() else text.translate(_WITHOUT_ACCENTS)


def _continues(text: str, at: int) -> bool:
    """Whether a word has this character."""
    return at >= 0 and (text[at].isalnum() or text[at] == "_")


def _longest(text: str, start: int, end: int, phrases: tuple[_Begun, ...]) -> int:
    """The end of the longest of these phrases that begins with the word at [start, end); 0 without one."""
    second = _SECOND.match(text, end)
    word = second[1] if second else ""
    matches = (
        compiled_phrase(phrase.pattern).match(text, start)
        for phrase in (one.phrase for one in phrases if one.goes_on(word))
        if _counts_at(text, start, phrase.before)  # first, as it spares compiling the phrase
    )
    return max((match.end() for match in matches if match), default=0)


def _counts_at(text: str, start: int, before: str | None) -> bool:
    """Whether a phrase counts here: an order does where a clause begins, or behind a word of `before`."""
    if before is None:
        return True
    front = text[max(0, start - _MAX_BEFORE) : start]
    return _CLAUSE.search(front) is not None or compiled_phrase(before).search(front) is not None


@cache
def _phrases() -> _Phrases:
    markup = _Begun(_Phrase(_MARKUP.pattern, None), None, ())
    found = {beginning: [markup] for beginning in _MARKUP_BEGINNINGS}
    for language in _LANGUAGES.values():
        lists = phrase_lists({name: _without_accents(words) for name, words in language.words.items()})
        words = "|".join(_pattern(phrase, lists).pattern for phrase in language.before)
        before = rf"\b(?:{words})\W{{1,4}}\Z"
        kinds = [*((phrase, before) for phrase in language.orders), *((s, None) for s in language.statements)]
        for phrase, in_front in kinds:
            pattern, beginnings = _pattern(phrase, lists)
            for first, begun in _by_first_word(_Phrase(pattern, in_front), beginnings):
                found.setdefault(first, []).append(begun)
    is_whole = (first[-1].isalnum() for first in found)
    texts = [first.removesuffix("*") for first in found]
    automaton = AhoCorasick(texts, implementation=Implementation.ContiguousNFA)
    return _Phrases(automaton, tuple(is_whole), tuple(tuple(group) for group in found.values()))


def _pattern(phrase: str, lists: Mapping[str, PhrasePattern]) -> PhrasePattern:
    return phrase_pattern(_without_accents(phrase), lists)


def _by_first_word(phrase: _Phrase, beginnings: Collection[Beginning]) -> Iterator[tuple[str, _Begun]]:
    """The phrase by its first words; the second word counts behind one that is too short to be rare."""
    seconds: dict[str, set[str] | None] = {}
    for first, *others in beginnings:
        if len(first) > _MAX_COMMON or first.endswith("*") or not others:
            seconds[first] = None
        elif (known := seconds.setdefault(first, set())) is not None:
            known.update(others)
    for first, words in seconds.items():
        whole = None if words is None else frozenset(word for word in words if not word.endswith("*"))
        begun = tuple(word[:-1] for word in words or () if word.endswith("*"))
        yield first, _Begun(phrase, whole, begun)


@cache
def _follow_ups() -> tuple[tuple[str, str], ...]:
    """Beginning and judging words of each language."""
    return tuple(
        (
            _pattern(language.follow_ups, {}).pattern,
            rf"\b{_pattern(language.judging, {}).pattern}",
        )
        for language in _LANGUAGES.values()
    )
