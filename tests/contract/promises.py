"""The promises of a contract as lines: an operation, a parameter or a key of a response, one bound each.

`python -m tests.contract.promises > tests/contract/released.txt` writes those of this version at each release.
A removed line, or a new demand, is a breaking change. OpenAPI comparison tools are Go programs or Python
packages of a single author; this module needs none.
"""

import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, Final

from api.app import openapi_document
from tests.kit.clients.responses import responses_of

# An input limit may be loosened or removed.
_BOUND: Final = re.compile(r"(.+) (at most|at least) (-?[\d.]+)")
_BOUNDS: Final = {
    "maximum": "at most", "maxLength": "at most", "maxItems": "at most",
    "minimum": "at least", "minLength": "at least", "minItems": "at least",
}  # fmt: skip
_SAID: Final = re.compile(
    " (?:at most|at least|must have|must match|needs a key|may be|is|has|takes|answers)(?: |$)"
)
# Older clients cannot know these, so they must not become required or appear later.
_DEMANDS: Final = (" must have ", " must match ", " needs a key", " may be ", " is ")


def breaks(before: Set[str], now: Set[str]) -> list[str]:
    """The changes that break clients of the old contract."""
    lost = [f"gone: {line}" for line in sorted(before - now) if not _is_loosened(line, now)]
    added = sorted(now - before)
    known = {_subject(line) for line in before} if added else set()
    asked = [
        f"new: {line}"
        for line in added
        if _subject(line) in known
        and (any(word in line for word in _DEMANDS) or _is_first_bound(line, before))
    ]
    return lost + asked


def promises(document: Mapping[str, Any]) -> set[str]:
    return set(_Reader(document).lines())


def _subject(line: str) -> str:
    """The type of a demand: `AnalysisSubmission` of `AnalysisSubmission must have url`."""
    return _SAID.split(line, 1)[0]


def _is_loosened(line: str, now: Set[str]) -> bool:
    """Whether a removed limit was widened or dropped."""
    bound = _BOUND.fullmatch(line)
    if bound is None:
        return " must have " in line or " must match " in line or " needs a key" in line
    return not any(_narrows(other, bound) for other in now)


def _is_first_bound(line: str, before: Set[str]) -> bool:
    """Whether a limit is new; a moved limit is reported by its removed line."""
    bound = _BOUND.fullmatch(line)
    return bound is not None and not any(other.startswith(f"{bound[1]} {bound[2]} ") for other in before)


def _narrows(other: str, bound: re.Match[str]) -> bool:
    found = _BOUND.fullmatch(other)
    if found is None or found[1] != bound[1] or found[2] != bound[2]:
        return False
    if bound[2] == "at most":
        return float(found[3]) < float(bound[3])
    return float(found[3]) > float(bound[3])


class _Reader:
    """Reads each component of a document once in each direction."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document
        self._read: set[tuple[str, bool]] = set()

    def lines(self) -> Iterator[str]:
        for path, methods in self._document["paths"].items():
            for method, operation in methods.items():
                yield from self._operation(f"{method.upper()} {path}", operation)

    def _operation(self, name: str, operation: Mapping[str, Any]) -> Iterator[str]:
        yield f"{name} has the id {operation['operationId']}"
        if operation["security"]:
            yield f"{name} needs a key"
        for parameter in operation.get("parameters", ()):
            place = f"{name} {parameter['in']} {parameter['name']}"
            yield f"{name} takes {parameter['in']} {parameter['name']}"
            if parameter.get("required"):
                yield f"{name} must have {parameter['in']} {parameter['name']}"
            yield from self._taken(place, parameter["schema"])
        body = operation.get("requestBody")
        for media in body["content"].values() if body else ():
            yield from self._taken(f"{name} body", media["schema"])
        for status, response in responses_of(self._document, operation).items():
            for media_type, media in response.get("content", {}).items():
                if int(status) < 400:
                    yield f"{name} answers {status} {media_type}"
                yield from self._served(f"{name} {status} {media_type}", media["schema"])

    def _taken(self, place: str, schema: Mapping[str, Any]) -> Iterator[str]:
        """Input must stay allowed."""
        if "$ref" in schema:
            yield f"{place} takes a {_name(schema)}"
            yield from self._component(schema, served=False)
            return
        for part in schema.get("anyOf", ()):
            yield from self._taken(place, part)
        for kind in _kinds(schema):
            yield f"{place} takes {kind}"
        for value in _values(schema):
            yield f"{place} takes {value!r}"
        for key, said in _BOUNDS.items():
            if key in schema:
                yield f"{place} {said} {schema[key]}"
        if "pattern" in schema:
            yield f"{place} must match {schema['pattern']}"
        if "items" in schema:
            yield from self._taken(f"{place}[]", schema["items"])
        for key, part in schema.get("properties", {}).items():
            yield f"{place} takes {key}"
            yield from self._taken(f"{place}.{key}", part)
        for key in schema.get("required", ()):
            yield f"{place} must have {key}"

    def _served(self, place: str, schema: Mapping[str, Any]) -> Iterator[str]:
        """Output: keys stay and get no new type. Enumerations may grow."""
        if "$ref" in schema:
            yield f"{place} is a {_name(schema)}"
            yield from self._component(schema, served=True)
            return
        for part in schema.get("anyOf", ()):
            yield from self._served(place, part)
        for kind in _kinds(schema):
            yield f"{place} may be {kind}"
        if "items" in schema:
            yield from self._served(f"{place}[]", schema["items"])
        for key, part in schema.get("properties", {}).items():
            yield f"{place} has {key}" + ("" if key in schema.get("required", ()) else " at times")
            yield from self._served(f"{place}.{key}", part)

    def _component(self, reference: Mapping[str, Any], *, served: bool) -> Iterator[str]:
        name = _name(reference)
        if (name, served) not in self._read:
            self._read.add((name, served))
            yield from (self._served if served else self._taken)(
                name, self._document["components"]["schemas"][name]
            )


def _name(reference: Mapping[str, Any]) -> str:
    return reference["$ref"].rpartition("/")[2]


def _kinds(schema: Mapping[str, Any]) -> list[str]:
    found = schema.get("type", [])
    return [found] if isinstance(found, str) else list(found)


def _values(schema: Mapping[str, Any]) -> list[Any]:
    return list(schema.get("enum", [schema["const"]] if "const" in schema else []))


if __name__ == "__main__":
    print(*sorted(promises(openapi_document())), sep="\n")
