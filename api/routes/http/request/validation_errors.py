"""From msgspec's complaint to what a client is told: which part of the request, what it may hold, in one code."""

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
    "str": "a text",
}
_NAMED = re.compile(r"Object (?:contains unknown|missing required) field `(.*)`", re.DOTALL)

# How a message begins, and the code that stands for it; the first that fits.
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
    """For a body of that type: `pointer` is a JSON Pointer as a URI fragment (RFC 6901 section 6)."""
    message, steps, of_key = _parted(str(error))
    named = [step for step in steps if step != "..."] + _NAMED.findall(message)
    pointer = "#" + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in named)
    detail = message if of_key else _detail(message, steps, body, "field")
    return FieldError(pointer=pointer, parameter=None, code=_code(message), detail=detail)


def parameter_error(error: ValidationError, query: type[Struct]) -> FieldError:
    """For a query of that type, which has no depth: `parameter` is the name."""
    message, steps, _ = _parted(str(error))
    # that a parameter is text says nothing: all are
    detail = _detail(message, steps, query, "parameter").removesuffix(", got a text")
    named = _NAMED.findall(message) or steps or [""]
    return FieldError(pointer=None, parameter=named[0], code=_code(message), detail=detail)


def _parted(text: str) -> tuple[str, list[str], bool]:
    """The complaint, the steps to its place, and whether it is about a key there."""
    message, _, place = text.rpartition(" - at ")
    found = _PLACE.fullmatch(place)
    if found is None:
        return text, [], False
    return message, [name or index for name, index in _STEP.findall(found[2])], found[1] is not None


def _detail(message: str, steps: list[str], root: type[Struct], noun: str) -> str:
    """The complaint in words of JSON, with what is allowed; as it came where its place cannot be told."""
    if named := _NAMED.findall(message):
        if message.startswith("Object missing"):
            return f"The {noun} `{named[0]}` is missing"
        names = fields_at(root, steps)
        return f"There is no {noun} `{named[0]}`; there are {', '.join(names)}" if names else message
    expected = expected_at(root, steps)
    if expected is None:
        return message
    got = _GOT.search(message)
    if got is None:
        return f"Expected {expected}"
    return f"Expected {expected}, got {_JSON.get(got[1], got[1]) if got[1] else got[2]}"


def _code(message: str) -> str:
    return next((code for shape, code in _CODES if shape.match(message)), "invalid")
