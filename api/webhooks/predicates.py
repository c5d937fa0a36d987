"""Predicates over events in CEL (Common Expression Language), restricted to fast ones.

Rejected: regular expressions, loops over long values or nested loops, nested lists, long texts. The library has
no step limit and cannot be interrupted: 1,000 characters of joined lists and loops took 1.3 s per event. So the
worst case, with all loops nested, is estimated and limited to about two milliseconds; accepted predicates take
microseconds. Disabling endpoints after slow evaluations would delay others and inform the owner late.
"""

import re
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any, Final

import cel
import msgspec

from schemas.events import Event

MAX_LENGTH: Final = 1_000
MAX_JOINS: Final = 30  # each copies its left operand
MAX_WORK: Final = 60_000  # loop steps times characters of the predicate
_NAMES: Final = 20  # length of an event's longest list
# Also matches in texts and comments, as a comment between a name and its parenthesis must not hide a loop.
_LOOP: Final = re.compile(r"\b(?:all|exists|exists_one|existsOne|filter)\s*(?:\(|//)")
_FILTER: Final = re.compile(r"\bfilter\s*(?:\(|//)")  # copies its result at each step
_MAP: Final = re.compile(r"\bmap\s*(?:\(|//)")
_IN: Final = re.compile(r"\bin\b")
_FUNCTIONS: Final = {"size", "contains", "startsWith", "endsWith", "has", "string", "int", "double"}


class PredicateRefused(ValueError):
    """A predicate is invalid; the message has the reason."""


@lru_cache(4_096)
def compiled(predicate: str) -> cel.Program:
    """Raises PredicateRefused if it is not CEL or not allowed."""
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
    """The variables of predicates: the fields of `data`, and the event's `id`, `sequence`, `type` and
    `timestamp`.

    Building it costs far more than a predicate: build it once per event, or only with the needed `names`.
    """
    named = {"id": event.id, "sequence": event.sequence, "type": event.type.value}
    fields = {**event.data, **named, "timestamp": event.timestamp}
    if names is not None:
        fields = {name: fields[name] for name in names if name in fields}
    values: Mapping[str, Any] = msgspec.to_builtins(fields)
    return cel.Context(variables=dict(values))


def names_in(predicate: str) -> frozenset[str]:
    """The variables of a predicate. Raises PredicateRefused."""
    return frozenset(compiled(predicate).variables())


def matches(predicate: str, seen: cel.Context) -> bool:
    """Whether the predicate is true. It is false if a field is missing or null, or if the predicate is no
    longer allowed.
    """
    return _result(predicate, seen) is True


def check(predicate: str, examples: list[Event]) -> None:
    """Raises PredicateRefused if the predicate is neither true nor false for all examples."""
    compiled(predicate)
    results = [_result(predicate, context(event)) for event in examples]
    if any(isinstance(result, bool) for result in results):
        return
    reasons = [str(result) for result in results if isinstance(result, Exception)]
    raise PredicateRefused(reasons[0][:300] if reasons else "It is neither true nor false.")


def _most_work(predicate: str) -> int:
    """An upper bound: as if all loops were nested, each over the longest possible list."""
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
    ) as error:  # CEL's errors
        return error
