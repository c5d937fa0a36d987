"""Texts that make a pattern slow: repetitions of its parts, alone and in pairs."""

import re
from collections.abc import Iterator
from itertools import permutations
from re import _constants as constants  # type: ignore[attr-defined]  # typeshed leaves it out
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

MAX_ATOMS = 6
MANY = 9  # a part that may repeat more often than this counts as repeated
# one character of each category in a class
_OF_CATEGORY = {
    constants.CATEGORY_DIGIT: "0",
    constants.CATEGORY_NOT_DIGIT: "a",
    constants.CATEGORY_SPACE: " ",
    constants.CATEGORY_NOT_SPACE: "a",
    constants.CATEGORY_WORD: "a",
    constants.CATEGORY_NOT_WORD: "-",
}


def hostile_texts(pattern: re.Pattern[Any], length: int) -> Iterator[str]:
    """Texts of `length` characters; each ends with an unlikely character."""
    text = pattern.pattern
    atoms = _atoms(text if isinstance(text, str) else text.decode("latin-1"), pattern.flags)
    pairs = list(permutations(atoms, 2))
    for first, repeated in (
        [("", atom) for atom in atoms] + [("", first + second) for first, second in pairs] + pairs
    ):
        yield (first + repeated * (length // len(repeated) + 1))[: length - 1] + "\x00"


def _atoms(text: str, flags: int) -> list[str]:
    """Literal runs of a pattern and a character of each class, at most MAX_ATOMS, repeated ones first."""
    found = sorted(
        _parts(parser.parse(text, flags & ~re.LOCALE), repeated=False), key=lambda part: not part[0]
    )
    return list(dict.fromkeys(atom for _, atom in found))[:MAX_ATOMS] or ["a"]


def _parts(parsed: Any, *, repeated: bool) -> Iterator[tuple[bool, str]]:
    """(within a repeat, atom) in the order of the pattern."""
    run = ""
    for operation, argument in [*parsed, (None, None)]:
        if operation is constants.LITERAL:
            run += chr(argument)
            continue
        if run:
            yield repeated, run
            run = ""
        if operation is constants.IN:
            yield repeated, _of_class(argument)
        elif operation in (constants.ANY, constants.NOT_LITERAL):
            yield repeated, "a" if operation is constants.ANY or chr(argument) != "a" else "b"
        elif operation is constants.BRANCH:
            for branch in argument[1]:
                yield from _parts(branch, repeated=repeated)
        elif operation in (constants.MAX_REPEAT, constants.MIN_REPEAT, constants.POSSESSIVE_REPEAT):
            yield from _parts(argument[2], repeated=repeated or argument[1] > MANY)
        elif operation is constants.SUBPATTERN:
            yield from _parts(argument[3], repeated=repeated)
        elif operation is constants.ATOMIC_GROUP:
            yield from _parts(argument, repeated=repeated)
        elif operation in (constants.ASSERT, constants.ASSERT_NOT):
            yield from _parts(argument[1], repeated=repeated)


def _of_class(members: Any) -> str:
    if members[0][0] is constants.NEGATE:
        shut = {chr(argument) for operation, argument in members if operation is constants.LITERAL}
        return next(character for character in "a 0-\u201c" if character not in shut)
    operation, argument = members[0]
    if operation is constants.CATEGORY:
        return _OF_CATEGORY[argument]
    return chr(argument[0] if operation is constants.RANGE else argument)
