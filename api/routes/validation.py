"""From msgspec's complaint to what a client is told: which part of the request, what is wrong, in one code."""

import re

from msgspec import ValidationError

from schemas.problems import FieldError

_AT = re.compile(r"(.*) - at `(key in )?\$(.*)`", re.DOTALL)
_STEP = re.compile(r"\.([^.\[\]]+)|\[(\d+)\]")
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


def body_error(error: ValidationError) -> FieldError:
    """For a body: `pointer` is a JSON Pointer in the form of a URI fragment (RFC 6901 section 6)."""
    message, path = _split(str(error))
    steps = [name or index for name, index in _STEP.findall(path)]
    steps += _NAMED.findall(message)
    pointer = "#" + "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)
    return FieldError(pointer=pointer, parameter=None, code=_code(message), detail=message)


def parameter_error(error: ValidationError) -> FieldError:
    """For a query, which has no depth: `parameter` is the name."""
    message, path = _split(str(error))
    named = _NAMED.findall(message) or [path.lstrip(".")]
    detail = message.replace("Object contains unknown field", "There is no parameter")
    return FieldError(pointer=None, parameter=named[0], code=_code(message), detail=detail)


def _split(message: str) -> tuple[str, str]:
    found = _AT.fullmatch(message)
    return (found[1], found[3]) if found else (message, "")


def _code(message: str) -> str:
    return next((code for shape, code in _CODES if shape.match(message)), "invalid")
