"""Predicates over events in CEL (Common Expression Language): checked when they are made, cheap when they run.

Everything that can make an evaluation long is refused: regular expressions, loops over long values or inside
each other, lists made of lists, and texts longer than a screen. The library counts no steps and cannot be
stopped: a thousand characters of joined lists and loops took it 1.3 s an event. So the longest path through the
text is estimated, as if every loop stood inside the others, and refused beyond some two milliseconds; accepted
predicates take some microseconds. Measuring endpoints and disabling slow ones was the alternative: their owner
would learn of it later, and others would have waited.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final

import cel
import msgspec

from schemas.events import Event

MAX_LENGTH: Final = 1_000
MAX_JOINS: Final = 30  # each copies what stands before it
MAX_WORK: Final = 60_000  # steps of loops, times the characters that may stand in them
_NAMES: Final = 20  # of an event's longest list
# Found in texts and comments too: a comment between a name and its parenthesis must not hide a loop.
_LOOP: Final = re.compile(r"\b(?:all|exists|exists_one|existsOne|filter)\s*(?:\(|//)")
_FILTER: Final = re.compile(r"\bfilter\s*(?:\(|//)")  # copies what it has at each step
_MAP: Final = re.compile(r"\bmap\s*(?:\(|//)")
_IN: Final = re.compile(r"\bin\b")
_FUNCTIONS: Final = {"size", "contains", "startsWith", "endsWith", "has", "string", "int", "double"}


class PredicateRefused(ValueError):
    """Says what is wrong with a predicate."""


@lru_cache(4_096)
def compiled(predicate: str) -> cel.Program:
    """Raises PredicateRefused for what is not CEL, or not allowed."""
    if len(predicate) > MAX_LENGTH:
        raise PredicateRefused(f"It is longer than {MAX_LENGTH} characters.")
    if predicate.count("+") > MAX_JOINS:
        raise PredicateRefused(f"It joins more than {MAX_JOINS} things.")
    if _most_work(predicate) > MAX_WORK:
        raise PredicateRefused("Its loops may take too long: make it shorter, or name things one by one.")
    if _MAP.search(predicate):
        raise PredicateRefused("The function map is not known here.")
    try:
        program = cel.compile(predicate)
    except ValueError as error:
        raise PredicateRefused(str(error).partition("\n")[0][:300]) from None
    unknown = [name for name in program.functions() if name[0].isalpha() and name not in _FUNCTIONS]
    if unknown:
        raise PredicateRefused(f"The function {unknown[0]} is not known here.")
    return program


def context(event: Event, names: Collection[str] | None = None) -> cel.Context:
    """What predicates see: the fields of `data`, and `id`, `sequence`, `type` and `timestamp` of the event.

    It costs far more than a predicate: made once an event for all of them, or with those `names` alone that one
    asks for.
    """
    named = {"id": event.id, "sequence": event.sequence, "type": event.type.value}
    seen = {**event.data, **named, "timestamp": event.timestamp}
    if names is not None:
        seen = {name: seen[name] for name in names if name in seen}
    values: Mapping[str, Any] = msgspec.to_builtins(seen)
    return cel.Context(variables=dict(values))


def names_in(predicate: str) -> frozenset[str]:
    """The fields that a predicate asks for. Raises PredicateRefused."""
    return frozenset(compiled(predicate).variables())


def matches(predicate: str, seen: cel.Context) -> bool:
    """Whether the predicate holds. A field that the event does not have, or that is null, makes it not hold.

    One that is no longer let in holds of nothing.
    """
    return _result(predicate, seen) is True


def check(predicate: str, examples: list[Event]) -> None:
    """Raises PredicateRefused unless the predicate is true or false of one of the examples at least."""
    compiled(predicate)
    results = [_result(predicate, context(event)) for event in examples]
    if any(isinstance(result, bool) for result in results):
        return
    reasons = [str(result) for result in results if isinstance(result, Exception)]
    raise PredicateRefused(reasons[0][:300] if reasons else "It is neither true nor false.")


def _most_work(predicate: str) -> int:
    """A bound: as if all loops were inside each other, each through the longest list that could be written."""
    loops = len(_LOOP.findall(predicate)) + len(_FILTER.findall(predicate))
    if not loops:
        return 0
    longest = _NAMES * (1 + predicate.count("+")) + predicate.count(",")
    return int(longest ** (loops + bool(_IN.search(predicate)))) * len(predicate)


def _result(predicate: str, seen: cel.Context) -> Any:
    try:
        return compiled(predicate).execute(seen)
    except (
        ArithmeticError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:  # those that CEL raises
        return error
