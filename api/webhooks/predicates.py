"""Predicates over events in CEL (Common Expression Language): checked when they are made, cheap when they run.

Everything that can make an evaluation long is refused: regular expressions, more than two loops over lists, and
texts longer than a screen. What is left takes some microseconds.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

import cel
import msgspec

from schemas.events import Event

MAX_LENGTH: Final = 1_000
MAX_LOOPS: Final = 2  # over lists of at most twenty names
_LOOP: Final = re.compile(r"\.\s*(?:all|exists|exists_one|existsOne|map|filter)\s*\(")
_FUNCTIONS: Final = {"size", "contains", "startsWith", "endsWith", "has", "string", "int", "double"}


class PredicateRefused(ValueError):
    """Says what is wrong with a predicate."""


@lru_cache(4_096)
def compiled(predicate: str) -> cel.Program:
    """Raises PredicateRefused for what is not CEL, or not allowed."""
    if len(predicate) > MAX_LENGTH:
        raise PredicateRefused(f"It is longer than {MAX_LENGTH} characters.")
    if len(_LOOP.findall(predicate)) > MAX_LOOPS:
        raise PredicateRefused(f"It loops over lists more than {MAX_LOOPS} times.")
    try:
        program = cel.compile(predicate)
    except ValueError as error:
        raise PredicateRefused(str(error).partition("\n")[0][:300]) from None
    unknown = [name for name in program.functions() if name[0].isalpha() and name not in _FUNCTIONS]
    if unknown:
        raise PredicateRefused(f"The function {unknown[0]} is not known here.")
    return program


def context(event: Event) -> cel.Context:
    """What predicates see: the fields of `data`, and `id`, `sequence`, `type` and `timestamp` of the event.

    Made once an event, since it costs far more than a predicate.
    """
    named = {"id": event.id, "sequence": event.sequence, "type": event.type.value}
    values: Mapping[str, Any] = msgspec.to_builtins({**event.data, **named, "timestamp": event.timestamp})
    return cel.Context(variables=dict(values))


def matches(predicate: str, seen: cel.Context) -> bool:
    """Whether the predicate holds. A field that the event does not have, or that is null, makes it not hold."""
    return _result(compiled(predicate), seen) is True


def check(predicate: str, examples: list[Event]) -> None:
    """Raises PredicateRefused unless the predicate is true or false of one of the examples at least."""
    program = compiled(predicate)
    results = [_result(program, context(event)) for event in examples]
    if any(isinstance(result, bool) for result in results):
        return
    reasons = [str(result) for result in results if isinstance(result, Exception)]
    raise PredicateRefused(reasons[0][:300] if reasons else "It is neither true nor false.")


def _result(program: cel.Program, seen: cel.Context) -> Any:
    try:
        return program.execute(seen)
    except (
        ArithmeticError,
        LookupError,
        RuntimeError,
        TypeError,
        ValueError,
    ) as error:  # those that CEL raises
        return error
