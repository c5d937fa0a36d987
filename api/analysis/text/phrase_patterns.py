"""Reads phrases of words as regular expressions.

Between two words stand any marks but those that end a sentence; the text has "." for "…", as a pattern with a
sign of so high a number takes twice as long to compile. `(a|b c)` is a choice, `<name>` one of the list of that
name, `x*` a word that begins so, `x?` may be missing, `x?3` comes at most three times, `..4` stands for at most
four words, `!x` must not follow, `x : y` are parted by a colon, semicolon or bracket. Every repetition is
bounded, so the pattern is linear.
"""

import re
from collections.abc import Mapping
from typing import Final, NamedTuple, TypeAlias

_BETWEEN: Final = r"[^\w.!?]{1,8}+"
_PARTED: Final = r"(?=[^\w.!?]{0,7}[:;>|\]])"  # as behind a name that is called
_WORD: Final = r"\w{1,30}+"
_TOKEN: Final = re.compile(r"\.\.\d+|\?\d?|[()|!]|[^\s()|?!]+")
Beginning: TypeAlias = tuple[str, ...]
_WORDS_OF_BEGINNING: Final = 2
_ANY: Final = ""  # stands for any word in a beginning
_NONE: Final = frozenset[Beginning]({()})  # the beginnings of nothing


class PhrasePattern(NamedTuple):
    """A pattern for `match`, and its beginnings: the first two words, or one if any word may follow."""

    pattern: str
    beginnings: frozenset[Beginning]


def phrase_lists(words: Mapping[str, str]) -> dict[str, PhrasePattern]:
    """The lists by name; each may use those before it."""
    lists: dict[str, PhrasePattern] = {}
    for name, phrase in words.items():
        lists[name] = _read(phrase, lists)
    return lists


def phrase_pattern(phrase: str, lists: Mapping[str, PhrasePattern]) -> PhrasePattern:
    """The pattern of a phrase in lower case.

    Raises ValueError if it has no word that is never missing, and KeyError for a name without a list.
    """
    pattern, beginnings = _read(phrase, lists)
    return PhrasePattern(pattern, frozenset(tuple(filter(None, words)) for words in beginnings))


def _read(phrase: str, lists: Mapping[str, PhrasePattern]) -> PhrasePattern:
    tokens = [*_TOKEN.findall(phrase), ")"]
    found = _choice(tokens, lists)
    if tokens:
        raise ValueError(f"a bracket too many: {phrase}")
    return found


def _choice(tokens: list[str], lists: Mapping[str, PhrasePattern]) -> PhrasePattern:
    """The sequences up to a closing bracket; takes them from `tokens`."""
    found = [_sequence(tokens, lists)]
    while tokens.pop(0) == "|":
        found.append(_sequence(tokens, lists))
    pattern = f"(?:{'|'.join(part.pattern for part in found)})"
    return PhrasePattern(pattern, frozenset().union(*(part.beginnings for part in found)))


def _sequence(tokens: list[str], lists: Mapping[str, PhrasePattern]) -> PhrasePattern:
    pattern, begun = "", False
    beginnings = _NONE
    while tokens[0] not in ("|", ")"):
        kind = tokens.pop(0)
        if kind.startswith("..") and begun:
            pattern += f"(?:{_BETWEEN}{_WORD}){{0,{int(kind[2:])}}}"
            beginnings = _joined(beginnings, frozenset({(_ANY,)}))
            continue
        if kind == ":" and begun:
            pattern += _PARTED
            continue
        if kind == "!" and begun:
            pattern += f"(?!{_BETWEEN}{_part(tokens.pop(0), tokens, lists).pattern})"
            continue
        part = _part(kind, tokens, lists)
        if not tokens[0].startswith("?"):
            pattern += f"{_BETWEEN if begun else ''}{part.pattern}"
            beginnings, begun = _joined(beginnings, part.beginnings), True
            continue
        most = int(tokens.pop(0)[1:] or 1)
        once = f"{_BETWEEN}{part.pattern}" if begun else f"{part.pattern}{_BETWEEN}"
        pattern += f"(?:{once}){{0,{most}}}"
        for _ in range(most):
            beginnings |= _joined(beginnings, part.beginnings)
    if not begun:
        raise ValueError("a phrase without a word")
    return PhrasePattern(pattern, beginnings)


def _part(kind: str, tokens: list[str], lists: Mapping[str, PhrasePattern]) -> PhrasePattern:
    """The choice that this bracket opens, the list, or the word."""
    if kind == "(":
        return _choice(tokens, lists)
    if kind.startswith("<"):
        return lists[kind[1:-1]]
    if kind.startswith(("..", "!", "?", ":")):
        raise ValueError(f"a phrase begins with a word, not with {kind}")
    word = re.escape(kind.removesuffix("*"))
    return PhrasePattern(rf"{word}\w{{0,20}}+" if kind.endswith("*") else rf"{word}\b", frozenset({(kind,)}))


def _joined(beginnings: frozenset[Beginning], others: frozenset[Beginning]) -> frozenset[Beginning]:
    """The first two words of each of `beginnings` with one of `others`."""
    if beginnings == _NONE:
        return others
    short = [one for one in beginnings if len(one) < _WORDS_OF_BEGINNING]
    if not short:
        return beginnings
    longer = {(*one, *other)[:_WORDS_OF_BEGINNING] for one in short for other in others}
    return beginnings.difference(short) | longer
