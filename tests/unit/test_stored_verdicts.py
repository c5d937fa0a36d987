"""Stored verdicts stay readable: a row has the fields of the version that wrote it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct

from schemas.assessments import Assessment
from schemas.verdicts import Verdict
from tests.kit.tables import each
from tests.kit.texts.filled import filled

# Required fields of each object in release 0.1.0. Never add any.
FIELDS: dict[str, list[str]] = json.loads(Path(__file__).with_name("stored_0_1_0.json").read_text())
STORED = (Assessment, Verdict)


def name_of(kind: type[Struct]) -> str:
    return f"{kind.__module__.rpartition('.')[2]}.{kind.__name__}"


def objects_in(kind: Any) -> Iterator[type[Struct]]:
    if isinstance(kind, type) and issubclass(kind, Struct):
        yield kind
        for field in msgspec.structs.fields(kind):
            yield from objects_in(field.type)
    else:
        for part in get_args(kind):
            yield from objects_in(part)


def as_it_was(value: Any) -> Any:
    """The object as JSON with the fields of the release only."""
    if isinstance(value, list):
        return [as_it_was(entry) for entry in value]
    if not isinstance(value, Struct):
        return msgspec.to_builtins(value)
    return {name: as_it_was(getattr(value, name)) for name in FIELDS[name_of(type(value))]}


class TestAStoredVerdict:
    @each("kind", STORED)
    def test_needs_no_field_that_came_later(self, kind: type[Struct]) -> None:
        later = {
            f"{name_of(part)}.{field.name}"
            for part in objects_in(kind)
            for field in msgspec.structs.fields(part)
            if field.required and field.name not in FIELDS.get(name_of(part), [field.name])
        }
        assert later == set(), "give it a default: rows of an earlier version are without it"

    @each("kind", STORED)
    def test_of_the_first_release_is_read(self, kind: type[Struct]) -> None:
        read = msgspec.json.decode(json.dumps(as_it_was(filled(kind))), type=kind)
        assert as_it_was(read) == as_it_was(filled(kind))

    def test_may_lack_what_came_before_the_release(self) -> None:
        read = msgspec.json.decode(json.dumps(as_it_was(filled(Assessment))), type=Assessment)
        assert read.ablations is None
        assert read.spin is not None
        assert read.spin.satire is False
