"""Converts msgspec's validation errors to `FieldError`: place, code, and expected value."""

import re
from typing import Final

from msgspec import Struct, ValidationError

from api.routes.http.request.type_descriptions import expected_at, fields_at
from schemas.problems import FieldError

_PLACE = re.compile(r"(`key` in )?`\$(.*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+|\.\.\.)\]")
_GOT = re.compile(r"got `(\w+)`|Invalid enum value (.*)", re.DOTALL)
_JSON: Final = {
    "array": "a list",
    "bool": "true or false",
    "float": "a number with a fraction",
    "int": "a whole number",
    "null": "null",
    "object": "an object",
    "str": "a string",
}
_NAMED = re.compile(r"Object (?:contains unknown|missing required) field `(.*)`", re.DOTALL)

# Error codes by msgspec's message; the first match applies.
_CODES = (
    (re.compile(r"Object contains unknown field"), "unknown"),
    (re.compile(r"Object missing required field"), "missing"),
    (re.compile(r"Expected `(?:str|array|object)` of length >="), "too_short"),
    (re.compile(r"Expected `(?:str|array|object)` of length <="), "too_long"),
    (re.compile(r"Expected `\w+` (?:>|>=) "), "too_small"),
    (re.compile(r"Expected `\w+` (?:<|<=) "), "too_large"),
    (re.compile(r".*out of range"), "out_of_range"),
    (re.compile(r"Invalid enum value"), "not_allowed"),
    (re.compile(r"Expected `str` matching regex"), "malformed"),
    (re.compile(r"Invalid |Expected `datetime`"), "malformed"),
    (re.compile(r"Expected "), "wrong_type"),
)


def body_error(error: ValidationError, body: type[Struct]) -> FieldError:
    """For a request body: `pointer` is a JSON Pointer as a URI fragment (RFC 6901 section 6)."""
    message, steps, of_key = _split(str(error))
    named = [step for step in steps if step != "..."] + _NAMED.findall(message)
    pointer = "#" + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in named)
    detail = message if of_key else _detail(message, steps, body, "field")
    return FieldError(pointer=pointer, parameter=None, code=_code(message), detail=detail)


def parameter_error(error: ValidationError, query: type[Struct]) -> FieldError:
    """For a query: `parameter` is the name."""
    message, steps, _ = _split(str(error))
    # all parameters are text
    detail = _detail(message, steps, query, "parameter").removesuffix(", got a string")
    named = _NAMED.findall(message) or steps or [""]
    return FieldError(pointer=None, parameter=named[0], code=_code(message), detail=detail)


def _split(text: str) -> tuple[str, list[str], bool]:
    """The message, the steps to its place, and whether it is about a key there."""
    message, _, place = text.rpartition(" - at ")
    found = _PLACE.fullmatch(place)
    if found is None:
        return text, [], False
    return message, [name or index for name, index in _STEP.findall(found[2])], found[1] is not None


def _detail(message: str, steps: list[str], root: type[Struct], noun: str) -> str:
    """The message in JSON terms with the allowed values; unchanged if the place is unknown."""
    if named := _NAMED.findall(message):
        if message.startswith("Object missing"):
            return f"Missing {noun} `{named[0]}`"
        names = fields_at(root, steps)
        return f"Unknown {noun} `{named[0]}`; expected one of {', '.join(names)}" if names else message
    expected = expected_at(root, steps)
    if expected is None:
        return message
    got = _GOT.search(message)
    if got is None:
        return f"Expected {expected}"
    return f"Expected {expected}, got {_JSON.get(got[1], got[1]) if got[1] else got[2]}"


def _code(message: str) -> str:
    return next((code for shape, code in _CODES if shape.match(message)), "invalid")
