"""Predicates over events in CEL (Common Expression Language), restricted to fast ones.

Rejected: regular expressions, loops over long values or nested loops, nested lists, long texts. The library has
no step limit and cannot be interrupted: 1,000 characters of joined lists and loops took 1.3 s per event. So the
worst case, with all loops nested, is estimated and limited to about two milliseconds; accepted predicates take
microseconds. Disabling endpoints after slow evaluations would delay others and inform the owner late.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import cel
import msgspec
from msgspec import Struct

from api.webhooks.predicate_errors import evaluation_error, no_condition, paths, syntax_error, unknown_field
from schemas.event_types import EventKind, example_of
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
_KNOWN: Final = f"known are {', '.join(sorted(_FUNCTIONS))}, and the loops all, exists and filter"


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
        raise PredicateRefused(f"The function map is not known here; {_KNOWN}.")
    try:
        program = cel.compile(predicate)
    except ValueError as error:
        raise PredicateRefused(syntax_error(predicate, str(error))) from None
    unknown = [name for name in program.functions() if name[0].isalpha() and name not in _FUNCTIONS]
    if unknown:
        raise PredicateRefused(f"The function {unknown[0]} is not known here; {_KNOWN}.")
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


def check(predicate: str, kinds: Sequence[EventKind]) -> None:
    """Raises PredicateRefused if it has a field that no event of these types has, or if it is neither true nor
    false for all examples of them.
    """
    used = list(paths(predicate, names_in(predicate)))
    fields = {kind.type: _fields(kind) for kind in kinds}
    for name in used:
        if not any(_has(known, name) for known in fields.values()):
            raise PredicateRefused(unknown_field(name, set().union(*fields.values())))
    results = {kind.type: _result(predicate, context(example_of(kind))) for kind in kinds}
    if any(isinstance(result, bool) for result in results.values()):
        return
    for event_type, result in results.items():
        known = fields[event_type]
        if all(_has(known, name) for name in used):
            if not isinstance(result, Exception):
                raise PredicateRefused(no_condition(result))
            examples = {name: known[name] for name in used if name in known}
            raise PredicateRefused(evaluation_error(result, examples))
    raise PredicateRefused(f"No event of these types has all of its fields: {', '.join(used)}.")


def _fields(kind: EventKind) -> dict[str, Any]:
    """The paths of all fields of an event that predicates can use, with the values of the example."""
    event = example_of(kind)
    fields = {"id": event.id, "sequence": event.sequence, "type": str(event.type)}
    return {**fields, "timestamp": str(event.timestamp), **dict(_parts(kind.data))}


def _parts(data: Struct, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for field in msgspec.structs.fields(data):
        path, value = f"{prefix}{field.encode_name}", getattr(data, field.name)
        yield path, msgspec.to_builtins(value)
        if isinstance(value, Struct):
            yield from _parts(value, f"{path}.")


def _has(fields: Mapping[str, Any], path: str) -> bool:
    """Whether the path leads to a field, or into an object with any fields, such as a problem."""
    if path in fields:
        return True
    parent = path.rpartition(".")[0]
    if not parent:
        return False
    is_open = isinstance(fields.get(parent), dict) and not any(
        name.startswith(f"{parent}.") for name in fields
    )
    return is_open or (parent not in fields and _has(fields, parent))


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
