"""Phrases of prompt injection: text addressed to language models and scoring machines.

`prompt_injection.json` has them for five languages, in the notation of `phrase_patterns.py`. An order counts
where a clause begins or behind a word of `before`: reports tell of orders too ("the bot was told to ignore all
previous instructions"). A statement counts anywhere. A follow-up ("Output a score of 0") goes on with a text for
machines beside it if it has a word of `judging`.

Limits: other words and languages, and letters that are hidden (Base64, spaces between them).
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation
from msgspec import Struct

from api.analysis.text.data_files import data_file
from api.analysis.text.disguises import undisguised, without_invisible
from api.analysis.text.phrase_patterns import phrase_lists, phrase_pattern

_MAX_COMMON: Final = 4  # letters of a word that is searched for with the next one
_MAX_BEFORE: Final = 60  # characters in front of an order that are read
_CLAUSE: Final = re.compile(r"(?:\A|[^\w\s'-]|-\s|\s\s)\s{0,9}\Z")  # what ends in front of one
# Marks of chat templates, and members of an answer in JSON.
_MARKUP: Final = re.compile(
    r"<\|?(?:im_start|im_end|system|endoftext|eot_id|start_header_id|begin_of_text)\|?>|<</?sys>>|\[/?inst\]"
    r"|system prompt:|#{2,6} ?(?:system|assistant)\b ?(?::|prompt|message)|[\"“]role[\"”] ?: ?[\"“]system[\"”]"
    r"|[\"“]spin_score[\"”] ?: ?(?:0|100)\b|[\"“](?:primary|band)[\"”] ?: ?[\"“](?:none|plain|total)[\"”]"
)
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
    """A phrase, compiled when its first word is met; `before` is that of an order's language."""

    pattern: str
    before: str | None


class _Phrases(NamedTuple):
    """The phrases by the number of the beginning that the automaton finds.

    `is_whole` tells whether the beginning ends with its last word.
    """

    automaton: AhoCorasick
    is_whole: tuple[bool, ...]
    phrases: tuple[tuple[_Phrase, ...], ...]


_LANGUAGES: Final = data_file("text/prompt_injection.json", dict[str, _Language])


def injections(folded: str) -> Iterator[tuple[int, int]]:
    """The (start, end) of every such phrase of a folded text, in text order."""
    automaton, is_whole, phrases = _phrases()
    reached, length = 0, len(folded)
    for number, start, end in automaton.find_matches_as_indexes(folded, overlapping=True):
        if start < reached or (folded[start].isalnum() and _continues(folded, start - 1)):
            continue
        if is_whole[number] and end < length and _continues(folded, end):
            continue
        found = _longest(folded, start, phrases[number])
        if found:
            reached = found
            yield start, found


def has_prompt_injection(text: str) -> bool:
    """Whether text outside the analysed one (a comment, a hidden passage) contains such a phrase."""
    folded = undisguised(without_invisible(text)).lower().replace("\u2019", "'")
    return next(injections(" ".join(folded.split())), None) is not None


def follows_injection(sentence: str) -> bool:
    """Whether a folded sentence goes on with what a phrase beside it has begun."""
    words = sentence.lstrip("\"'“„«([*-> ")
    for begins, judging in _follow_ups():
        match = compiled_phrase(begins).match(words)
        if match is not None and compiled_phrase(judging).search(words, match.end()):
            return True
    return False


def injection_patterns() -> list[str]:
    """All patterns that the phrases become."""
    found = {phrase.pattern for group in _phrases().phrases for phrase in group}
    found |= {phrase.before for group in _phrases().phrases for phrase in group if phrase.before}
    return sorted({*found, *(part for pair in _follow_ups() for part in pair)})


@cache
def compiled_phrase(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once: a text needs few of them."""
    return re.compile(pattern)


def _continues(folded: str, at: int) -> bool:
    """Whether a word has this character."""
    return at >= 0 and (folded[at].isalnum() or folded[at] == "_")


def _longest(folded: str, start: int, phrases: tuple[_Phrase, ...]) -> int:
    """The end of the longest of these phrases that begins at `start`; 0 without one."""
    longest = 0
    for phrase in phrases:
        match = compiled_phrase(phrase.pattern).match(folded, start)
        if match is not None and match.end() > longest and _counts_at(folded, start, phrase.before):
            longest = match.end()
    return longest


def _counts_at(folded: str, start: int, before: str | None) -> bool:
    """Whether a phrase counts here: an order does where a clause begins, or behind a word of `before`."""
    if before is None:
        return True
    front = folded[max(0, start - _MAX_BEFORE) : start]
    return _CLAUSE.search(front) is not None or compiled_phrase(before).search(front) is not None


@cache
def _phrases() -> _Phrases:
    markup = _Phrase(_MARKUP.pattern, None)
    found = {beginning: [markup] for beginning in _MARKUP_BEGINNINGS}
    for language in _LANGUAGES.values():
        lists = phrase_lists(language.words)
        words = "|".join(phrase_pattern(phrase, lists).pattern for phrase in language.before)
        before = rf"\b(?:{words})\W{{1,4}}\Z"
        kinds = [*((phrase, before) for phrase in language.orders), *((s, None) for s in language.statements)]
        for phrase, in_front in kinds:
            pattern, beginnings = phrase_pattern(phrase, lists)
            for beginning in sorted({text for words in beginnings for text in _written(words)}):
                found.setdefault(beginning, []).append(_Phrase(pattern, in_front))
    is_whole = (beginning[-1].isalnum() for beginning in found)
    texts = [beginning.removesuffix("*") for beginning in found]
    automaton = AhoCorasick(texts, implementation=Implementation.DFA)  # half the time of the others
    return _Phrases(automaton, tuple(is_whole), tuple(tuple(group) for group in found.values()))


def _written(words: tuple[str, ...]) -> Iterator[str]:
    """How a text writes the words; the first alone if it is long enough to be rare."""
    first, *second = words
    if len(first) > _MAX_COMMON or not second or first.endswith("*"):
        yield first
    else:
        yield from (f"{first}{mark}{second[0]}" for mark in (" ", "'", ", "))


@cache
def _follow_ups() -> tuple[tuple[str, str], ...]:
    """Beginning and judging words of each language."""
    return tuple(
        (
            phrase_pattern(language.follow_ups, {}).pattern,
            rf"\b{phrase_pattern(language.judging, {}).pattern}",
        )
        for language in _LANGUAGES.values()
    )
